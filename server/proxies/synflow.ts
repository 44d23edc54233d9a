import { lower, SAMPLES_INPUT } from '../network/lower.ts';
import type { Network } from '../network/network.ts';
import { createBuilder, type ProgramBuilder, type Value } from '../tensor/builder.ts';
import type { IrNode, NodeId, Program, Source } from '../tensor/ir.ts';
import { isLayer, macsOf, ruleOf } from '../tensor/ops/index.ts';
import { count, type Shape } from '../tensor/shapes.ts';
import { copyNode } from '../tensor/transforms/copy.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';

/**
 * ln Σ |θ ⊙ ∂R/∂θ| over the weights of convolutions and linear layers, R the sum of the logits for an input of ones and all
 * weights replaced by their magnitudes (Tanaka et al., Pruning neural networks without any data, NeurIPS 2020; as a
 * score of networks Abdelfattah et al., ICLR 2021). The logarithm because the sum leaves the range of floats.
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
 * @throws ProxyFailure for ops that are not linear in what is positive
 */
export function synflowProgram(network: Network): { readonly program: Program; readonly logScale: number } {
  const { program: primal, params, logits } = lower(network, { batch: 1 });
  const b = createBuilder(1);
  const owned = new Set(params.map(({ node }) => node));
  const flows = new Map<NodeId, Flow>();
  for (const [id, node] of primal.nodes.entries()) {
    const operands = node.inputs.map((input) => flows.get(input)!);
    flows.set(id, flowOf(b, node, operands, owned.has(id)));
  }
  const { tangent, logScale } = flows.get(logits)!;
  if (tangent === undefined)
    throw new ProxyFailure('no-signal', 'No path with weights leads from the input to the logits.');
  return { program: b.finish({ flow: b.reduce('sum', tangent, [1]) }), logScale };
}

function flowOf(b: ProgramBuilder, node: IrNode, operands: readonly Flow[], isParam: boolean): Flow {
  const { op, shape } = node;
  const copy = (own: readonly Value[]): Value => copyNode(b, node, own);
  if (op.op === 'constant') {
    const value = copy([]);
    return {
      value: isParam ? b.unary('abs', value) : value,
      logScale: 0,
      fixed: true,
      zero: op.source.kind === 'fill' && op.source.value === 0,
    };
  }
  if (op.op === 'input') return { value: copy([]), logScale: 0, fixed: false, zero: false };
  const rule = ruleOf(op);
  const values = operands.map(({ value }) => value);
  if (operands.every(({ fixed }) => fixed)) {
    const zero = rule.movesWhole === true && operands.every((operand) => operand.zero);
    return { value: copy(values), logScale: 0, fixed: true, zero };
  }
  const [x, y] = operands as readonly [Flow, ...Flow[]];
  switch (rule.onNonNegative?.(op) ?? rule.linearity(op)) {
    case 'same':
      return x;
    case 'sum':
      return sum(b, x, y!);
    case 'linear':
      if (operands.length === 1) return mapped(x, (value) => copy([value]));
      break;
    case 'product': {
      if (operands.every(({ fixed }) => !fixed)) break;
      const own = operands.findIndex(({ fixed }) => !fixed);
      if (!isLayer(op)) return mapped(operands[own]!, (value) => copy(values.with(own, value)));
      if (own === 0) return layer(b, x, y!.value, macsOf(op, shapesOf(values), shape) / count(shape), copy);
      break;
    }
    case 'positive':
    case 'invariant':
    case 'none':
      break;
  }
  const name = 'fn' in op ? `${op.op} ${op.fn}` : op.op;
  throw new ProxyFailure(
    'not-applicable',
    `SynFlow needs a network of linear ops, sums and ReLUs; here is a ${name} too.`,
  );
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
  const largest = Math.max(x.logScale, y.logScale);
  const logScale = largest + Math.log(Math.exp(x.logScale - largest) + Math.exp(y.logScale - largest));
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
