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

export function median(values: readonly number[]): number {
  return summarise(values).median;
}

/** Spearman's rank correlation; equal values share their average rank. Undefined when one side is constant. */
export function spearman(x: readonly number[], y: readonly number[]): number | undefined {
  return pearson(ranks(x), ranks(y));
}

/** A 95 % interval of a rank correlation of n pairs: Fisher's z, with the variance of Bonett and Wright (2000). */
export function spearmanInterval(rho: number, count: number): readonly [number, number] {
  const z = Math.atanh(Math.min(rho, 1 - 1e-12));
  const half = 1.96 * Math.sqrt((1 + rho ** 2 / 2) / (count - 3));
  return [Math.tanh(z - half), Math.tanh(z + half)];
}

/** The exponent b of y = a·x^b, by least squares on logarithms. */
export function exponent(x: readonly number[], y: readonly number[]): number {
  const [logX, logY] = [x.map(Math.log), y.map(Math.log)];
  const [meanX, meanY] = [mean(logX), mean(logY)];
  const covariance = mean(logX.map((value, index) => (value - meanX) * (logY[index]! - meanY)));
  return covariance / mean(logX.map((value) => (value - meanX) ** 2));
}

function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const result = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (const index of order.slice(from, to)) result[index] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}

function pearson(x: readonly number[], y: readonly number[]): number | undefined {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [index, value] of x.entries()) {
    xx += (value - meanX) ** 2;
    yy += (y[index]! - meanY) ** 2;
    xy += (value - meanX) * (y[index]! - meanY);
  }
  return xx === 0 || yy === 0 ? undefined : xy / Math.sqrt(xx * yy);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
