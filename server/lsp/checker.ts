import type { FileEvent } from 'vscode-languageserver/node';
import type { FileAnalysis } from '../language/analysis.ts';
import {
  lintBetweenRequests,
  publishDiagnostics,
  publishErrors,
} from './features/diagnostics/diagnostics.ts';
import { Delayed, DelayedByKey } from '../base/delayed.ts';
import { sameUri } from '../base/uris.ts';
import type { DocumentChange } from '../workspace/documents.ts';
import type { Feature } from './feature.ts';
import type { Opened, Session } from './session.ts';

/** Changes that arrive this close together (milliseconds) are checked once. */
const pause = 4;

/** The linter looks at a text of more characters when it has not been changed for so many milliseconds. */
const longText = 30_000;
const rest = 150;

/**
 * Keeps diagnostics and scores in step with the texts: after every change, all open documents that it reaches, also
 * through imports, are analysed again.
 */
export class Checker implements Feature {
  readonly #session: Session;
  /** What was published last, and for which version. */
  readonly #checked = new Map<
    string,
    { readonly analysis: FileAnalysis; readonly version: number; readonly imported: string }
  >();
  readonly #checking = new Delayed(pause, () => {
    for (const { uri } of this.#session.documents.all())
      this.#session.background('Checking', () => {
        this.refresh(uri);
      });
  });
  readonly #linting = new DelayedByKey();

  constructor(session: Session) {
    this.#session = session;
    session.documents.onChange((change) => {
      this.#changed(change);
    });
  }

  filesChanged(changes: readonly FileEvent[]): void {
    for (const { uri } of changes) this.#session.project.invalidate(uri);
    this.#checking.start();
    this.#readImporters();
  }

  /** What other files of the workspace import is not unused: they are read, and what that changes is published. */
  #readImporters(): void {
    this.#session.background('Reading the workspace', async () => {
      const { workspace, unreadable, documents } = this.#session;
      await workspace.modules();
      await unreadable.publish((uri) => documents.get(uri) !== undefined);
      this.#checking.start();
    });
  }

  /** The settings have changed: they are asked for again, and the scores follow. */
  async settingsChanged(): Promise<void> {
    for (const { uri } of this.#session.documents.all()) await this.#loadSettings(uri);
  }

  /** Brings a document up to date at once. */
  refresh(uri: string): Opened | undefined {
    const opened = this.#session.opened(uri);
    if (opened !== undefined) this.#check(opened);
    return opened;
  }

  /** The same, and it is known how to score: for an answer that shows scores. */
  async ready(uri: string): Promise<Opened | undefined> {
    if (this.#session.documents.get(uri) !== undefined && this.#session.settings.of(uri) === undefined)
      await this.#loadSettings(uri);
    return this.refresh(uri);
  }

  #changed({ uri, kind, edits }: DocumentChange): void {
    const { project, board, lintDiagnostics, settings, connection } = this.#session;
    project.invalidate(uri);
    switch (kind) {
      case 'opened':
        this.#session.background('Reading the settings', () => this.#loadSettings(uri));
        this.#readImporters();
        break;
      case 'changed':
        board.edit(sameUri(uri), edits);
        lintDiagnostics.edit(sameUri(uri), edits);
        break;
      case 'closed':
        this.#checked.delete(sameUri(uri));
        board.forget(sameUri(uri));
        lintDiagnostics.set(sameUri(uri), []);
        settings.forget(uri);
        this.#session.background('Clearing diagnostics', () =>
          connection.sendDiagnostics({ uri, diagnostics: [] }),
        );
        this.#readImporters();
    }
    this.#checking.start();
  }

  #check(opened: Opened): void {
    const { document, analysis } = opened;
    const uri = sameUri(document.uri);
    const { version } = document;
    const before = this.#checked.get(uri);
    const imported = [...this.#session.project.importedNames(uri)].join();
    if (before?.analysis === analysis && before.version === version && before.imported === imported) return;
    this.#checked.set(uri, { analysis, version, imported });
    this.#publish(opened);
    // An analysis is made once for a text and the texts it imports.
    if (before?.analysis !== analysis) this.#updateBoard(uri, analysis);
  }

  /** Errors at once. The linter looks at a long text when the typing rests: completion must not wait for that. */
  #publish(opened: Opened): void {
    const { document, analysis } = opened;
    const key = sameUri(document.uri);
    this.#linting.cancel(key);
    const isLong = analysis.text.length > longText;
    this.#session.background('Publishing diagnostics', () =>
      isLong ? publishErrors(this.#session, opened) : publishDiagnostics(this.#session, opened),
    );
    if (!isLong) return;
    this.#linting.start(key, rest, () => {
      this.#session.background('Linting', async () => {
        const now = await lintBetweenRequests(this.#session, document.uri);
        if (now !== undefined) await publishDiagnostics(this.#session, now);
      });
    });
  }

  async #loadSettings(uri: string): Promise<void> {
    await this.#session.settings.load(uri);
    const opened = this.#session.opened(uri);
    if (opened === undefined) {
      // Closed meanwhile.
      this.#session.settings.forget(uri);
      return;
    }
    this.#updateBoard(sameUri(uri), opened.analysis);
    // The severities may be others now.
    if (this.#checked.has(sameUri(uri))) await publishDiagnostics(this.#session, opened);
  }

  /** Nothing is scored before it is known how. */
  #updateBoard(uri: string, analysis: FileAnalysis): void {
    const settings = this.#session.settings.of(uri);
    if (settings === undefined) return;
    this.#session.board.update(uri, analysis, settings.score);
  }
}
