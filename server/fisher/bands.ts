import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { FisherInformation } from './information.ts';

/** Bands between consecutive deciles: below the first, …, above the ninth. */
export const bandCount = 10;

/** The trace of one F by decile bands. */
export interface Bands {
  /** Trace of F in each band: Σ λ over its eigenvalues. */
  readonly trace: Float64Array;
  /** The part of it that each group of weights holds, `[bandCount, groups]`, row-major; each row sums to `trace`. */
  readonly parts: Float64Array;
}

/**
 * Splits the trace of F by decile bands and by groups of weights, through the eigenvectors: eigenvalue λ with unit
 * eigenvector v gives weight i the part λ vᵢ², for Σᵢ vᵢ² = 1. Of P ascending eigenvalues, the j-th takes up the
 * interval [j/P, (j + 1)/P] of the distribution, and is split where a decile cuts it, so every band holds P/10 of them.
 *
 * @param groupOf the group (0 … groups − 1) of each weight
 */
export function decileBands(
  information: FisherInformation,
  samples: number,
  groupOf: readonly number[],
  groups: number,
): Bands {
  const size = information.weights;
  const trace = new Float64Array(bandCount);
  const parts = new Float64Array(bandCount * groups);
  const energy = new Float64Array(groups);
  const { modes, weightEnergy } = decompose(information, samples);
  // Modes ascend. Where there are fewer modes than weights, the other eigenvalues are 0 and hold nothing.
  for (let mode = 0; mode < modes; mode++) {
    energy.fill(0);
    for (let weight = 0; weight < size; weight++) energy[groupOf[weight]!]! += weightEnergy(mode, weight);
    const from = ((size - modes + mode) * bandCount) / size;
    const to = from + bandCount / size;
    for (let band = Math.floor(from); band < Math.min(to, bandCount); band++) {
      const overlap = (Math.min(to, band + 1) - Math.max(from, band)) / (to - from);
      if (overlap <= 0) continue;
      for (let group = 0; group < groups; group++) {
        const part = overlap * energy[group]!;
        parts[band * groups + group]! += part;
        trace[band]! += part;
      }
    }
  }
  return { trace, parts };
}

interface Decomposition {
  /** How many eigenvalues are described: the largest ones. */
  readonly modes: number;
  /** λ vᵢ² of the mode (ascending) and weight i. */
  readonly weightEnergy: (mode: number, weight: number) => number;
}

function decompose(information: FisherInformation, samples: number): Decomposition {
  const { matrix, size } = information.smallest(samples);
  const { values, vectors } = eigen(matrix, size);
  const { factor, weights } = information;
  if (factor === undefined) {
    return {
      modes: size,
      weightEnergy: (mode, weight) => Math.max(0, values[mode]!) * vectors.get(weight, mode) ** 2,
    };
  }
  // F = RᵀR / N and its Gram matrix RRᵀ / N = U Λ Uᵀ share Λ, and √λ v = Rᵀu / √N.
  const energy = new Float64Array(size * weights);
  for (let mode = 0; mode < size; mode++) {
    const sums = energy.subarray(mode * weights, (mode + 1) * weights);
    for (let row = 0; row < size; row++) {
      const coefficient = vectors.get(row, mode);
      const start = row * weights;
      for (let weight = 0; weight < weights; weight++) {
        sums[weight]! += coefficient * factor.rows[start + weight]!;
      }
    }
    for (let weight = 0; weight < weights; weight++) sums[weight] = sums[weight]! ** 2 / samples;
  }
  return { modes: size, weightEnergy: (mode, weight) => energy[mode * weights + weight]! };
}

/** Ascending eigenvalues and their unit eigenvectors (columns) of a matrix of which the lower triangle is filled. */
function eigen(lower: Float64Array, size: number): { values: number[]; vectors: Matrix } {
  const full = Matrix.zeros(size, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const entry = lower[row * size + column]!;
      full.set(row, column, entry);
      full.set(column, row, entry);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(full, { assumeSymmetric: true });
  return { values: realEigenvalues, vectors: eigenvectorMatrix };
}
