import type {
  CancellationToken,
  Connection,
  InitializeParams,
  ResponseError,
} from 'vscode-languageserver/node';
import { LSPErrorCodes, ResponseError as Rejection } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { mostSourceBytes } from '../../grammar/limits.ts';
import { fileError, type FileError } from '../base/file-error.ts';
import { readText } from '../base/read-file.ts';
import { parsedUri, sameUri } from '../base/uris.ts';
import { Project } from '../language/project.ts';
import type { FileAnalysis, Unreadable } from '../language/analysis.ts';
import type { Module } from '../language/names/meaning.ts';
import { Scheduler } from '../score/scheduler.ts';
import { Documentation } from './features/diagnostics/documentation.ts';
import { Documents } from '../workspace/documents.ts';
import { LateDiagnostics } from './features/diagnostics/late-diagnostics.ts';
import { InsightBoard } from '../scoring/insight-board.ts';
import { ScoreBoard } from '../scoring/score-board.ts';
import { ScoreThread } from '../scoring/score-thread.ts';
import { Settling } from '../scoring/settling.ts';
import { readSettings } from '../protocol/settings.ts';
import { ServerWatch } from './server-watch.ts';
import { SettingsStore } from './settings-store.ts';
import { UnreadableFiles } from './unreadable-files.ts';
import { WorkspaceFiles } from '../workspace/workspace-files.ts';

/** An open document and what is known of it. */
export interface Opened {
  readonly document: TextDocument;
  readonly analysis: FileAnalysis;
}

/** What the features of one server share. */
export class Session {
  readonly connection: Connection;
  readonly documents = new Documents();
  readonly watch = new ServerWatch();
  readonly documentation = new Documentation();
  readonly project: Project;
  readonly settings: SettingsStore;
  /** Decides whose turn it is: there is one engine for all that is scored. */
  readonly scheduler = new Scheduler();
  /** Scores in a thread of its own, and knows the engine. */
  readonly scoring: ScoreThread;
  readonly board: ScoreBoard;
  readonly settling: Settling;
  readonly insights: InsightBoard;
  /** What the search for ops without signal and the insights found when they last looked, beside the diagnostics of an analysis. */
  readonly signalDiagnostics = new LateDiagnostics();
  /** What the linter found when it last looked. */
  readonly lintDiagnostics = new LateDiagnostics();
  readonly workspace: WorkspaceFiles;
  readonly unreadable: UnreadableFiles;
  private readonly closed = new WeakMap<Module, TextDocument>();
  private readonly boardListeners: ((uri: string) => void)[] = [];
  private readonly insightListeners: ((uri: string) => void)[] = [];

  constructor(connection: Connection) {
    this.connection = connection;
    this.project = new Project({ read: (uri) => this.read(uri) }, { watch: this.watch.documents });
    this.workspace = new WorkspaceFiles(this.documents, this.project);
    this.unreadable = new UnreadableFiles(connection);
    this.settings = new SettingsStore(connection);
    // Whether scores are kept on disk is not known before the settings are.
    const scoring = { engine: readSettings(undefined).settings.engine, store: { limit: 0 } };
    this.scoring = new ScoreThread(scoring, (line) => {
      this.log(line);
    });
    const { scheduler } = this;
    const log = (line: string): void => {
      this.fail(line);
    };
    this.board = new ScoreBoard({
      scorer: this.scoring,
      scheduler,
      log,
      onChange: (uri) => {
        for (const listener of this.boardListeners) listener(uri);
      },
      onDraw: (uri, name, partial, total) => {
        this.settling.drawn(uri, name, partial, total);
      },
    });
    this.settling = new Settling(this.board);
    this.boardListeners.push(() => {
      this.settling.changed();
    });
    this.insights = new InsightBoard({
      service: this.scoring,
      board: this.board,
      scheduler,
      log,
      onChange: (uri) => {
        for (const listener of this.insightListeners) listener(uri);
      },
    });
  }

  /** The client has said what it can do. */
  initialize(client: InitializeParams): void {
    this.settings.initialize(client);
    this.watch.initialize(this.settings.storageFolder);
  }

  /** The scores of a document have changed. */
  onScores(listener: (uri: string) => void): void {
    this.boardListeners.push(listener);
  }

  /** What is known of the inside of scores of a document has changed. */
  onInsights(listener: (uri: string) => void): void {
    this.insightListeners.push(listener);
  }

  /** Undefined for a document that is not open. */
  opened(uri: string): Opened | undefined {
    const document = this.documents.get(uri);
    return document === undefined ? undefined : { document, analysis: this.project.analyse(document.uri) };
  }

  /** The text of any file, open or not, for turning offsets into positions. */
  textOf(uri: string): TextDocument {
    const open = this.documents.get(uri);
    if (open !== undefined) return open;
    const module = this.project.module(uri);
    let text = this.closed.get(module);
    if (text === undefined) {
      text = TextDocument.create(uri, 'arch', 0, module.text);
      this.closed.set(module, text);
    }
    return text;
  }

  log(line: string): void {
    this.connection.console.info(line);
  }

  /** Something that should not have happened: an error in the log, never in front of the user. */
  fail(line: string): void {
    this.connection.console.error(line);
  }

  /** A request handler that never throws: an error is logged and answers `empty`, and so does a cancelled request. */
  guard<P, R>(
    feature: string,
    empty: R,
    handler: (params: P, token: CancellationToken) => R | Promise<R>,
  ): (params: P, token: CancellationToken) => Promise<R | ResponseError> {
    return async (params, token) => {
      if (token.isCancellationRequested) return new Rejection(LSPErrorCodes.RequestCancelled, 'Cancelled.');
      try {
        return await handler(params, token);
      } catch (error) {
        this.fail(`${feature} failed: ${error instanceof Error ? String(error.stack) : String(error)}`);
        return empty;
      }
    };
  }

  /** `guard` for a request about a document; null where it is not open. */
  about<P extends { readonly textDocument: { readonly uri: string } }, R>(
    feature: string,
    answer: (opened: Opened, params: P) => R | Promise<R>,
  ): (params: P, token: CancellationToken) => Promise<R | ResponseError | null> {
    return this.guard<P, R | null>(feature, null, async (params) => {
      const opened = this.opened(params.textDocument.uri);
      return opened === undefined ? null : await answer(opened, params);
    });
  }

  /** `guard` for a request without parameters. */
  guardBare<R>(
    feature: string,
    empty: R,
    handler: () => R | Promise<R>,
  ): (token: CancellationToken) => Promise<R | ResponseError> {
    const guarded = this.guard(feature, empty, handler);
    return (token) => guarded(null, token);
  }

  /** Work that nobody waits for; an error is logged. */
  background(what: string, work: () => void | Promise<void>): void {
    const run = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        this.fail(`${what} failed: ${error instanceof Error ? String(error.stack) : String(error)}`);
      }
    };
    void run();
  }

  private read(uri: string): string | Unreadable | undefined {
    const { text, failure } = this.textAt(uri);
    // A link to what is not there is nobody's file: some editors mark files that they have open by one.
    const reason = failure === undefined || failure.kind === 'dangling' ? undefined : failure.reason;
    this.unreadable.note(sameUri(uri), reason);
    return text ?? (failure === undefined ? undefined : { unreadable: failure.reason });
  }

  /** Open text beats the disk. */
  private textAt(uri: string): { readonly text?: string; readonly failure?: FileError } {
    const open = this.documents.get(uri);
    if (open !== undefined) return { text: open.getText() };
    const parsed = parsedUri(uri);
    if (parsed?.scheme !== 'file') return {};
    try {
      return { text: readText(parsed.fsPath, mostSourceBytes) };
    } catch (error) {
      const failure = fileError(parsed.fsPath, 'read', error);
      return failure.kind === 'missing' ? {} : { failure };
    }
  }
}
