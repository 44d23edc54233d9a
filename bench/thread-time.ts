import process from 'node:process';

/**
 * Milliseconds of processor time of this thread. Linux brings them up to date when a thread stops running, and else some hundred
 * times a second: so a moment of sleep comes first.
 */
export function threadTime(): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** A module that answers every message to its process with the same of that process's main thread. */
export const threadClock = `data:text/javascript,${encodeURIComponent(`
  process.on('message', () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    const { user, system } = process.threadCpuUsage();
    process.send((user + system) / 1000);
  });
`)}`;
