import type { IrNode, NodeId, PrimalProgram } from '../ir.ts';
import { reaching } from '../liveness.ts';
import type { PrimalNode } from '../ops/rule.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';

/** Copies the nodes that the logits need into a builder. */
export function copyPrimal(b: ProgramBuilder, primal: PrimalProgram): ReadonlyMap<NodeId, PrimalNode> {
  const live = reaching(primal.program, [primal.logits]);
  const copies = new Map<NodeId, PrimalNode>();
  for (const [id, node] of primal.program.nodes.entries()) {
    if (!live[id]) continue;
    const operands = node.inputs.map((input) => copies.get(input)!.result);
    const result = copyNode(b, node, operands);
    copies.set(id, { id, op: node.op, inputs: node.inputs, operands, result });
  }
  return copies;
}

/** The same node on operands of the program under construction. */
export function copyNode(
  b: ProgramBuilder,
  { op, shape }: Pick<IrNode, 'op' | 'shape'>,
  operands: readonly Value[],
): Value {
  if (op.op === 'constant') return b.constant(op.source, shape);
  return op.op === 'input' ? b.input(op.name, shape) : b.apply(op, operands);
}
