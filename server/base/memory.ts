import { freemem } from 'node:os';
import process from 'node:process';

/**
 * How many of some bytes of the machine this process may have: a container, or a control group, may allow less than there are.
 * Who goes beyond is ended by the system, without a word.
 */
export function allowedOf(bytes: number, constraint = process.constrainedMemory()): number {
  // 0 where there is none, or none that is known.
  return constraint > 0 ? Math.min(bytes, constraint) : bytes;
}

const shareOfFree = 0.7;
const leastLimit = 2 ** 30;

/** Bytes that a process may take where nobody says otherwise: seven tenths of what is free now, and at least 1 GiB. */
export function defaultMemoryLimit(free = allowedOf(freemem())): number {
  return Math.max(leastLimit, shareOfFree * free);
}
