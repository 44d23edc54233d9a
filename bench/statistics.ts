/** Order statistics of repeated measurements. */
export interface Summary {
  readonly median: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

export function summarise(values: readonly number[]): Summary {
  if (values.length === 0) {
    throw new RangeError('nothing was measured');
  }
  const ascending = values.toSorted((a, b) => a - b);
  const rank = (q: number) => ascending[Math.min(ascending.length - 1, Math.ceil(q * ascending.length) - 1)]!;
  return {
    median: rank(0.5),
    p95: rank(0.95),
    min: ascending[0]!,
    max: ascending.at(-1)!,
    count: ascending.length,
  };
}
