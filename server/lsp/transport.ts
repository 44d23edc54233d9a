import { Console } from 'node:console';
import process from 'node:process';
import type { Readable } from 'node:stream';
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
import { Framing } from './framing.ts';
import { Lifecycle, refusal, withoutNull } from './lifecycle.ts';

/** A connection as the command line says: `--stdio`, `--node-ipc`, or what else the library knows. */
export function connect(): Connection {
  const lifecycle = new Lifecycle();
  if (process.argv.includes('--stdio')) {
    // Nothing but messages may stand in standard output.
    globalThis.console = new Console(process.stderr);
    const writer = new StreamMessageWriter(process.stdout);
    const leave = (): void => {
      process.exit(lifecycle.isShutDown ? 0 : 1);
    };
    process.stdin.on('end', leave).on('close', leave);
    return serve(new StdioReader(process.stdin, writer), writer, lifecycle);
  }
  if (process.argv.includes('--node-ipc'))
    return serve(new IPCMessageReader(process), new IPCMessageWriter(process), lifecycle);
  return createConnection(ProposedFeatures.all);
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
class StdioReader extends AbstractMessageReader {
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
