import { Console } from 'node:console';
import { connect as createSocket, type NetConnectOpts } from 'node:net';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import {
  AbstractMessageReader,
  createConnection,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  ProposedFeatures,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type {
  Connection,
  DataCallback,
  Disposable,
  Message,
  MessageReader,
  MessageWriter,
} from 'vscode-languageserver/node';
import { exitCode } from '../base/exit-codes.ts';
import { Framing } from './framing.ts';
import { Lifecycle, refusal, withoutNull } from './lifecycle.ts';

/** A connection as the command line says: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`, where the client listens. */
export function connect(): Connection {
  const lifecycle = new Lifecycle();
  if (process.argv.includes('--node-ipc'))
    return serve(new IPCMessageReader(process), new IPCMessageWriter(process), lifecycle);
  const { input, output } = streams();
  const writer = new StreamMessageWriter(output);
  const leave = (): void => {
    process.exit(lifecycle.isShutDown ? 0 : 1);
  };
  input.on('end', leave).on('close', leave);
  return serve(new StreamReader(input, writer), writer, lifecycle);
}

const mostPort = 65_535;

interface Streams {
  readonly input: Readable;
  readonly output: Writable;
}

function streams(): Streams {
  if (process.argv.includes('--stdio')) {
    // Nothing but messages may stand in standard output.
    globalThis.console = new Console(process.stderr);
    return { input: process.stdin, output: process.stdout };
  }
  const port = given('--socket');
  const pipe = given('--pipe');
  if (port !== undefined && /^\d+$/.test(port) && Number(port) <= mostPort)
    return connected({ port: Number(port), host: '127.0.0.1' });
  if (pipe !== undefined && pipe !== '') return connected({ path: pipe });
  process.stderr.write('archlens: Say how to talk: --stdio, --node-ipc, --socket=PORT or --pipe=NAME.\n');
  process.exit(exitCode.usage);
}

/** The value of an option: `--name=value`, or `--name value`. */
function given(name: string): string | undefined {
  const index = process.argv.findIndex((argument) => argument === name || argument.startsWith(`${name}=`));
  const argument = process.argv[index];
  return argument === name ? process.argv[index + 1] : argument?.slice(name.length + 1);
}

function connected(to: NetConnectOpts): Streams {
  const socket = createSocket(to);
  socket.on('error', ({ message }) => {
    process.stderr.write(`archlens: The connection to the client failed: ${message}.\n`);
  });
  return { input: socket, output: socket };
}

function serve(reader: MessageReader, writer: MessageWriter, lifecycle: Lifecycle): Connection {
  const guardedReader: MessageReader = {
    onError: reader.onError,
    onClose: reader.onClose,
    onPartialMessage: reader.onPartialMessage,
    listen: (callback) =>
      reader.listen((message) => {
        const verdict = lifecycle.received(message);
        if (verdict === 'pass') callback(withoutNull(message));
        else if (verdict !== 'drop') send(writer, verdict);
      }),
    dispose: () => {
      reader.dispose();
    },
  };
  const watchedWriter: MessageWriter = {
    onError: writer.onError,
    onClose: writer.onClose,
    write: (message) => {
      lifecycle.sent(message);
      return writer.write(message);
    },
    end: () => {
      writer.end();
    },
    dispose: () => {
      writer.dispose();
    },
  };
  return createConnection(ProposedFeatures.all, guardedReader, watchedWriter);
}

/** Reads messages from a stream. What is none is answered with an error, and named on standard error. */
class StreamReader extends AbstractMessageReader {
  readonly #input: Readable;
  readonly #writer: MessageWriter;
  readonly #framing = new Framing();

  constructor(input: Readable, writer: MessageWriter) {
    super();
    this.#input = input;
    this.#writer = writer;
  }

  listen(callback: DataCallback): Disposable {
    const take = (chunk: Buffer): void => {
      for (const frame of this.#framing.push(chunk)) {
        if (frame.kind === 'message') callback(frame.message as Message);
        else
          this.#refuse(
            frame.code === 'parse' ? ErrorCodes.ParseError : ErrorCodes.InvalidRequest,
            frame.reason,
          );
      }
    };
    this.#input.on('data', take);
    this.#input.on('error', (error: Error) => {
      this.fireError(error);
    });
    this.#input.on('close', () => {
      this.fireClose();
    });
    return {
      dispose: () => {
        this.#input.off('data', take);
      },
    };
  }

  #refuse(code: number, reason: string): void {
    process.stderr.write(`archlens: ${reason} It was skipped.\n`);
    send(this.#writer, refusal(null, code, reason));
  }
}

function send(writer: MessageWriter, message: Message): void {
  // A client that is gone gets no answer.
  writer.write(message).catch(() => undefined);
}
