import type { Program } from '../tensor/ir.ts';
import { splitConstants } from '../tensor/liveness.ts';
import { isView } from '../tensor/ops/index.ts';

/** Bytes of intermediate values, per sample. */
export interface Footprint {
  /** Activations that the derivatives need. */
  readonly base: number;
  /** Added by each lane, or by each tangent of a weight. */
  readonly perUnit: number;
}

/** Largest share of all activations that is alive at once; .24 to .39 were measured. */
const keptShare = 0.4;
/** Tensors as large as the largest that a lane keeps at once; 2.4 to 3.2 were measured. */
const tensorsPerLane = 3;

/**
 * Predicts the memory of a derivative program from the primal one of a single sample, without building it. The cost of the
 * program that is then built corrects the prediction.
 *
 * @param lanesPerUnit index sets are lanes of their own in forward mode
 */
export function predictFootprint(primal: Program, lanesPerUnit: number): Footprint {
  let all = 0;
  let largest = 0;
  for (const id of splitConstants(primal).run) {
    const { op, shape } = primal.nodes[id]!;
    const bytes = isView(op) ? 0 : 4 * shape.reduce((product, extent) => product * extent, 1);
    all += bytes;
    largest = Math.max(largest, bytes);
  }
  return { base: keptShare * all, perUnit: tensorsPerLane * largest * lanesPerUnit };
}
