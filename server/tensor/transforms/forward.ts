import { createBuilder } from '../builder.ts';
import type { ChosenWeight, NodeId, PrimalProgram, Program } from '../ir.ts';
import { concatLanes, unfold } from '../lanes.ts';
import type { PrimalNode } from '../ops/rule.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { analyseActivity, distinctElements, requireIndexSets } from './activity.ts';
import { copyPrimal } from './copy.ts';
import { derivative, weightTangents } from './derivative.ts';
import { sumTangents, union, withZeroLanes, type Tangents } from './lane-sets.ts';
import type { DerivativeOptions } from './reverse.ts';
import { simplify } from './simplify/simplify.ts';

/**
 * Forward mode. The program gives `logits` `[B, C]` and `jacobian` `[B, C, M, P]`, entry (b, c, m, p) being
 * ∂logits[b, c] / ∂weights[p].elements[m]. A scalar's tangent starts at the op that reads it, so lanes grow along the
 * network; to bound memory, spread the weights over several programs.
 *
 * @param weights all with equally many elements (M)
 * @throws TypeError when a chosen parameter is used in a way that has no rule, or an op mixes samples
 */
export function forward(
  primal: PrimalProgram,
  weights: readonly ChosenWeight[],
  options: DerivativeOptions = {},
): Program {
  const indexSets = requireIndexSets(weights);
  const b = createBuilder(primal.program.batch);
  const { active, uses } = analyseActivity(primal, weights);
  const nodes = copyPrimal(b, primal);
  const logits = nodes.get(primal.logits)!.result;

  // Scalars are numbered weight by weight. These are the numbers of the first ones.
  const elements = weights.map(distinctElements);
  const firsts: number[] = [];
  elements.reduce((next, own) => {
    firsts.push(next);
    return next + own.length;
  }, 0);

  const tangents = new Map<NodeId, Tangents>();
  for (const [id, node] of nodes) {
    if (!active[id]) continue;
    const terms = operandTerms(b, node, primal.program.nodes[id]!.inputs, tangents);
    for (const use of uses.get(id) ?? []) {
      const own = elements[use.weight]!;
      terms.push({
        laned: weightTangents(b, node, use.operand, own),
        scalars: own.map((_, i) => firsts[use.weight]! + i),
      });
    }
    tangents.set(id, sumTangents(b, terms));
  }

  const columns = weights.map((weight, p) =>
    weight.elements.map((element) => firsts[p]! + elements[p]!.indexOf(element)),
  );
  const jacobian = assemble(b, logits, tangents.get(primal.logits), columns, indexSets);
  const program = b.finish({ logits, jacobian });
  return options.simplify === false ? program : simplify(program);
}

/** The terms of a node's tangents that come from the tangents of its operands. */
function operandTerms(
  b: ProgramBuilder,
  node: PrimalNode,
  inputs: readonly NodeId[],
  tangents: ReadonlyMap<NodeId, Tangents>,
): Tangents[] {
  const own = inputs.map((input) => tangents.get(input));
  if (node.op.op === 'concat' && own.every((tangent) => tangent !== undefined)) {
    // The parts are put side by side at once; each among zeros, and then added, would be more work.
    const scalars = union(own.map((tangent) => tangent.scalars));
    const parts = own.map((tangent) => withZeroLanes(b, tangent, scalars));
    return [{ laned: concatLanes(b, parts, node.op.axis), scalars }];
  }
  return own.flatMap((tangent, index) =>
    tangent === undefined
      ? []
      : [{ laned: derivative(b, node, index).apply(tangent.laned), scalars: tangent.scalars }],
  );
}

/** The Jacobian `[B, C, M, P]`; scalars without influence have zeros. */
function assemble(
  b: ProgramBuilder,
  logits: Value,
  tangents: Tangents | undefined,
  columns: readonly (readonly number[])[],
  indexSets: number,
): Value {
  const [batch, classes] = logits.shape as readonly [number, number];
  const shape = [batch, classes, indexSets, columns.length];
  if (tangents === undefined) return b.broadcast(b.scalar(0, 4), shape);
  const { laned, scalars } = tangents;
  const byClass = b.transpose(unfold(b, laned), [0, 2, 1]);
  const position = new Map(scalars.map((scalar, i) => [scalar, i]));
  const order = Array.from({ length: indexSets }, (_, set) =>
    columns.map((own) => position.get(own[set]!) ?? scalars.length),
  ).flat();
  const source = order.includes(scalars.length) ? b.pad(byClass, [0, 0, 0], [0, 0, 1]) : byClass;
  return b.reshape(b.gather(source, 2, order), shape);
}
