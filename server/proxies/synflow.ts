import { lower, SAMPLES_INPUT } from '../network/lower.ts';
import type { Network } from '../network/network.ts';
import { createBuilder, type ProgramBuilder, type Value } from '../tensor/builder.ts';
import type { AppliedOp, IrNode, NodeId, Program, Source } from '../tensor/ir.ts';
import { isLayer, macsOf, ruleOf } from '../tensor/ops/index.ts';
import { count, type Shape } from '../tensor/shapes.ts';
import { copyNode } from '../tensor/transforms/copy.ts';
import { derivative } from '../tensor/transforms/derivative.ts';
import { linearised } from './linearised.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';

/**
 * ln Σ |θ ⊙ ∂R/∂θ| over the weights of convolutions and linear layers, R the sum of the logits for an input of ones and all
 * weights replaced by their magnitudes (Tanaka et al., Pruning neural networks without any data, NeurIPS 2020; as a
 * score of networks Abdelfattah et al., ICLR 2021). The logarithm because the sum leaves the range of floats. What is not linear in
 * what is positive has rules of its own: docs/score.md#synflow.
 *
 * All terms are positive, so the sum is the derivative of R when all these weights grow in proportion: one tangent beside
 * the forward pass of one sample, and no backward pass.
 */
export const synflow: Proxy = {
  name: 'synflow',
  title: 'SynFlow',
  source: 'Tanaka et al., NeurIPS 2020',
  better: 'higher',
  inputs: 'ones',
  norm: 'eval',
  cost: '2 forward passes of 1 sample',
  measure: (context) => {
    const { program, logScale } = synflowProgram(context.network);
    return overSeeds(context, async (seed) => {
      const { flow } = await context.run({
        program,
        chunks: 1,
        bindings: synflowBindings(context.network),
        seed,
      });
      const value = Math.log(flow!.data[0]!) + logScale;
      if (Number.isFinite(value)) return value;
      throw flow!.data[0] === 0
        ? new ProxyFailure('no-signal', 'No path with weights leads from the input to the logits.')
        : new ProxyFailure('overflow', 'The flow leaves the range of 32-bit floats.');
    });
  },
};

/** One sample of ones, `[1, …input]`. */
export function synflowBindings({ inputShape }: Network): {
  readonly [SAMPLES_INPUT]: { readonly shape: readonly number[]; readonly source: Source };
} {
  return { [SAMPLES_INPUT]: { shape: [1, ...inputShape], source: { kind: 'fill', value: 1 } } };
}

/**
 * A value in the range of floats: what it stands for is e^logScale times as large. Paths of different depth differ by many
 * powers of ten, so each value has a scale of its own, known before the run.
 */
interface Flow {
  readonly value: Value;
  /** Absent where no weight led here. */
  readonly tangent?: Value;
  readonly logScale: number;
  /** Whether it does not depend on the input. */
  readonly fixed: boolean;
  readonly zero: boolean;
}

/**
 * The program of which `flow` `[1, 1]` times e^logScale is Σ |θ ⊙ ∂R/∂θ|.
 *
 * @throws ProxyFailure where no weight leads from input to logits
 */
export function synflowProgram(network: Network): { readonly program: Program; readonly logScale: number } {
  const { program: primal, params, logits } = lower(linearised(network), { batch: 1 });
  const b = createBuilder(1);
  const owned = new Set(params.map(({ node }) => node));
  const live = flowing(primal, logits);
  const flows = new Map<NodeId, Flow>();
  for (const [id, node] of primal.nodes.entries()) {
    if (!live[id]) continue;
    const operands = readBy(node).map((input) => flows.get(input)!);
    flows.set(id, flowOf(b, { ...node, id }, operands, owned.has(id)));
  }
  const { tangent, logScale } = flows.get(logits)!;
  if (tangent === undefined)
    throw new ProxyFailure('no-signal', 'No path with weights leads from the input to the logits.');
  return { program: b.finish({ flow: b.reduce('sum', tangent, [1]) }), logScale };
}

/** What a node's flow is made of: the weights of attention are all equal, whatever their softmax sees. */
function readBy({ op, inputs }: IrNode): readonly NodeId[] {
  return op.op === 'softmax' ? [] : inputs;
}

/** By node, whether the flow of the logits is made of it. */
function flowing({ nodes }: Program, logits: NodeId): readonly boolean[] {
  const live = nodes.map((_, id) => id === logits);
  for (let id = logits; id >= 0; id -= 1)
    if (live[id]) for (const input of readBy(nodes[id]!)) live[input] = true;
  return live;
}

function flowOf(
  b: ProgramBuilder,
  node: IrNode & { readonly id: NodeId },
  operands: readonly Flow[],
  isParam: boolean,
): Flow {
  const { op, shape } = node;
  const copy = (own: readonly Value[]): Value => copyNode(b, node, own);
  if (op.op === 'constant') {
    const value = copy([]);
    return fixed(isParam ? b.unary('abs', value) : value, op.source.kind === 'fill' && op.source.value === 0);
  }
  if (op.op === 'softmax') return fixed(b.broadcast(b.scalar(1 / shape.at(-1)!, shape.length), shape), false);
  if (op.op === 'input') return { value: copy([]), logScale: 0, fixed: false, zero: false };
  const rule = ruleOf(op);
  const values = operands.map(({ value }) => value);
  if (operands.every((operand) => operand.fixed)) {
    const zero = rule.movesWhole === true && operands.every((operand) => operand.zero);
    return fixed(copy(values), zero);
  }
  const [x, y] = operands as readonly [Flow, ...Flow[]];
  switch (rule.onNonNegative?.(op) ?? rule.linearity(op)) {
    case 'same':
      return x;
    case 'sum':
      return sum(b, x, y!);
    case 'linear':
      return operands.length === 1 ? mapped(x, (value) => copy([value])) : joined(b, operands, copy);
    case 'product': {
      if (operands.every((operand) => !operand.fixed)) {
        if (op.op !== 'binary') break;
        return mapped(sum(b, x, y!), (value) => b.affine(value, 1 / 2));
      }
      const own = operands.findIndex((operand) => !operand.fixed);
      if (!isLayer(op) || own > 0) return mapped(operands[own]!, (value) => copy(values.with(own, value)));
      return layer(b, x, y!.value, macsOf(op, shapesOf(values), shape) / count(shape), copy);
    }
    case 'positive':
      return largest(b, { ...node, op }, x);
    case 'invariant':
    case 'none':
      break;
  }
  const name = 'fn' in op ? `${op.op} ${op.fn}` : op.op;
  throw new ProxyFailure('not-applicable', `SynFlow has no rule for a ${name} of what is positive.`);
}

function fixed(value: Value, zero: boolean): Flow {
  return { value, logScale: 0, fixed: true, zero };
}

/** A maximum over some of the operand's elements: the tangent is that of the element that is taken. */
function largest(
  b: ProgramBuilder,
  { id, op, inputs }: IrNode & { readonly id: NodeId; readonly op: AppliedOp },
  x: Flow,
): Flow {
  const value = b.apply(op, [x.value]);
  if (x.tangent === undefined) return { ...x, value };
  const taken = derivative(b, { id, op, inputs, operands: [x.value], result: value }, 0);
  return { ...x, value, tangent: taken.apply({ value: x.tangent, lanes: 1 }).value };
}

/** A concatenation: all at the scale of its mean, which is about what a layer that sums it gets. */
function joined(
  b: ProgramBuilder,
  operands: readonly Flow[],
  copy: (operands: readonly Value[]) => Value,
): Flow {
  const all = operands.reduce((sum, { value }) => sum + count(value.shape), 0);
  const logScale = logSum(
    operands.flatMap(({ zero, value, logScale: own }) =>
      zero ? [] : [own + Math.log(count(value.shape) / all)],
    ),
  );
  const at = (flow: Flow, value: Value): Value =>
    b.affine(value, flow.zero ? 0 : Math.exp(flow.logScale - logScale));
  const value = copy(operands.map((flow) => at(flow, flow.value)));
  if (operands.every(({ tangent }) => tangent === undefined))
    return { value, logScale, fixed: false, zero: false };
  const tangents = operands.map((flow) =>
    flow.tangent === undefined ? b.affine(flow.value, 0) : at(flow, flow.tangent),
  );
  return { value, tangent: copy(tangents), logScale, fixed: false, zero: false };
}

function shapesOf(values: readonly Value[]): readonly Shape[] {
  return values.map(({ shape }) => shape);
}

/** A linear map of value and tangent alike. */
function mapped(x: Flow, map: (value: Value) => Value): Flow {
  return { ...x, value: map(x.value), ...(x.tangent === undefined ? {} : { tangent: map(x.tangent) }) };
}

/**
 * A layer: its weights are divided by what makes its output about as large as its input, which the scale remembers.
 *
 * @param fanIn how many products it sums
 * @param copy of its operands, the weight as the second
 */
function layer(
  b: ProgramBuilder,
  x: Flow,
  weight: Value,
  fanIn: number,
  copy: (operands: readonly Value[]) => Value,
): Flow {
  // E|w| = √(2/π)·σ with σ = √(2/fan-in) for Kaiming weights.
  const gain = Math.sqrt((4 / Math.PI) * fanIn);
  const scaled = b.affine(weight, 1 / gain);
  const value = copy([x.value, scaled]);
  return {
    ...x,
    value,
    tangent: x.tangent === undefined ? value : b.add(copy([x.tangent, scaled]), value),
    logScale: x.logScale + Math.log(gain),
  };
}

/** Both at the scale of their sum. */
function sum(b: ProgramBuilder, x: Flow, y: Flow): Flow {
  if (x.zero) return y;
  if (y.zero) return x;
  const logScale = logSum([x.logScale, y.logScale]);
  const at = (flow: Flow, value: Value): Value => b.affine(value, Math.exp(flow.logScale - logScale));
  const tangents = [x, y].flatMap((flow) => (flow.tangent === undefined ? [] : [at(flow, flow.tangent)]));
  const [first, second] = tangents;
  const tangent = first === undefined || second === undefined ? first : b.add(first, second);
  return {
    value: b.add(at(x, x.value), at(y, y.value)),
    ...(tangent === undefined ? {} : { tangent }),
    logScale,
    fixed: false,
    zero: false,
  };
}

/** ln Σ e^x. */
function logSum(logarithms: readonly number[]): number {
  const most = Math.max(...logarithms);
  return most + Math.log(logarithms.reduce((total, x) => total + Math.exp(x - most), 0));
}
