import process from 'node:process';

/** Processor time of this process in seconds: the wall clock of a busy machine says little. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export interface Timed<T> {
  readonly value: T;
  /** Of the quickest of at most three runs: a busy machine slows a process down in processor time, too. */
  readonly seconds: number;
}

/** Runs something, again where it takes longer than `limit` seconds of processor time. */
export function timed<T>(limit: number, run: () => T): Timed<T> {
  let seconds = Infinity;
  for (let attempt = 1; ; attempt += 1) {
    const start = cpuTime();
    const value = run();
    seconds = Math.min(seconds, cpuTime() - start);
    if (seconds < limit || attempt === 3) return { value, seconds };
  }
}
