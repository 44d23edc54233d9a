import { isLeaf, type IrNode, type NodeId, type Program } from './ir.ts';
import { isSensitive, ruleOf } from './ops/index.ts';

/** Which values and gradients of a program are 0 whatever the samples and the drawn weights are. */
export interface ProgramSignal {
  /** Nodes whose value is 0. */
  readonly zero: readonly boolean[];
  /** Nodes on which the logits depend to first order; for a constant, whether its gradient can be other than 0. */
  readonly live: readonly boolean[];
}

/** Follows zeros forwards from filled constants, and derivatives backwards from the logits, in time linear in the nodes. */
export function programSignal({ nodes }: Program, logits: NodeId): ProgramSignal {
  const zero: boolean[] = [];
  for (const node of nodes) zero.push(isZero(node, nodes, zero));
  const live = nodes.map((_, id) => id === logits);
  for (let id = logits; id >= 0; id -= 1) {
    if (!live[id]) continue;
    const node = nodes[id]!;
    for (const [operand, input] of node.inputs.entries()) {
      if (passes(node, operand, zero)) live[input] = true;
    }
  }
  return { zero, live };
}

/** Whether the value follows to be 0 from the operands that are. */
function isZero({ op, inputs, shape }: IrNode, nodes: readonly IrNode[], zero: readonly boolean[]): boolean {
  if (op.op === 'constant') return op.source.kind === 'fill' && op.source.value === 0;
  if (op.op === 'input') return false;
  const uniform = ruleOf(op).uniform(
    op,
    inputs.map((input) => (zero[input]! ? 0 : undefined)),
    inputs.map((input) => nodes[input]!.shape),
    shape,
  );
  return uniform === 0;
}

/** Whether the derivative by an operand can be other than 0. */
function passes({ op, inputs, shape }: IrNode, operand: number, zero: readonly boolean[]): boolean {
  if (isLeaf(op) || !isSensitive(op)) return false;
  const zeros = inputs.map((input) => zero[input]!);
  return ruleOf(op).isFlat?.(op, operand, zeros, shape) !== true;
}
