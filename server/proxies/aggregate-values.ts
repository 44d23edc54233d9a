import { rankSum, type RankRule } from './rank-sum.ts';

/** A score, and which way is better. */
export interface Directed {
  readonly name: string;
  readonly better: 'higher' | 'lower';
}

/**
 * Values of an aggregate over the networks compared. A network without one of the parts is the worst by it.
 *
 * @param valuesOf a column of a proxy; undefined where it failed
 * @returns one a network; undefined for one that has none of the parts
 */
export function aggregateValues(
  parts: readonly Directed[],
  valuesOf: (part: Directed) => readonly (number | undefined)[],
  rule: RankRule = 'ln rank',
): readonly (number | undefined)[] {
  const columns = parts.map((proxy) => [proxy, valuesOf(proxy)] as const);
  const signed = columns.map(([proxy, values]): [string, readonly number[]] => [
    proxy.name,
    withWorst(proxy, values).map((value) => directed(proxy, value)),
  ]);
  return rankSum(new Map(signed), rule).map((value, row) =>
    columns.every(([, values]) => values[row] === undefined) ? undefined : value,
  );
}

/** The values; of a network without one, something worse than all of them. */
export function withWorst(part: Directed, values: readonly (number | undefined)[]): readonly number[] {
  const least = values.reduce<number>(
    (low, value) => Math.min(low, value === undefined ? Infinity : directed(part, value)),
    Infinity,
  );
  const worst = Number.isFinite(least) ? directed(part, least - Math.max(1, Math.abs(least))) : 0;
  return values.map((value) => value ?? worst);
}

/** The value, or its negative for a proxy of which less is better. */
function directed({ better }: Directed, value: number): number {
  return better === 'higher' ? value : -value;
}
