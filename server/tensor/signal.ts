import { isSensitive } from './ops/derivatives.ts';
import type { IrNode, NodeId, Program } from './ir.ts';

/** What of a program is 0 for structural reasons: whatever the samples and the drawn weights are. */
export interface ProgramSignal {
  /** Nodes whose value is 0. */
  readonly zero: readonly boolean[];
  /** Nodes on which the logits depend to first order; for a constant, whether its gradient can be other than 0. */
  readonly live: readonly boolean[];
}

/** Zeros followed forwards from filled constants, derivatives backwards from the logits. Linear in the nodes. */
export function programSignal({ nodes }: Program, logits: NodeId): ProgramSignal {
  const zero: boolean[] = [];
  for (const node of nodes) zero.push(isZero(node, zero));
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

function isZero({ op, inputs }: IrNode, zero: readonly boolean[]): boolean {
  const all = inputs.every((input) => zero[input]);
  const some = inputs.some((input) => zero[input]);
  switch (op.op) {
    case 'constant':
      return op.source.kind === 'fill' && op.source.value === 0;
    case 'input':
    case 'softmax':
    case 'argmaxOneHot':
      return false;
    case 'conv2d':
    case 'matmul':
      return some;
    case 'unary':
      return all && zeroAtZero.has(op.fn);
    case 'binary':
      if (op.fn === 'mul') return some;
      if (op.fn === 'div') return zero[inputs[0]!]!;
      return all && op.fn !== 'equal';
    case 'affine':
      return op.shift === 0 && (all || op.scale === 0);
    case 'clip':
      return all && op.low <= 0 && op.high >= 0;
    case 'pad':
      return all && op.value === 0;
    case 'reduce':
    case 'pool':
    case 'slice':
    case 'concat':
    case 'gather':
    case 'reshape':
    case 'transpose':
    case 'broadcast':
    case 'dilate':
    case 'upsample':
    case 'adjointKernel':
      return all;
  }
}

/** fn(0) = 0 */
const zeroAtZero: ReadonlySet<string> = new Set([
  'neg',
  'sqrt',
  'erf',
  'tanh',
  'relu',
  'step',
  'abs',
  'square',
]);

/** Whether the derivative by an operand can be other than 0; at kinks the conventions of `derivatives.ts`. */
function passes({ op, inputs, shape }: IrNode, operand: number, zero: readonly boolean[]): boolean {
  if (!isSensitive(op)) return false;
  const own = zero[inputs[operand]!]!;
  const other = inputs.some((input, index) => index !== operand && zero[input]!);
  if (op.op === 'conv2d' || op.op === 'matmul') return !other;
  if (op.op === 'binary') {
    if (op.fn === 'mul') return !other;
    // x / y does not change with y where x is 0.
    return op.fn !== 'div' || operand === 0 || !other;
  }
  if (op.op === 'unary') return !(own && (op.fn === 'relu' || op.fn === 'square' || op.fn === 'abs'));
  if (op.op === 'clip') return !(own && (op.low >= 0 || op.high <= 0));
  // The probability of the only class is 1.
  return op.op !== 'softmax' || shape.at(-1) !== 1;
}
