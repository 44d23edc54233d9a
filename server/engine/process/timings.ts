/** Limits and pauses of the supervisor, in milliseconds. */
export interface Timings {
  /** Silence after which a process that has spoken counts as hung. It speaks from a thread that never computes. */
  readonly silence: number;
  /** From spawning to being ready. */
  readonly start: number;
  /** From asking for a stop to killing: a chunk of a reasonable job ends in less. */
  readonly grace: number;
  /** First pause before restarting a process that died; doubles with every death in a row. */
  readonly backOff: number;
  /** Longest pause; and how long a broken engine is taken to stay broken. */
  readonly maxBackOff: number;
  /** Without a job for this long, the process is ended: it keeps the memory of its largest job. */
  readonly idle: number;
}

export const defaultTimings: Timings = {
  silence: 10_000,
  start: 60_000,
  grace: 1500,
  backOff: 100,
  maxBackOff: 30_000,
  idle: 10 * 60_000,
};
