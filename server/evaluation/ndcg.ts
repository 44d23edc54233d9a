import type { Counts, Ordered, Pairs } from './pairs.ts';

/**
 * Normalised discounted cumulative gain of the first P networks by score: (1/Z) Σ_{j≤P} (2^a_j − 1)/log₂(1 + j), a in
 * percent, Z the same sum in the best order (Týbl and Neumann, CVPR 2025; docs/score.md#metrics). Networks of equal score
 * share their mean gain: the expectation over the orders in which they may stand (McSherry and Najork, ECIR 2008).
 *
 * @param depth P; all networks where there are fewer
 * @returns 0 … 1; undefined where a target is negative, or all are 0
 */
export function ndcg({ score, target }: Pairs, counts: Counts, depth: number): number | undefined {
  const [least, most] = [target.values[target.order[0]!], target.values[target.order.at(-1)!]];
  if (least === undefined || most === undefined || least < 0 || most === 0) return undefined;
  const discounts = cumulativeDiscounts(depth);
  const gains = target.values.map((value) => scaledGain(value, most));
  const best = discountedGain(target, gains, counts, discounts);
  return best === 0 ? undefined : discountedGain(score, gains, counts, discounts) / best;
}

/** (2^a − 1) / 2^most: the factor cancels, and nothing overflows. Small a keep their digits. */
function scaledGain(a: number, most: number): number {
  return a < 1 ? Math.expm1(a * Math.LN2) * 2 ** -most : 2 ** (a - most) - 2 ** -most;
}

function discountedGain(
  { order, level }: Ordered,
  gains: Float64Array,
  counts: Counts,
  discounts: Float64Array,
): number {
  const depth = discounts.length - 1;
  let sum = 0;
  let before = 0;
  for (let end = order.length; end > 0 && before < depth;) {
    let start = end;
    let size = 0;
    let gain = 0;
    for (; start > 0 && level[order[start - 1]!] === level[order[end - 1]!]; start -= 1) {
      const row = order[start - 1]!;
      size += counts[row]!;
      gain += counts[row]! * gains[row]!;
    }
    if (size > 0) {
      const after = before + size;
      sum += (gain / size) * (discounts[Math.min(after, depth)]! - discounts[before]!);
      before = after;
    }
    end = start;
  }
  return sum;
}

let known = new Float64Array(1);

/** Entry j is Σ_{i≤j} 1/log₂(1 + i), j = 0 … depth. */
function cumulativeDiscounts(depth: number): Float64Array {
  if (known.length !== depth + 1) {
    known = new Float64Array(depth + 1);
    for (let j = 1; j <= depth; j += 1) known[j] = known[j - 1]! + 1 / Math.log2(1 + j);
  }
  return known;
}
