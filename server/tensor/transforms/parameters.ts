import type { ProgramBuilder, Value } from '../builder.ts';
import { isSensitive, type PrimalNode } from '../ops/derivatives.ts';
import type { ChosenWeight, NodeId, Op, PrimalProgram, Program } from '../ir.ts';
import { stridesOf } from '../array.ts';

/** Where a parameter enters the computation: the operand of one node. */
export interface ParameterUse {
  /** Index in the chosen weights. */
  readonly weight: number;
  readonly node: NodeId;
  readonly operand: number;
  readonly kind: 'conv' | 'matmul' | 'add' | 'mul' | 'broadcast';
}

/** What of a primal program depends on the chosen weights. */
export interface Activity {
  /** Nodes whose value changes with a chosen weight (the parameters and their reshapes are not among them). */
  readonly active: readonly boolean[];
  /** Uses by the node that reads the parameter. */
  readonly uses: ReadonlyMap<NodeId, readonly ParameterUse[]>;
}

/**
 * Finds the uses of the chosen weights and what depends on them. A parameter may be reshaped, and is then the weight of
 * a conv2d, the second factor of a matmul, an operand of add or mul, or broadcast; throws `TypeError` when it is used
 * otherwise.
 */
export function analyseActivity(primal: PrimalProgram, weights: readonly ChosenWeight[]): Activity {
  const { nodes } = primal.program;
  /** The chosen weight a node holds, unchanged but for its shape. */
  const holds = new Map<NodeId, number>(weights.map(({ param }, index) => [param.node, index]));
  const live = reachesLogits(primal.program, primal.logits);
  const active = nodes.map(() => false);
  const uses = new Map<NodeId, ParameterUse[]>();
  for (const [id, { op, inputs }] of nodes.entries()) {
    if (!live[id]) continue;
    if (op.op === 'reshape' && holds.has(inputs[0]!)) {
      holds.set(id, holds.get(inputs[0]!)!);
      continue;
    }
    for (const [operand, input] of inputs.entries()) {
      const weight = holds.get(input);
      if (weight === undefined) {
        if (active[input] && isSensitive(op)) active[id] = true;
        continue;
      }
      const kind = useKind(op, operand);
      if (kind === undefined) {
        const { name } = weights[weight]!.param;
        throw new TypeError(`parameter ${name}: no derivative as operand ${operand} of ${op.op}`);
      }
      active[id] = true;
      const known = uses.get(id);
      const use = { weight, node: id, operand, kind };
      if (known === undefined) uses.set(id, [use]);
      else known.push(use);
    }
  }
  return { active, uses };
}

function reachesLogits(program: Program, logits: NodeId): boolean[] {
  const live = program.nodes.map((_, id) => id === logits);
  for (let id = logits; id >= 0; id -= 1) {
    if (live[id]) for (const input of program.nodes[id]!.inputs) live[input] = true;
  }
  return live;
}

function useKind(op: Op, operand: number): ParameterUse['kind'] | undefined {
  if (op.op === 'conv2d' && operand === 1) return 'conv';
  if (op.op === 'matmul' && operand === 1 && !op.transposeA) return 'matmul';
  if (op.op === 'binary' && (op.fn === 'add' || op.fn === 'mul')) return op.fn;
  return op.op === 'broadcast' ? 'broadcast' : undefined;
}

/** Copies what the logits need of a primal program into a builder. */
export function copyPrimal(b: ProgramBuilder, primal: PrimalProgram): ReadonlyMap<NodeId, PrimalNode> {
  const live = reachesLogits(primal.program, primal.logits);
  const copies = new Map<NodeId, PrimalNode>();
  for (const [id, { op, inputs, shape }] of primal.program.nodes.entries()) {
    if (!live[id]) continue;
    const operands = inputs.map((input) => copies.get(input)!.result);
    copies.set(id, { id, op, inputs, operands, result: copyNode(b, op, operands, shape) });
  }
  return copies;
}

function copyNode(b: ProgramBuilder, op: Op, operands: readonly Value[], shape: readonly number[]): Value {
  if (op.op === 'constant') return b.constant(op.source, shape);
  return op.op === 'input' ? b.input(op.name, shape) : b.apply(op, operands);
}

/** Different elements of a chosen weight, ascending: index sets wrap in small tensors. */
export function distinctElements({ elements }: ChosenWeight): readonly number[] {
  return [...new Set(elements)].sort((a, b) => a - b);
}

/** The multi-index of a flat row-major index. */
export function unravel(flat: number, shape: readonly number[]): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(flat / stride) % shape[axis]!);
}

/** The rows (or columns) of a convolution's result that a kernel tap reaches the operand from, and what it reads. */
export interface TapRange {
  /** First row of the result. */
  readonly first: number;
  /** Number of rows; 0 when the tap only ever sees padding. */
  readonly count: number;
  /** Row of the operand that the first one reads; the next read `stride` further. */
  readonly reads: number;
}

export function tapRange(
  tap: number,
  stride: number,
  dilation: number,
  pad: number,
  extent: number,
  resultExtent: number,
): TapRange {
  const offset = tap * dilation - pad;
  const first = Math.max(0, Math.ceil(-offset / stride));
  const last = Math.min(resultExtent - 1, Math.floor((extent - 1 - offset) / stride));
  return { first, count: Math.max(0, last - first + 1), reads: first * stride + offset };
}
