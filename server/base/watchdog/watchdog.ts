import { join } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { field, newMemory, type Subject, type Watched, writeSubject } from './watched.ts';

export interface WatchdogOptions {
  /** Seconds of processor time without a sign of life; ten times as long where the process waits for something. */
  readonly limit: number;
  /** With which the process ends. */
  readonly exitCode: number;
}

/** The limit (seconds), or that of `ARCHLENS_TIME_LIMIT`; 0 there: nothing is watched. */
export function limitFromEnvironment(limit: number): number {
  const { ARCHLENS_TIME_LIMIT: given } = process.env;
  return given !== undefined && /^\d+(\.\d+)?$/.test(given) ? Number(given) : limit;
}

/**
 * Ends the process when its main thread does not come back: a thread of its own sees that, says on stderr what the main
 * thread was at, and has the process exit with a code. Seconds are those of the processor, so that a busy machine, one that
 * sleeps or a stopped process are no reason.
 */
export class Watchdog {
  readonly #memory = newMemory();
  readonly #state = new Int32Array(this.#memory, 0, field.count);
  readonly #options: WatchdogOptions;
  #journal: string | undefined;
  #subject: Subject = { name: '', digest: '' };
  #worker: Worker | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** A file that gets the digest of what does not end, as a line. To be called before anything is watched. */
  keepDigests(journal: string): void {
    this.#journal = journal;
  }

  /** From now on signs of life are expected at any time: for a program that answers. */
  watchAlways(): void {
    this.#start();
    if (this.#worker === undefined) return;
    Atomics.store(this.#state, field.busy, 1);
    const heart = setInterval(
      () => {
        this.#beat();
      },
      (1000 * this.#options.limit) / 10,
    );
    heart.unref();
  }

  #about(subject: Subject): void {
    this.#subject = subject;
    writeSubject(this.#memory, subject);
    this.#beat();
  }

  /** Runs something that must come back, also in a program that may be busy otherwise. */
  watch<T>(subject: Subject, run: () => T): T {
    this.#start();
    const outer = this.#subject;
    this.#about(subject);
    const before = Atomics.exchange(this.#state, field.busy, 1);
    try {
      return run();
    } finally {
      Atomics.store(this.#state, field.busy, before);
      this.#about(outer);
    }
  }

  #beat(): void {
    Atomics.add(this.#state, field.beat, 1);
  }

  #start(): void {
    const { limit, exitCode } = this.#options;
    if (this.#worker !== undefined || limit === 0 || isDebugged()) return;
    const workerData: Watched = {
      memory: this.#memory,
      limit: 1000 * limit,
      exitCode,
      journal: this.#journal,
    };
    this.#worker = new Worker(threadModule(), { workerData, execArgv: [] });
    // Without it nothing is watched, and all else works.
    this.#worker.on('error', () => undefined);
    this.#worker.unref();
  }
}

/** Whoever debugs the program stops it for as long as it takes. */
function isDebugged(): boolean {
  return process.execArgv.some((argument) => argument.startsWith('--inspect'));
}

/** The module of the thread: a bundle beside that of the program, or the source. */
function threadModule(): string {
  return join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'watcher.ts' : 'watcher.cjs');
}
