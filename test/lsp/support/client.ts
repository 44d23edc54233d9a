// A language client over stdio with the real server process, for tests.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import {
  CodeLensRequest,
  createProtocolConnection,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  InlayHintRequest,
  MarkupContent,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import type {
  ClientCapabilities,
  CodeLens,
  Diagnostic,
  Hover,
  InitializeResult,
  Position,
  ProtocolConnection,
  PublishDiagnosticsParams,
  Range,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { InitializationOptions, ScoresParams } from '../../../server/protocol/protocol.ts';
import type { EngineStatus } from '../../../server/engine/engine.ts';
import { listen, type Listener, type Section } from './listen.ts';

const mainModule = new URL('../../../server/lsp/main.ts', import.meta.url);

/** Required by the types, and deprecated. */
const noRoot = { rootUri: null };

/** The first score starts an engine process, on a machine that may be busy. */
const patience = 45_000;

/** Workspace folders by their names, with settings that each has of its own. */
type Folders = Readonly<Record<string, Section>>;

export interface StartOptions {
  readonly settings?: Section;
  /** Below the client's folder; absent: that is the one of the workspace. */
  readonly folders?: Folders;
  readonly initializationOptions?: InitializationOptions;
  readonly capabilities?: ClientCapabilities;
  /** Folder of stored scores; absent: none are kept. */
  readonly store?: string;
  /** The command that runs the server on its standard streams, and its whole environment; absent: from the sources. */
  readonly server?: { readonly command: readonly string[]; readonly env: NodeJS.ProcessEnv };
}

export class TestClient implements AsyncDisposable, Listener {
  readonly connection: ProtocolConnection;
  readonly folder: string;
  readonly initialized: InitializeResult;
  /** What the server wrote to the log; errors among it fail the test at the end. */
  readonly log: string[] = [];
  readonly diagnostics = new Map<string, PublishDiagnosticsParams>();
  readonly scores = new Map<string, ScoresParams>();
  readonly registered: string[] = [];
  lensRefreshes = 0;
  engine: EngineStatus | undefined;
  settings: Section;
  private readonly folders = new Map<string, Section>();
  private readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();

  private constructor(
    child: ChildProcess,
    connection: ProtocolConnection,
    folder: string,
    settings: Section,
    initialized: InitializeResult,
  ) {
    this.child = child;
    this.connection = connection;
    this.folder = folder;
    this.settings = settings;
    this.initialized = initialized;
  }

  static async start(options: StartOptions = {}): Promise<TestClient> {
    const {
      command: [program, ...args],
      env,
    } = options.server ?? {
      command: [process.execPath, fileURLToPath(mainModule), '--stdio'],
      env: { ...process.env, ARCHLENS_STORE: options.store ?? 'none' },
    };
    const child = spawn(program!, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const folder = mkdtempSync(join(tmpdir(), 'archlens-lsp-'));
    const early: TestClient[] = [];
    const settings = options.settings ?? {};
    const { folders } = options;
    listen(connection, () => early[0], settings);
    connection.listen();
    const died = once(child, 'exit').then(() => {
      throw new Error('The server ended before it was initialized.');
    });
    const answer = connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      ...noRoot,
      workspaceFolders:
        folders === undefined
          ? [{ uri: pathToFileURL(folder).href, name: 'test' }]
          : Object.keys(folders).map((name) => ({ uri: pathToFileURL(join(folder, name)).href, name })),
      capabilities: options.capabilities ?? {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          codeLens: { refreshSupport: true },
          inlayHint: { refreshSupport: true },
          didChangeWatchedFiles: { dynamicRegistration: true },
        },
        textDocument: {
          publishDiagnostics: { relatedInformation: true, versionSupport: true },
          completion: { completionItem: { snippetSupport: true } },
        },
      },
      initializationOptions: options.initializationOptions ?? { clientCommands: true },
    });
    const initialized = await Promise.race([answer, died]);
    died.catch(() => undefined);
    const client = new TestClient(child, connection, folder, settings, initialized);
    for (const [name, section] of Object.entries(folders ?? {})) client.folders.set(name, section);
    early.push(client);
    await connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  /** Runs `check` whenever the server has said something, until it gives a value. */
  async until<T>(what: string, check: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + patience;
    for (;;) {
      const value = await check();
      if (value !== undefined) return value;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`Waited in vain for ${what}.\n${this.log.slice(-20).join('\n')}`);
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, Math.min(left, 500));
        this.waiting.add(done);
      });
    }
  }

  /** The server has said something. */
  wake(): void {
    for (const done of [...this.waiting]) done();
  }

  uri(file: string): string {
    return pathToFileURL(join(this.folder, file)).href;
  }

  /** The settings that hold for a file or folder. */
  settingsOf(uri: string | undefined): Section {
    const name = [...this.folders.keys()].find((folder) =>
      `${uri ?? ''}/`.startsWith(`${this.uri(folder)}/`),
    );
    return { ...this.settings, ...(name === undefined ? {} : this.folders.get(name)) };
  }

  /** Adds folders to the workspace, and takes others away. */
  async changeFolders(added: Folders, removed: readonly string[] = []): Promise<void> {
    for (const name of removed) this.folders.delete(name);
    for (const [name, section] of Object.entries(added)) this.folders.set(name, section);
    const named = (name: string) => ({ uri: this.uri(name), name });
    await this.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, {
      event: { added: Object.keys(added).map(named), removed: removed.map(named) },
    });
  }

  /** Gives a workspace folder other settings of its own. */
  async configure(folder: string, section: Section): Promise<void> {
    this.folders.set(folder, section);
    await this.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  }

  /** Writes a file to the disk, and tells the server as an editor's file watcher does. */
  async write(file: string, text: string): Promise<void> {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
    await this.watched(file, 1);
  }

  async remove(file: string): Promise<void> {
    rmSync(join(this.folder, file));
    await this.watched(file, 3);
  }

  /** Tells the server of a file as an editor's file watcher does: 1 created, 2 changed, 3 deleted. */
  async watched(file: string, type: 1 | 2 | 3): Promise<void> {
    await this.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: this.uri(file), type }],
    });
  }

  async open(file: string, text: string): Promise<OpenDocument> {
    const uri = file.includes(':') ? file : this.uri(file);
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'arch', version: 1, text },
    });
    return new OpenDocument(this, TextDocument.create(uri, 'arch', 1, text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.child, 'exit');
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    await gone;
    this.connection.dispose();
    rmSync(this.folder, { recursive: true, force: true });
    expect(this.log.filter((line) => /failed|error:/i.test(line))).toEqual([]);
  }
}

export class OpenDocument {
  readonly client: TestClient;
  document: TextDocument;

  constructor(client: TestClient, document: TextDocument) {
    this.client = client;
    this.document = document;
  }

  get uri(): string {
    return this.document.uri;
  }

  get text(): string {
    return this.document.getText();
  }

  /** Replaces the first `before` by `after`, as an edit of just these characters. */
  async replace(before: string, after: string): Promise<void> {
    const start = this.text.indexOf(before);
    if (start === -1) throw new Error(`The document does not hold "${before}".`);
    await this.edit(start, start + before.length, after);
  }

  async edit(start: number, end: number, text: string): Promise<void> {
    const range = { start: this.document.positionAt(start), end: this.document.positionAt(end) };
    const change = { range, text };
    this.document = TextDocument.update(this.document, [change], this.document.version + 1);
    await this.client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri: this.uri, version: this.document.version },
      contentChanges: [change],
    });
  }

  async close(): Promise<void> {
    await this.client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri: this.uri },
    });
  }

  /** Where a text begins; `after` says behind what to look. */
  position(text: string, after = ''): Position {
    const from = this.text.indexOf(after);
    const start = from === -1 ? -1 : this.text.indexOf(text, from + after.length);
    if (start === -1) throw new Error(`The document does not hold "${text}" after "${after}".`);
    return this.document.positionAt(start);
  }

  textOf(range: Range): string {
    return this.document.getText(range);
  }

  /** Diagnostics of the text as it is. */
  async diagnostics(): Promise<readonly Diagnostic[]> {
    return await this.client.until(`diagnostics of version ${this.document.version}`, () => {
      const params = this.client.diagnostics.get(this.uri);
      return params?.version === this.document.version ? params.diagnostics : undefined;
    });
  }

  async hover(text: string, after = ''): Promise<Hover | null> {
    const position = this.position(text, after);
    return await this.client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: this.uri },
      position,
    });
  }

  async lenses(): Promise<readonly CodeLens[]> {
    return (
      (await this.client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: this.uri } })) ??
      []
    );
  }

  async hints(): Promise<readonly string[]> {
    const end = this.document.positionAt(this.text.length);
    const hints = await this.client.connection.sendRequest(InlayHintRequest.type, {
      textDocument: { uri: this.uri },
      range: { start: { line: 0, character: 0 }, end },
    });
    return (hints ?? []).map(
      ({ position, label }) =>
        `${this.document
          .getText()
          .slice(
            this.document.offsetAt({ line: position.line, character: 0 }),
            this.document.offsetAt(position),
          )
          .trim()} ⟹ ${typeof label === 'string' ? label : label.map(({ value }) => value).join('')}`,
    );
  }
}

/** A message is text or, for clients that can show it, markup. */
export function messageText(message: Diagnostic['message']): string {
  return typeof message === 'string' ? message : message.value;
}

export function spaced(text: string): string {
  return text.replaceAll(/[ \u00a0\u2060]+/g, ' ');
}

/** Markdown of a hover on a text, which must be there. */
export async function expectHover(
  document: OpenDocument,
  text: string,
  expected: readonly (string | RegExp)[],
  after = '',
): Promise<string> {
  const hover = await document.hover(text, after);
  // Tables are spaced by non-breaking spaces.
  const markdown = MarkupContent.is(hover?.contents) ? spaced(hover.contents.value) : '';
  for (const part of expected) expect(markdown).toMatch(part);
  expect(hover?.range === undefined ? '' : document.textOf(hover.range)).toContain(text);
  return markdown;
}

/** The title of a score that is of the text as it is, and settled. */
export const settledLens =
  /^VKDNW \d\.\d{3} ± \d\.\d{3} [▰▱]{6}(?: · (?:above \d+ %|within noise|[+−]?\d\.\d{3} ± \d\.\d{3}))?$/;

/** Waits until the lens above a model reads like this. */
export async function expectLens(document: OpenDocument, model: string, title: RegExp): Promise<string> {
  let last = '(none)';
  return await document.client
    .until(`a lens of ${model} like ${String(title)}`, async () => {
      const lens = (await document.lenses()).find(
        ({ command }) => (command?.arguments as unknown[] | undefined)?.[1] === model,
      );
      last = lens?.command?.title ?? '(none)';
      return title.test(last) ? last : undefined;
    })
    .catch((error: unknown) => {
      throw new Error(`The lens of ${model} reads "${last}", not like ${String(title)}.`, { cause: error });
    });
}

/** Waits until the tooltip of the first lens of a document says this. */
export async function expectTooltip(document: OpenDocument, expected: RegExp): Promise<void> {
  await document.client.until(`a tooltip like ${String(expected)}`, async () =>
    expected.test((await document.lenses())[0]?.command?.tooltip ?? '') ? true : undefined,
  );
}
