import { analyseActivity, distinctElements, requireIndexSets } from './activity.ts';
import { assembleJacobian, type WeightPieces } from './assemble-jacobian.ts';
import { ContractionPool } from './contractions.ts';
import { createBuilder } from '../builder.ts';
import type { ChosenWeight, NodeId, PrimalProgram, Program } from '../ir.ts';
import { addLanes, type Laned } from '../lanes.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { derivative, weightGradient } from './derivative.ts';
import { copyPrimal } from './copy.ts';
import { simplify } from './simplify/simplify.ts';

/** K cotangents of the logits per sample: `[B, K·C]`, lane-major, or the same as `[B, K, C]`. */
export interface Cotangents {
  readonly value: Value;
  readonly lanes: number;
}

export interface DerivativeOptions {
  /** Whether the program is simplified, as one for an engine should be. Default true. */
  readonly simplify?: boolean;
}

/**
 * Reverse mode. The program gives `logits` `[B, C]` and `jacobian` `[B, K, M, P]`, entry (b, k, m, p) being
 * Σ_c cotangents[b, k, c] · ∂logits[b, c] / ∂weights[p].elements[m]: of each sample alone, never summed over the batch.
 *
 * @param weights all with equally many elements (M)
 * @param cotangents writes them, given the logits; may add inputs to the program
 * @throws TypeError when a chosen parameter is used in a way that has no rule, or an op mixes samples
 */
export function reverse(
  primal: PrimalProgram,
  weights: readonly ChosenWeight[],
  cotangents: (b: ProgramBuilder, logits: Value) => Cotangents,
  options: DerivativeOptions = {},
): Program {
  const indexSets = requireIndexSets(weights);
  const b = createBuilder(primal.program.batch);
  const { active, uses } = analyseActivity(primal, weights);
  const nodes = copyPrimal(b, primal);
  const logits = nodes.get(primal.logits)!.result;
  const { value, lanes } = cotangents(b, logits);
  const seed = { value: b.reshape(value, [b.batch, lanes * logits.shape[1]!]), lanes };

  const received = new Map<NodeId, Laned>();
  if (active[primal.logits]) received.set(primal.logits, seed);
  const pieces: WeightPieces[] = [];
  const contractions = new ContractionPool(b);
  for (let id = primal.logits; id >= 0; id -= 1) {
    const cotangent = received.get(id);
    if (cotangent === undefined) continue;
    received.delete(id);
    const node = nodes.get(id)!;
    for (const use of uses.get(id) ?? []) {
      const elements = distinctElements(weights[use.weight]!);
      for (const piece of weightGradient(b, node, use.operand, elements, cotangent)) {
        if ('received' in piece) contractions.add({ ...piece, weight: use.weight });
        else pieces.push({ value: piece.value, owners: [{ elements: piece.elements, weight: use.weight }] });
      }
    }
    for (const [index, input] of primal.program.nodes[id]!.inputs.entries()) {
      if (!active[input]) continue;
      const term = derivative(b, node, index).transpose(cotangent);
      const sum = received.get(input);
      received.set(input, sum === undefined ? term : addLanes(b, sum, term));
    }
  }

  const all = [...contractions.finish(), ...pieces];
  const jacobian = assembleJacobian(b, all, weights, lanes, indexSets);
  const program = b.finish({ logits, jacobian });
  return options.simplify === false ? program : simplify(program);
}
