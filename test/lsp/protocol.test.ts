// The base protocol: what comes before `initialize` and after `shutdown`, and streams that hold no messages.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StreamMessageReader } from 'vscode-languageserver-protocol/node';
import { exitCode } from '../../server/base/exit-codes.ts';
import { Framing, mostBodyBytes, mostHeaderBytes, type Frame } from '../../server/lsp/framing.ts';

const mainModule = new URL('../../server/lsp/main.ts', import.meta.url);

interface Ends {
  readonly input: Writable;
  readonly output: Readable;
}

interface Answer {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

function started(transport: string) {
  return spawn(process.execPath, [fileURLToPath(mainModule), transport], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ARCHLENS_STORE: 'none' },
  });
}

function exitOf(child: ChildProcess): Promise<[number | null]> {
  return once(child, 'exit') as Promise<[number | null]>;
}

/** The server with nothing between it and the test. */
class RawServer {
  readonly #errors: Promise<string>;
  readonly #exit: Promise<[number | null]>;
  readonly #input: Writable;
  readonly answers: Answer[] = [];
  #wake: () => void = () => undefined;

  constructor(
    child = started('--stdio'),
    { input, output }: Ends = { input: child.stdin, output: child.stdout },
  ) {
    this.#errors = text(child.stderr);
    this.#exit = exitOf(child);
    this.#input = input;
    new StreamMessageReader(output).listen((message) => {
      // Requests and notifications of the server are no answers.
      if ('id' in message && !('method' in message)) this.answers.push(message as Answer);
      this.#wake();
    });
  }

  write(bytes: string | Buffer): void {
    this.#input.write(bytes);
  }

  send(message: object): void {
    this.write(framed(message));
  }

  request(id: number, method: string, params: unknown = {}): void {
    this.send({ jsonrpc: '2.0', id, method, params });
  }

  async answer(id: number | null, before = 0): Promise<Answer> {
    for (;;) {
      const found = this.answers.slice(before).find((answer) => answer.id === id);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async initialize(): Promise<void> {
    this.request(1, 'initialize', { processId: null, rootUri: null, capabilities: {} });
    await this.answer(1);
    this.send({ jsonrpc: '2.0', method: 'initialized', params: {} });
  }

  /** Exit code and standard error. */
  async end(): Promise<readonly [number | null, string]> {
    this.send({ jsonrpc: '2.0', method: 'exit' });
    return await this.gone();
  }

  async gone(): Promise<readonly [number | null, string]> {
    const [code] = await this.#exit;
    return [code, await this.#errors];
  }

  close(): void {
    this.#input.end();
  }
}

function framed(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

const hover = { textDocument: { uri: 'file:///a.arch' }, position: { line: 0, character: 0 } };
const parseError = -32_700;
const invalidRequest = -32_600;
const serverNotInitialized = -32_002;

describe('the life of a server', () => {
  test('before `initialize` requests are refused and notifications dropped', async () => {
    const server = new RawServer();
    server.request(7, 'textDocument/hover', hover);
    server.request(8, 'archlens/unheard-of');
    server.request(9, 'shutdown');
    for (const id of [7, 8, 9]) expect((await server.answer(id)).error?.code).toBe(serverNotInitialized);
    const textDocument = { uri: 'file:///a.arch', languageId: 'arch', version: 1, text: 'let a = 1' };
    server.send({ jsonrpc: '2.0', method: 'textDocument/didOpen', params: { textDocument } });
    await server.initialize();
    server.request(10, 'textDocument/documentSymbol', hover);
    expect((await server.answer(10)).result).toBeNull();
    server.request(11, 'initialize', { processId: null, rootUri: null, capabilities: {} });
    expect((await server.answer(11)).error?.code).toBe(invalidRequest);
    expect((await server.end())[0]).toBe(1);
  });

  test('after `shutdown` requests are refused', async () => {
    const server = new RawServer();
    await server.initialize();
    server.request(2, 'shutdown');
    server.request(3, 'textDocument/hover', hover);
    server.request(4, 'shutdown');
    server.request(5, 'initialize', { processId: null, rootUri: null, capabilities: {} });
    expect(await server.answer(2)).toMatchObject({ result: null });
    for (const id of [3, 4, 5]) expect((await server.answer(id)).error?.code).toBe(invalidRequest);
    expect((await server.end())[0]).toBe(0);
  });

  test('a refused `initialize` may be tried again', async () => {
    const server = new RawServer();
    server.send({ jsonrpc: '2.0', id: 5, method: 'initialize', params: null });
    expect((await server.answer(5)).error).toBeDefined();
    await server.initialize();
    server.request(2, 'shutdown');
    expect(await server.answer(2)).toMatchObject({ result: null });
    expect((await server.end())[0]).toBe(0);
  });

  test.each([
    ['before `initialize`', false],
    ['while it serves', true],
  ])('ends with its input, %s', async (_, initialized) => {
    const server = new RawServer();
    if (initialized) await server.initialize();
    server.close();
    expect((await server.gone())[0]).toBe(1);
  });
});

const body = JSON.stringify({ jsonrpc: '2.0', id: 99, method: 'textDocument/hover', params: hover });

/** What is no message, with the code of the error and words of the reason. */
const faults: readonly (readonly [what: string, bytes: string | Buffer, code: number, reason: string])[] = [
  ['a length that is no number', `Content-Length: abc\r\n\r\n${body}`, parseError, 'must be a number'],
  ['an empty length', `Content-Length:\r\n\r\n${body}`, parseError, 'must be a number'],
  ['a negative length', `Content-Length: -5\r\n\r\n${body}`, parseError, 'must be a number'],
  ['a length with a fraction', `Content-Length: 5.0\r\n\r\n${body}`, parseError, 'must be a number'],
  ['a hexadecimal length', `Content-Length: 0x10\r\n\r\n${body}`, parseError, 'must be a number'],
  [
    'a huge length',
    `Content-Length: 99999999999999999999\r\n\r\n${body}`,
    parseError,
    `at most ${mostBodyBytes}`,
  ],
  ['a length above the limit', `Content-Length: ${mostBodyBytes + 1}\r\n\r\n${body}`, parseError, 'at most'],
  [
    'a length that is too large',
    `Content-Length: 5000\r\n\r\n${body}`,
    parseError,
    'the next message begins after',
  ],
  ['a length that is too small', `Content-Length: 5\r\n\r\n${body}`, parseError, 'not JSON'],
  ['no body', 'Content-Length: 0\r\n\r\n', parseError, 'not JSON'],
  ['no length', `Content-Type: application/vscode-jsonrpc\r\n\r\n${body}`, parseError, 'no Content-Length'],
  ['no header', body, parseError, 'no header'],
  ['two lengths', `Content-Length: 10\r\nContent-Length: 20\r\n\r\n${body}`, parseError, 'different'],
  ['a line that is no header', `Content-Length: 10\r\nnonsense\r\n\r\n${body}`, parseError, 'no header'],
  ['an endless header', `X: ${'x'.repeat(mostHeaderBytes)}`, parseError, 'longer than'],
  [
    'another charset',
    `Content-Length: 4\r\nContent-Type: application/vscode-jsonrpc; charset=utf-16\r\n\r\n{\0}\0`,
    parseError,
    'in utf-16',
  ],
  [
    'what is not UTF-8',
    Buffer.from('Content-Length: 4\r\n\r\n"\xff\xfe"', 'latin1'),
    parseError,
    'not in UTF-8',
  ],
  ['what is not JSON', 'Content-Length: 3\r\n\r\n{a}', parseError, 'not JSON'],
  [
    'JSON too deep to read',
    `Content-Length: 2000000\r\n\r\n${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`,
    -32_000,
    '',
  ],
  ['a batch', 'Content-Length: 2\r\n\r\n[]', invalidRequest, 'JSON object'],
  ['a number', 'Content-Length: 1\r\n\r\n5', invalidRequest, 'JSON object'],
  ['null', 'Content-Length: 4\r\n\r\nnull', invalidRequest, 'JSON object'],
  ['an object that asks nothing', 'Content-Length: 2\r\n\r\n{}', invalidRequest, 'neither'],
  ['a method that is no text', 'Content-Length: 12\r\n\r\n{"method":5}', invalidRequest, 'neither'],
];

/** A client that listens, and the server that has come to it. */
async function overSocket(
  transport: (at: AddressInfo | string) => string,
  path?: string,
): Promise<RawServer> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(path ?? { port: 0, host: '127.0.0.1' }, resolve));
  const child = started(transport(listener.address()!));
  const [socket] = (await once(listener, 'connection')) as [Socket];
  listener.close();
  return new RawServer(child, { input: socket, output: socket });
}

const pipe =
  process.platform === 'win32'
    ? `\\\\.\\pipe\\archlens-${process.pid}`
    : join(tmpdir(), `archlens-${process.pid}.sock`);

test.each([
  ['--stdio', () => new RawServer()],
  ['--socket', () => overSocket((at) => `--socket=${(at as AddressInfo).port}`)],
  ['--pipe', () => overSocket((at) => `--pipe=${at as string}`, pipe)],
] as const)('what is no message gets an error, and the next message its answer: %s', async (_, start) => {
  const server = await start();
  await server.initialize();
  for (const [index, [what, bytes, code, reason]] of faults.entries()) {
    const before = server.answers.length;
    server.write(bytes);
    server.request(100 + index, 'textDocument/documentSymbol', hover);
    expect((await server.answer(100 + index)).result, what).toBeNull();
    const errors = server.answers.slice(before).filter(({ id }) => id === null);
    if (code === -32_000) expect([parseError, invalidRequest], what).toContain(errors[0]?.error?.code);
    else expect(errors[0]?.error, what).toMatchObject({ code });
    expect(errors[0]?.error?.message, what).toContain(reason);
  }
  const [, errors] = await server.end();
  expect(errors).toContain(
    'archlens: Content-Length is `abc`; it must be a number of bytes. It was skipped.',
  );
});

test.each([[], ['--socket'], ['--socket=x'], ['--socket=65536'], ['--pipe=']])(
  'a server that is not told how to talk says so: %j',
  async (...args) => {
    const child = started(args[0] ?? '--unheard');
    const [said, [code]] = await Promise.all([text(child.stderr), exitOf(child)]);
    expect(said).toBe('archlens: Say how to talk: --stdio, --node-ipc, --socket=PORT or --pipe=NAME.\n');
    expect(code).toBe(exitCode.usage);
  },
);

test('a client that does not listen, or goes, ends the server', async () => {
  const nobody = started(`--pipe=${pipe}-nobody`);
  const [said, [code]] = await Promise.all([text(nobody.stderr), exitOf(nobody)]);
  expect(said).toMatch(/^archlens: The connection to the client failed: .*\.\n$/);
  expect(code).toBe(1);
  const server = await overSocket((at) => `--socket=${(at as AddressInfo).port}`);
  await server.initialize();
  server.close();
  expect((await server.gone())[0]).toBe(1);
});

test('parameters that are none stop nothing', async () => {
  const server = new RawServer();
  await server.initialize();
  const none = [undefined, null, 5, 'x', [], [null], {}, { id: null }, { id: {} }, { id: true }, { id: [5] }];
  const notified = ['$/cancelRequest', '$/progress', '$/setTrace', 'textDocument/didOpen', 'unheard-of'];
  for (const method of notified) for (const params of none) server.send({ jsonrpc: '2.0', method, params });
  for (const [index, params] of none.entries())
    server.send({ jsonrpc: '2.0', id: 100 + index, method: 'textDocument/hover', params });
  const codes: (number | undefined)[] = [];
  for (const index of none.keys()) codes.push((await server.answer(100 + index)).error?.code);
  // Invalid requests, or invalid parameters of sound ones; what misses in an object is found at no place.
  const invalidParams = -32_602;
  expect(codes).toEqual([
    invalidParams,
    invalidParams,
    invalidRequest,
    invalidRequest,
    invalidParams,
    invalidParams,
    ...none.slice(6).map(() => undefined),
  ]);
  server.send({ jsonrpc: '2.0', id: 2, method: 'shutdown', params: null });
  expect(await server.answer(2)).toMatchObject({ result: null });
  expect((await server.end())[0]).toBe(0);
});

test('the same length twice, other headers, blank lines between messages and bare line feeds are read', async () => {
  const server = new RawServer();
  await server.initialize();
  const message = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'shutdown' }));
  server.write(
    `\r\n\r\ncontent-length: ${message.length}\nX-Other: a\ncontent-length: ${message.length}\nContent-Type: a/b; charset="UTF8"\n\n${message.toString()}`,
  );
  expect(await server.answer(2)).toMatchObject({ result: null });
  expect((await server.end())[0]).toBe(0);
});

describe('the framing', () => {
  /** Garbage that ends no message and begins none. */
  const garbage = fc.oneof(
    fc.constantFrom(
      ...faults.map(([, bytes]) => Buffer.from(bytes as Buffer)).filter(({ length }) => length < 5000),
    ),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  );
  const message = fc.record({ id: fc.nat(), text: fc.string({ unit: 'binary', maxLength: 200 }) });

  /** All frames of pieces of a stream. */
  function framesOf(stream: Buffer, cuts: readonly number[]): readonly Frame[] {
    const framing = new Framing(10_000);
    const ends = [...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length];
    return ends.flatMap((end, index) =>
      framing.push(Buffer.from(stream.subarray(ends[index - 1] ?? 0, end))),
    );
  }

  test('does not depend on the pieces a stream comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(garbage, message.map(framed))), fc.array(fc.nat()), (parts, cuts) => {
        const stream = Buffer.concat(parts);
        const messages = (frames: readonly Frame[]) => frames.filter(({ kind }) => kind === 'message');
        expect(messages(framesOf(stream, cuts))).toEqual(messages(framesOf(stream, [])));
      }),
      { numRuns: 300 },
    );
  });

  test('finds every message, whatever is between them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(garbage, message, message)), (parts) => {
        const stream = Buffer.concat(
          parts.flatMap(([between, first, second]) => [between, framed(first), framed(second)]),
        );
        const found = framesOf(stream, []).flatMap((frame) =>
          frame.kind === 'message' ? [frame.message] : [],
        );
        // The first may have been taken for a part of what is before it.
        for (const [, , second] of parts) expect(found).toContainEqual(second);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps little of a stream without messages', () => {
    const framing = new Framing();
    let faults = 0;
    for (let piece = 0; piece < 2000; piece++) faults += framing.push(Buffer.alloc(65_536, 'x')).length;
    expect(faults).toBe(1);
    expect(framing.bytes).toBeLessThan(1000);
  });
});
