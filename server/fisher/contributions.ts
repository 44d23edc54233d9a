/** Share of the trace of F over an op's sampled weights. */
export interface OpContribution {
  /** `NetworkNode.path` */
  readonly path: string;
  /** 0 … 1; sums to 1 over all ops with sampled weights. */
  readonly share: number;
  /** How many of its tensors are among the chosen, of any draw. */
  readonly tensors: number;
}

/** A tensor and the op that owns it. */
export interface OwnedTensor {
  /** `NetworkNode.path` of the owner. */
  readonly path: string;
}

/** F of one draw. */
export interface DrawDiagonal {
  /** The tensors that were read, as indices in the list of all: length P. */
  readonly chosen: readonly number[];
  /** Of F, by chosen tensor. */
  readonly diagonal: readonly number[];
}

/**
 * Each op's share of the trace of F over its sampled weights, in declaration order. The diagonal of each draw is normalised
 * before averaging, because the scale of F varies by orders of magnitude between them.
 *
 * @param tensors all of the network, in declaration order
 */
export function contributions(
  tensors: readonly OwnedTensor[],
  draws: readonly DrawDiagonal[],
): OpContribution[] {
  // By tensor: its share in each draw that read it.
  const shares = tensors.map((): number[] => []);
  for (const { chosen, diagonal } of draws) {
    const trace = diagonal.reduce((sum, value) => sum + value, 0);
    for (const [position, tensor] of chosen.entries())
      shares[tensor]!.push(diagonal[position]! / trace / draws.length);
  }
  const byPath = new Map<string, { share: number; tensors: number }>();
  for (const [index, { path }] of tensors.entries()) {
    const ofDraws = shares[index]!;
    if (ofDraws.length === 0) continue;
    const entry = byPath.get(path) ?? { share: 0, tensors: 0 };
    entry.tensors++;
    for (const share of ofDraws) entry.share += share;
    byPath.set(path, entry);
  }
  return Array.from(byPath, ([path, entry]) => ({ path, ...entry }));
}
