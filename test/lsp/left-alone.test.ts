import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import {
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { cli } from '../cli/run-cli.ts';
import { TestClient } from './support/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'archlens-left-alone-'));
const store = join(folder, 'store');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A text within all limits whose networks take some seconds; a limit of a fraction of a second makes a hang of it. */
const models = Array.from(
  { length: 200 },
  (_, i) => `model M${i} { input 8x8x3 classes 10 B gap -> dense(classes) }`,
);
const slow = `block B() { repeat 5000 { relu } }\n${models.join('\n')}\n`;
const uri = 'file:///work/slow.arch';

type Texts = readonly (readonly [uri: string, text: string])[];

/** A server that is stopped over the last of the texts: it is told to exit once they are there, too. */
async function stopped(texts: Texts): Promise<{ code: number | null; stderr: string }> {
  const main = new URL('../../server/lsp/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, '--stdio'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ARCHLENS_STORE: store, ARCHLENS_TIME_LIMIT: '0.3' },
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const ended = Promise.all([textOf(child.stderr), once(child, 'exit') as Promise<[number | null]>]);
  await connection.sendRequest(InitializeRequest.method, {
    processId: process.pid,
    workspaceFolders: null,
    capabilities: {},
  });
  await connection.sendNotification(InitializedNotification.type, {});
  for (const [uri, text] of texts)
    await connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'arch', version: 1, text },
    });
  connection.sendRequest(ShutdownRequest.type).catch(() => undefined);
  connection.sendNotification(ExitNotification.type).catch(() => undefined);
  const [stderr, [code]] = await ended;
  connection.dispose();
  return { code, stderr };
}

test('a server that is busy with a text and does not come back ends, and the next one leaves that text alone until it is changed', async () => {
  const { code, stderr } = await stopped([[uri, slow]]);
  expect(stderr).toContain(`archlens: ${uri} has kept the program busy`);
  expect(code).toBe(70);

  await using client = await TestClient.start({ store });
  const other = await client.open('other.arch', 'model M { input 8x8x3 classes 10 gap -> dense(classes) }');
  const alone = await client.open('slow.arch', slow);
  const found = async (code: string, count: number): Promise<void> => {
    expect((await alone.diagnostics()).map((each) => each.code)).toEqual(Array<string>(count).fill(code));
  };
  await found('left-alone', 1);
  expect(await other.diagnostics()).toEqual([]);
  await alone.replace('repeat 5000 { relu }', 'relu');
  await found('left-alone', 0);
});

test('a text is left alone until what it imports is changed', async () => {
  const parts = 'block B() { repeat 5000 { relu } }\n';
  const whole = `import { B } from "./parts.arch"\n${models.join('\n')}\n`;
  const importer = 'file:///work/whole.arch';
  const { stderr } = await stopped([
    ['file:///work/parts.arch', parts],
    [importer, whole],
  ]);
  expect(stderr).toContain(`archlens: ${importer} has kept the program busy`);

  await using client = await TestClient.start({ store });
  const imported = await client.open('parts.arch', parts);
  const alone = await client.open('whole.arch', whole);
  const codes = async () => (await alone.diagnostics()).map(({ code }) => code);
  expect(await codes()).toEqual(['left-alone']);
  expect(await imported.diagnostics()).toEqual([]);
  await imported.replace('repeat 5000 { relu }', 'relu');
  await expect.poll(codes).toEqual([]);
});

test('a command that is busy with a file and does not come back ends, and names it', async () => {
  const path = join(folder, 'slow.arch');
  writeFileSync(path, slow);
  const env = { ARCHLENS_TIME_LIMIT: '0.3' };
  const check = await cli(['check', path], { env });
  expect(check.stderr).toMatch(/slow\.arch has kept the program busy/);
  expect(check.code).toBe(70);
});
