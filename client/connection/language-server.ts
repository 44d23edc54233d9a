import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import type {
  ErrorHandler,
  LanguageClientOptions,
  Middleware,
  NotificationType,
  ProvideHoverSignature,
  RequestType,
  RequestType0,
} from 'vscode-languageclient/node';
import { explainCommand } from '../documentation/index.ts';
import { isOtherVersion } from '../editor/other-versions.ts';
import { completeStep } from '../walkthrough/steps.ts';
import type { InitializationOptions } from '../../server/protocol/protocol.ts';
import { RestartPolicy } from './restart-policy.ts';

/** `starting` and `stopped` also while a dead server waits for its restart. */
export type ServerState = 'starting' | 'running' | 'stopped' | 'failed';

/** The step of the walkthrough that is about hovers is done when one was seen. */
async function hoverForWalkthrough(
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
  next: ProvideHoverSignature,
): Promise<vscode.Hover | null | undefined> {
  const hover = await next(document, position, token);
  if (hover !== null && hover !== undefined) completeStep('hovered');
  return hover;
}

const withoutOtherVersions: Pick<Middleware, 'didOpen' | 'didChange' | 'didClose'> = {
  didOpen: (document, next) => (isLeftOut(document) ? Promise.resolve() : next(document)),
  didChange: (event, next) => (isLeftOut(event.document) ? Promise.resolve() : next(event)),
  didClose: (document, next) => (isLeftOut(document) ? Promise.resolve() : next(document)),
};

function isLeftOut({ uri }: vscode.TextDocument): boolean {
  return isOtherVersion(uri.scheme);
}

/** The language server's process and the connection to it, for as long as the extension lives. */
export class LanguageServer implements vscode.Disposable {
  private readonly client: LanguageClient;
  private readonly log: vscode.LogOutputChannel;
  private readonly policy = new RestartPolicy();
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  private readonly handlers = new Map<string, Set<(params: never) => void>>();
  private current: ServerState = 'starting';
  readonly onState = this.stateChanged.event;

  constructor(
    modulePath: string,
    storageFolder: string,
    log: vscode.LogOutputChannel,
    uriConverters: NonNullable<LanguageClientOptions['uriConverters']>,
  ) {
    this.log = log;
    const options: InitializationOptions = {
      clientCommands: true,
      panels: true,
      alternatives: true,
      explainCommand,
      storageFolder,
    };
    this.client = new LanguageClient(
      'archlens',
      'Archlens',
      { module: modulePath, transport: TransportKind.ipc },
      {
        // Every scheme: an untitled or virtual document gets all that needs no file, but for other versions of documents.
        documentSelector: [{ language: 'arch' }],
        outputChannel: log,
        initializationOptions: options,
        errorHandler: this.errorHandler(),
        synchronize: {},
        uriConverters,
        middleware: { provideHover: hoverForWalkthrough, ...withoutOtherVersions },
      },
    );
    this.client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) this.set('running');
      if (newState === State.Starting) this.set('starting');
      if (newState === State.Stopped && this.current !== 'failed') this.set('stopped');
    });
  }

  get state(): ServerState {
    return this.current;
  }

  async start(): Promise<void> {
    await this.client.start();
  }

  async restart(): Promise<void> {
    this.policy.forget();
    this.set('starting');
    await (this.client.needsStop() ? this.client.restart() : this.client.start());
  }

  /** Resolves to undefined when the server is not running or dies: a command must not fail because of that. */
  async request<P, R>(
    type: RequestType<P, R, void>,
    params: P,
    token?: vscode.CancellationToken,
  ): Promise<R | undefined> {
    // A token that is undefined would be taken for a second parameter.
    return await this.send(() =>
      token === undefined
        ? this.client.sendRequest<R>(type.method, params)
        : this.client.sendRequest<R>(type.method, params, token),
    );
  }

  /** Like `request`, for requests without parameters. */
  async ask<R>(type: RequestType0<R, void>): Promise<R | undefined> {
    return await this.send(() => this.client.sendRequest<R>(type.method));
  }

  /** Several features may listen to the same news; the client itself knows one handler each. */
  onNotification<P>(type: NotificationType<P>, handler: (params: P) => void): vscode.Disposable {
    let handlers = this.handlers.get(type.method);
    if (handlers === undefined) {
      const all = new Set<(params: never) => void>();
      this.client.onNotification(type, (params) => {
        for (const each of all as Set<(params: P) => void>) each(params);
      });
      this.handlers.set(type.method, all);
      handlers = all;
    }
    const own = handlers;
    own.add(handler);
    return new vscode.Disposable(() => own.delete(handler));
  }

  dispose(): Thenable<void> {
    this.stateChanged.dispose();
    return this.client.needsStop() ? this.client.dispose() : Promise.resolve();
  }

  private async send<R>(run: () => Promise<R>): Promise<R | undefined> {
    if (!this.client.isRunning()) return undefined;
    try {
      return await run();
    } catch (error) {
      this.log.warn(`Request to the language server failed: ${String(error)}`);
      return undefined;
    }
  }

  private set(state: ServerState): void {
    if (state === this.current) return;
    this.current = state;
    this.stateChanged.fire(state);
  }

  private errorHandler(): ErrorHandler {
    return {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: async () => {
        const { delay, giveUp } = this.policy.died(performance.now());
        if (giveUp) {
          this.set('failed');
          void this.tellFailure();
          return { action: CloseAction.DoNotRestart, handled: true };
        }
        this.set('stopped');
        await sleep(delay);
        return { action: CloseAction.Restart, handled: true };
      },
    };
  }

  private async tellFailure(): Promise<void> {
    const restart = 'Restart';
    const log = 'Show Log';
    const answer = await vscode.window.showErrorMessage(
      'The Archlens language server stopped five times within three minutes and was not started again.',
      restart,
      log,
    );
    if (answer === restart) await this.restart();
    if (answer === log) await vscode.commands.executeCommand('archlens.showLog');
  }
}
