import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import {
  CompletionRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  DocumentFormattingRequest,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  type Position,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol';
import type { EngineStatus } from '../../server/engine/engine.ts';
import {
  engineStatus,
  scores,
  type InitializationOptions,
  type ScoresParams,
} from '../../server/protocol/protocol.ts';

/** A language server over stdio, driven as an editor drives it. */
export class EditorSession {
  readonly #process: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly #diagnostics = new Set<(params: PublishDiagnosticsParams) => void>();
  readonly #scores = new Set<(params: ScoresParams) => void>();
  readonly #versions = new Map<string, number>();
  engine: EngineStatus = { state: 'stopped' };

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#connection = createProtocolConnection(
      new StreamMessageReader(child.stdout!),
      new StreamMessageWriter(child.stdin!),
    );
    this.#connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      for (const listener of this.#diagnostics) listener(params);
    });
    this.#connection.onNotification(scores, (params) => {
      for (const listener of this.#scores) listener(params);
    });
    this.#connection.onNotification(engineStatus, (status) => {
      this.engine = status;
    });
    this.#connection.listen();
  }

  /**
   * @param settings the contents of `archlens` in the editor's settings
   * @param meter a module that runs in the server's process and answers messages, for `reading`
   */
  static async start(serverPath: string, settings: unknown, meter?: string): Promise<EditorSession> {
    const child = spawn(
      process.execPath,
      [...(meter === undefined ? [] : ['--import', meter]), serverPath, '--stdio'],
      { stdio: ['pipe', 'pipe', 'inherit', ...(meter === undefined ? [] : (['ipc'] as const))] },
    );
    const session = new EditorSession(child);
    await session.#connection.sendRequest(InitializeRequest.method, {
      processId: process.pid,
      workspaceFolders: null,
      capabilities: { textDocument: { publishDiagnostics: { versionSupport: true } } },
      initializationOptions: { settings } satisfies InitializationOptions,
    });
    await session.#connection.sendNotification(InitializedNotification.type, {});
    return session;
  }

  /** For requests and news that have no method here. */
  get connection(): ProtocolConnection {
    return this.#connection;
  }

  async close(uri: string): Promise<void> {
    await this.#connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  async open(uri: string, text: string): Promise<void> {
    this.#versions.set(uri, 1);
    await this.#connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'arch', version: 1, text },
    });
  }

  /** Inserts text, as a keystroke does. @returns the version of the document after it */
  async insert(uri: string, position: Position, text: string): Promise<number> {
    const version = this.#versions.get(uri)! + 1;
    this.#versions.set(uri, version);
    await this.#connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: position, end: position }, text }],
    });
    return version;
  }

  /** Resolves with the diagnostics of a version, or a later one. Ask before the change is sent. */
  diagnosticsOf(uri: string, version: number): Promise<PublishDiagnosticsParams> {
    return listen(
      this.#diagnostics,
      (params) => params.uri === uri && params.version !== undefined && params.version >= version,
    );
  }

  /** Resolves when a model has a score of the text as it is. */
  scoreOf(uri: string): Promise<ScoresParams> {
    return listen(
      this.#scores,
      (params) =>
        params.uri === uri && params.models.some(({ state }) => state === 'current' || state === 'refining'),
    );
  }

  /** Resolves with the first score of a text that is sent after this call. */
  async freshScoreOf(uri: string): Promise<void> {
    await listen(
      this.#scores,
      (params) => params.uri === uri && params.models.some(({ state }) => state === 'computing'),
    );
    await this.scoreOf(uri);
  }

  /** The number of suggestions. */
  async completion(uri: string, position: Position): Promise<number> {
    const answer = await this.#connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri },
      position,
    });
    return answer === null ? 0 : Array.isArray(answer) ? answer.length : answer.items.length;
  }

  async eraseLine(uri: string, line: number): Promise<void> {
    const version = this.#versions.get(uri)! + 1;
    this.#versions.set(uri, version);
    const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
    await this.#connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ range, text: '' }],
    });
  }

  async hover(uri: string, position: Position): Promise<boolean> {
    const hover = await this.#connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
    return hover !== null;
  }

  /** The answer to any request; the reason when it is refused. */
  async ask(method: string, params: object): Promise<unknown> {
    try {
      return await this.#connection.sendRequest(method, params);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** What the meter in the server's process answers. */
  async reading<Answer = number>(question = ''): Promise<Answer> {
    const answer = once(this.#process, 'message') as Promise<[Answer]>;
    this.#process.send(question);
    const [value] = await answer;
    return value;
  }

  /** @returns the number of edits */
  async format(uri: string): Promise<number> {
    const edits = await this.#connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri },
      options: { tabSize: 2, insertSpaces: true },
    });
    return edits?.length ?? 0;
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    await this.#connection.sendRequest(ShutdownRequest.type);
    await this.#connection.sendNotification(ExitNotification.type);
    await exited;
    this.#connection.dispose();
  }
}

/** The next event that fits. */
function listen<T>(listeners: Set<(value: T) => void>, fits: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const listener = (value: T) => {
      if (fits(value)) {
        listeners.delete(listener);
        resolve(value);
      }
    };
    listeners.add(listener);
  });
}
