import type { NodeId } from '../ir.ts';
import { addLanes, type Laned } from '../lanes.ts';
import { isSensitive } from '../ops/index.ts';
import type { PrimalNode } from '../ops/rule.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { derivative } from './derivative.ts';

/**
 * Reverse mode from any node to any others, also through ops that mix the samples as norms in batch mode do: the gradient of
 * ⟨cotangent, value of `from`⟩, summed over the batch, by the value of each wanted node.
 *
 * @param nodes as `copyPrimal` gives them
 * @param cotangent of the shape of `from`
 * @returns by wanted node, in its shape; without those that `from` does not depend on
 * @throws TypeError when an op between them has no derivative
 */
export function pullBack(
  b: ProgramBuilder,
  nodes: ReadonlyMap<NodeId, PrimalNode>,
  from: NodeId,
  cotangent: Value,
  wanted: readonly NodeId[],
): ReadonlyMap<NodeId, Value> {
  const targets = new Set(wanted);
  const active = new Set<NodeId>();
  for (const [id, { op, inputs }] of nodes)
    if (targets.has(id) || (isSensitive(op) && inputs.some((input) => active.has(input)))) active.add(id);

  const received = new Map<NodeId, Laned>();
  if (active.has(from)) received.set(from, { value: cotangent, lanes: 1 });
  for (let id = from; id >= 0; id -= 1) {
    const own = received.get(id);
    if (own === undefined) continue;
    if (!targets.has(id)) received.delete(id);
    const node = nodes.get(id)!;
    for (const [index, input] of node.inputs.entries()) {
      if (!active.has(input)) continue;
      const term = derivative(b, node, index, 'mixed').transpose(own);
      const sum = received.get(input);
      received.set(input, sum === undefined ? term : addLanes(b, sum, term));
    }
  }
  return new Map([...received].map(([id, { value }]) => [id, value]));
}
