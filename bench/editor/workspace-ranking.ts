import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import {
  DidChangeWatchedFilesNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  FileChangeType,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  RegistrationRequest,
  ShutdownRequest,
  WorkDoneProgressCreateRequest,
} from 'vscode-languageserver-protocol';
import { openRanking, rankingChanged, startRanking, stopRanking } from '../../server/protocol/ranking.ts';
import type { RankingProgress } from '../../server/ranking/progress.ts';
import { measurementTable, milliseconds, type Measurement, type Table } from '../report.ts';
import { summarise } from '../statistics.ts';

const modelsPerFile = 2;

/**
 * A workspace of many files with distinct models, ranked by the language server: hover while it ranks, stopping,
 * ranking again after a restart, and an edit.
 *
 * @param server the bundled language server
 */
export async function benchWorkspaceRanking(server: string, files: number): Promise<Table[]> {
  const folder = mkdtempSync(join(tmpdir(), 'archlens-bench-ranking-'));
  const store = mkdtempSync(join(tmpdir(), 'archlens-bench-store-'));
  try {
    for (let index = 0; index < files; index += 1) writeFileSync(fileOf(folder, index), textOf(index));
    const first = await RankingSession.start(server, folder, store);
    const measurements = await firstRanking(first, folder);
    await first.stop();
    const second = await RankingSession.start(server, folder, store);
    measurements.push(...(await secondRanking(second, folder)));
    await second.stop();
    const title = `A workspace of ${files} files with ${files * modelsPerFile} distinct models, settled setting`;
    return [measurementTable(title, measurements)];
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(store, { recursive: true });
  }
}

async function firstRanking(session: RankingSession, folder: string): Promise<Measurement[]> {
  const uri = pathToFileURL(fileOf(folder, 0)).href;
  await session.openDocument(uri, textOf(0));
  const started = performance.now();
  await session.open();
  await session.until(({ state }) => state === 'stopped');
  const listed = performance.now() - started;

  const ranking = performance.now();
  await session.begin();
  await session.until(({ computed }) => computed >= 5);
  const hovers: number[] = [];
  const updates = session.updates;
  const ranked = { all: false };
  const done = session
    .until(({ state, done: count, total }) => state === 'idle' && count === total)
    .then(() => {
      ranked.all = true;
    });
  let cancelled: number | undefined;
  while (!ranked.all) {
    const asked = performance.now();
    await session.hover(uri, 3 + (hovers.length % 2));
    hovers.push(performance.now() - asked);
    await setTimeout(25);
    if (cancelled === undefined && hovers.length > 100) {
      const stopping = performance.now();
      await session.end();
      await session.until(({ state }) => state === 'stopped');
      cancelled = performance.now() - stopping;
      await session.begin();
    }
  }
  await done;
  const total = performance.now() - ranking;
  const { median, p95, min, max, count } = summarise(hovers);
  return [
    single('opening: all files read, the store asked', listed),
    {
      what: 'hover during the ranking',
      median: milliseconds(median),
      p95: milliseconds(p95),
      range: `${milliseconds(min)} … ${milliseconds(max)}`,
      repetitions: count,
      target: { text: 'p95 below 100 ms', met: p95 < 100 },
    },
    single('progress: from one message to the next, on average', total / (session.updates - updates)),
    {
      ...single('stopping', cancelled ?? Number.NaN),
      target: { text: 'below 200 ms', met: cancelled !== undefined && cancelled < 200 },
    },
    single('ranking all', total),
  ];
}

async function secondRanking(session: RankingSession, folder: string): Promise<Measurement[]> {
  const started = performance.now();
  await session.open();
  await session.begin();
  await session.until(({ state, done, total }) => state === 'idle' && total > 0 && done === total);
  const again = performance.now() - started;
  const { computed } = session.progress;
  const edited = fileOf(folder, 1);
  const editing = performance.now();
  writeFileSync(edited, textOf(1).replace('gap', 'relu -> gap'));
  await session.changed(edited);
  await session.until(({ state, computed: now }) => state === 'idle' && now > computed);
  const edit = performance.now() - editing;
  const scored = session.progress.computed - computed;
  return [
    {
      ...single('ranking again after a restart, from the store', again),
      target: { text: 'below 2 s, nothing computed', met: again < 2000 && computed === 0 },
    },
    {
      ...single('an edit of one model', edit),
      target: { text: 'one model is scored', met: scored === 1 },
    },
  ];
}

function single(what: string, value: number): Measurement {
  return { what, median: milliseconds(value), repetitions: 1 };
}

function fileOf(folder: string, index: number): string {
  return join(folder, `net${index}.arch`);
}

/** Two models that no other file has: tiny, so that many are scored in a minute or two. */
function textOf(index: number): string {
  const model = (name: string, width: number, depth: number): string => `model ${name}${index} {
  input 8x8x3
  classes 4
  conv(${width}, 3x3) -> bn -> relu
  ${Array.from({ length: depth }, () => `conv(${width}, 1x1) -> bn -> relu`).join('\n  ')}
  gap -> dense(classes)
}
`;
  const width = 8 + (index % 100);
  const depth = 1 + Math.floor(index / 100);
  return `${model('A', width, depth)}${model('B', width, depth + 5)}`;
}

/** A language server over stdio with a workspace folder, whose ranking is followed. */
class RankingSession {
  readonly #process: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly #waiting = new Set<() => void>();
  progress: RankingProgress = { state: 'closed', done: 0, total: 0, computed: 0 };
  updates = 0;

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#connection = createProtocolConnection(
      new StreamMessageReader(child.stdout!),
      new StreamMessageWriter(child.stdin!),
    );
    this.#connection.onRequest(RegistrationRequest.type, () => undefined);
    this.#connection.onRequest(WorkDoneProgressCreateRequest.type, () => undefined);
    this.#connection.onNotification(rankingChanged, ({ progress }) => {
      this.progress = progress;
      this.updates += 1;
      for (const check of [...this.#waiting]) check();
    });
    this.#connection.listen();
  }

  static async start(server: string, folder: string, store: string): Promise<RankingSession> {
    const child = spawn(process.execPath, [server, '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ARCHLENS_STORE: store },
    });
    const session = new RankingSession(child);
    await session.#connection.sendRequest(InitializeRequest.method, {
      processId: process.pid,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'ranking' }],
      capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
    });
    await session.#connection.sendNotification(InitializedNotification.type, {});
    return session;
  }

  async open(): Promise<void> {
    this.progress = (await this.#connection.sendRequest(openRanking)).progress;
  }

  async begin(): Promise<void> {
    await this.#connection.sendRequest(startRanking);
  }

  async end(): Promise<void> {
    await this.#connection.sendRequest(stopRanking);
  }

  /** Resolves when the progress is like this. */
  until(fits: (progress: RankingProgress) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!fits(this.progress)) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  async openDocument(uri: string, text: string): Promise<void> {
    await this.#connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'arch', version: 1, text },
    });
  }

  async hover(uri: string, line: number): Promise<void> {
    await this.#connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: { line, character: 4 },
    });
  }

  async changed(file: string): Promise<void> {
    await this.#connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: pathToFileURL(file).href, type: FileChangeType.Changed }],
    });
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    await this.#connection.sendRequest(ShutdownRequest.type);
    await this.#connection.sendNotification(ExitNotification.type);
    await exited;
    this.#connection.dispose();
  }
}
