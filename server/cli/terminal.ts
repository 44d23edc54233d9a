import process from 'node:process';
import { styleText } from 'node:util';
import type { WriteStream } from 'node:tty';

type Format = Parameters<typeof styleText>[0];

/** Colours for a terminal; plain text for a file, a pipe, or with NO_COLOR. */
export function styled(stream: WriteStream, format: Format, text: string): string {
  return styleText(format, text, { stream });
}

/** An error of the caller: shown as it is, without a stack; the exit code is 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Codes the commands exit with. */
export const exitCode = {
  /** Everything asked for is there. */
  ok: 0,
  /** Something in the files is wrong, or a model has no score. */
  failed: 1,
  /** The command was called wrongly. */
  usage: 2,
  /** Ctrl-C, as shells count it. */
  cancelled: 130,
} as const;

/**
 * Runs with a signal that Ctrl-C aborts. A second Ctrl-C ends the process at once.
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const onInterrupt = () => {
    if (abort.signal.aborted) {
      process.exit(exitCode.cancelled);
    }
    abort.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    return await run(abort.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
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
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${percent}  ${label}`;
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
