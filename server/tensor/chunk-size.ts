/** Most samples per chunk. With so many, starting a node costs little beside its work. */
export const maxBatch = 16;
/** Bytes of intermediate values that a chunk is filled to: operands should stay in the caches. */
export const comfortable = 64e6;
/** The same where nodes do little, as for a single lane, so that fewer and larger chunks are faster. */
export const comfortableAlone = 160e6;

/** The largest divisor of `value` up to `limit`, at least 1. */
export function largestDivisor(value: number, limit: number): number {
  let divisor = Math.min(value, atLeastOne(limit));
  while (value % divisor !== 0) {
    divisor--;
  }
  return divisor;
}

export function atLeastOne(value: number): number {
  return Math.max(1, Math.floor(value));
}
