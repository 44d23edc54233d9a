import process from 'node:process';

/**
 * How many of some bytes of the machine this process may have: a container, or a control group, may allow less than there are.
 * Who goes beyond is ended by the system, without a word.
 */
export function allowedOf(bytes: number, constraint = process.constrainedMemory()): number {
  // 0 where there is none, or none that is known.
  return constraint > 0 ? Math.min(bytes, constraint) : bytes;
}
