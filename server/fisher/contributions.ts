/** Share of the trace of F over an op's sampled weights. */
export interface OpContribution {
  /** `NetworkNode.path` */
  readonly path: string;
  /** 0 … 1; sums to 1 over all ops with sampled weights. */
  readonly share: number;
  /** How many of its tensors are among the chosen. */
  readonly tensors: number;
}

/** A chosen tensor and the op that owns it. */
export interface ChosenTensor {
  /** `NetworkNode.path` of the owner. */
  readonly path: string;
}

/**
 * Each op's share of the trace of F over its sampled weights, in order of first appearance.
 *
 * @param diagonals one diagonal of F per seed (length P); each is normalised before averaging, because the scale of F
 * varies by orders of magnitude between seeds.
 */
export function contributions(
  tensors: readonly ChosenTensor[],
  diagonals: readonly (readonly number[])[],
): OpContribution[] {
  const byPath = new Map<string, { share: number; tensors: number }>();
  for (const [index, { path }] of tensors.entries()) {
    const entry = byPath.get(path) ?? { share: 0, tensors: 0 };
    entry.tensors++;
    for (const diagonal of diagonals) {
      const trace = diagonal.reduce((sum, value) => sum + value, 0);
      entry.share += diagonal[index]! / trace / diagonals.length;
    }
    byPath.set(path, entry);
  }
  return Array.from(byPath, ([path, entry]) => ({ path, ...entry }));
}
