import process from 'node:process';
import { styleText } from 'node:util';
import type { WriteStream } from 'node:tty';
import { exitCode } from '../base/exit-codes.ts';
import type { FileError, FileErrorKind } from '../base/file-error.ts';
import { shown, shownLines } from './visible.ts';

type Format = Parameters<typeof styleText>[0];

/** Colours for a terminal; plain text for a file, a pipe, or with NO_COLOR. */
export function styled(stream: WriteStream, format: Format, text: string): string {
  return styleText(format, shownLines(text), { stream });
}

/** An error of the caller: shown as it is, without a stack; the exit code is 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What another name would mend. */
const otherNames: ReadonlySet<FileErrorKind> = new Set(['missing', 'dangling', 'not-regular', 'link']);

/** What a command exits with over a file: whether another name would do, the disk is at fault, or the file. */
export function codeOf({ action, kind }: FileError): number {
  if (otherNames.has(kind)) return exitCode.usage;
  return action === 'written' && (kind === 'full' || kind === 'system') ? exitCode.output : exitCode.failed;
}

/** Signals that cut a command short in good order. */
const signals = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated } as const;

/** The code of the signal that came first. */
let received: number | undefined;

/**
 * Runs with a signal that Ctrl-C and SIGTERM abort. A second one ends the process at once.
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const onSignal = (name: keyof typeof signals) => {
    if (abort.signal.aborted) {
      process.exit(cancelledCode());
    }
    received ??= signals[name];
    abort.abort();
  };
  for (const name of Object.keys(signals)) process.on(name, onSignal);
  try {
    return await run(abort.signal);
  } finally {
    for (const name of Object.keys(signals)) process.off(name, onSignal);
  }
}

/** What a command exits with that was cut short. */
export function cancelledCode(): number {
  return received ?? exitCode.interrupted;
}

/** Says that a command was cut short. @param note a sentence: what is kept */
export function sayCancelled(note = ''): void {
  process.stderr.write(`Cancelled.${note === '' ? '' : ` ${shown(note)}`}\n`);
  process.exitCode = cancelledCode();
}

type BarStream = Pick<WriteStream, 'isTTY' | 'columns'> & { write(text: string): unknown };

/** A line on stderr that shows how far a job is; nothing at all where stderr is no terminal. */
export class ProgressBar {
  readonly #stream: BarStream;
  #shown = '';

  constructor(stream: BarStream = process.stderr) {
    this.#stream = stream;
  }

  /** @param done 0 … 1 */
  update(done: number, label: string): void {
    if (!this.#stream.isTTY) {
      return;
    }
    const width = 24;
    const filled = Math.round(width * Math.min(1, Math.max(0, done)));
    const percent = `${(100 * done).toFixed(0)} %`.padStart(5);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${percent}  ${shown(label)}`;
    // A terminal that does not know its width says 0.
    const line = bar.slice(0, (this.#stream.columns || 80) - 1);
    if (line !== this.#shown) {
      this.#stream.write(`\r\u001b[K${line}`);
      this.#shown = line;
    }
  }

  clear(): void {
    if (this.#shown !== '') {
      this.#stream.write('\r\u001b[K');
      this.#shown = '';
    }
  }
}
