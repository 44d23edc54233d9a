import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import {
  CancellationTokenSource,
  createProtocolConnection,
  LSPErrorCodes,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import type { ProtocolConnection, PublishDiagnosticsParams } from 'vscode-languageserver-protocol/node';
import { ensure, Violation } from '../target.ts';

const mainModule = new URL('../../../server/lsp/main.ts', import.meta.url);

/**
 * The engine cannot be started, at once and always: all that is asked of scores, of alternatives and of the ranking is
 * asked and answered, without hours of processor time that depend on what computes.
 */
const nowhere = '/nowhere/node';

/** Answers that say no, for a reason: not now, not here, not any more. */
const refusals: ReadonlySet<number> = new Set([
  LSPErrorCodes.RequestCancelled,
  LSPErrorCodes.ContentModified,
  LSPErrorCodes.ServerCancelled,
  LSPErrorCodes.RequestFailed,
]);

/** The language server over stdio, and what it said. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly diagnostics = new Map<string, PublishDiagnosticsParams>();
  /** Errors that the server logged, and lines of its standard error. */
  readonly #errors: string[] = [];
  #isGone = false;
  readonly #gone: Promise<never>;

  /** @param folder the workspace */
  static async start(folder: string): Promise<ServerProcess> {
    const server = new ServerProcess();
    await server.request('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: folder, name: 'fuzz' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: {
          publishDiagnostics: { relatedInformation: true, versionSupport: true },
          completion: { completionItem: { snippetSupport: true } },
        },
      },
      initializationOptions: { clientCommands: true, panels: true, alternatives: true },
    });
    await server.notify('initialized', {});
    return server;
  }

  private constructor() {
    this.#child = spawn(process.execPath, [fileURLToPath(mainModule), '--stdio'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ARCHLENS_STORE: 'none' },
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#errors.push(text));
    this.#gone = once(this.#child, 'exit').then(([code, signal]) => {
      this.#isGone = true;
      throw new Violation('The server ended.', [code, signal, this.#errors.slice(-5)]);
    });
    this.#gone.catch(() => undefined);
    this.#connection = createProtocolConnection(
      new StreamMessageReader(this.#child.stdout!),
      new StreamMessageWriter(this.#child.stdin!),
    );
    this.#connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => ({ score: { onType: true, debounce: 0 }, engine: { nodePath: nowhere } })),
    );
    this.#connection.onNotification(
      'textDocument/publishDiagnostics',
      (params: PublishDiagnosticsParams) => void this.diagnostics.set(params.uri, params),
    );
    this.#connection.onNotification(
      'window/logMessage',
      ({ type, message }: { type: number; message: string }) => {
        if (type === 1) this.#errors.push(message);
      },
    );
    for (const method of [
      'client/registerCapability',
      'workspace/codeLens/refresh',
      'workspace/inlayHint/refresh',
    ])
      this.#connection.onRequest(method, () => null);
    this.#connection.onError(([error]) => this.#errors.push(String(error)));
    this.#connection.listen();
  }

  /**
   * Asks, and forgets at once that it did where it is `cancelled`.
   *
   * @returns undefined for a refusal
   */
  async request(method: string, params: object, cancelled = false): Promise<unknown> {
    const source = new CancellationTokenSource();
    const answer = this.#connection.sendRequest<unknown>(method, params, source.token);
    if (cancelled) source.cancel();
    try {
      return await Promise.race([answer, this.#gone]);
    } catch (error) {
      if (error instanceof ResponseError) {
        if (refusals.has(error.code)) return undefined;
        throw new Violation(`The server answers ${method} with the error ${error.code}.`, error.message);
      }
      throw error;
    }
  }

  async notify(method: string, params: object): Promise<void> {
    ensure(!this.#isGone, 'The server ended.');
    await this.#connection.sendNotification(method, params);
  }

  /** @throws where the server has logged an error since this was asked last */
  ensureQuiet(): void {
    const errors = this.#errors
      .splice(0)
      .filter((line) => !/ExperimentalWarning|--trace-warnings/.test(line));
    if (errors.length > 0)
      throw new Violation(
        `The server logs an error: ${/^[^\n]*/.exec(errors[0]!)![0].slice(0, 120)}`,
        errors[0],
      );
  }

  end(): void {
    this.#connection.dispose();
    this.#child.kill('SIGKILL');
  }
}
