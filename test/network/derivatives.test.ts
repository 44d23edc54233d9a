import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpContext, OpDefinition } from '../../server/network/op.ts';
import { opRegistry } from '../../server/network/ops/index.ts';
import { elementCount } from '../../server/network/shape.ts';
import { interpret } from '../../server/tensor/interpret.ts';
import type { ChosenWeight, PrimalProgram, Program } from '../../server/tensor/ir.ts';
import { forward } from '../../server/tensor/transforms/forward.ts';
import { inlineSource, materialise } from '../../server/tensor/materialise.ts';
import { reverse } from '../../server/tensor/transforms/reverse.ts';
import { validUse } from './support/cases.ts';
import { BATCH, inputsOf, lowerUse, normalTensor } from './support/run.ts';
import { at, fill, tensor, type Tensor } from './support/tensor.ts';
import { cases } from '../support/property-runs.ts';

// Requirement: the adjoint and the tangent of every op agree with finite differences in float64, by its inputs and by
// its parameters, over shapes, strides, paddings and groups.

/** Elements of each parameter and of each input that are differentiated by. */
const ELEMENTS = 3;
const LANES = 2;
const STEP = 1e-6;
const TOLERANCE = 1e-6;

interface Problem {
  readonly primal: PrimalProgram;
  readonly weights: readonly ChosenWeight[];
  readonly inputs: Readonly<Record<string, Float64Array>>;
  readonly seed: number;
}

/** The op as a primal program whose logits are its flattened output. */
function problemOf(op: OpDefinition, use: OpContext, seed: number): Problem {
  const { builder, output, params } = lowerUse(op, use, true);
  const logits = builder.reshape(output, [BATCH, elementCount(output.shape) / BATCH]);
  const program = builder.finish({ logits });
  const weights = params.map((param, p) => {
    const size = elementCount(param.shape);
    const elements = Array.from({ length: ELEMENTS }, (_, m) => (seed + 31 * m * m + 7 * m + p) % size);
    return { param, elements };
  });
  const inputs = Object.entries(inputsOf(use, seed)).map(([name, x]) => [name, x.data] as const);
  return {
    primal: { program, params, logits: logits.node, nodeValues: [] },
    weights,
    inputs: Object.fromEntries(inputs),
    seed,
  };
}

/** The logits `[batch, C]` with `delta` added to one element of a parameter. */
function logitsAt(problem: Problem, { param }: ChosenWeight, element: number, delta: number): Float64Array {
  const { primal, inputs, seed } = problem;
  const constant = primal.program.nodes[param.node]!;
  if (constant.op.op !== 'constant') throw new Error('a parameter is a constant');
  const values = Float64Array.from(materialise(constant.op.source, param.shape, seed));
  values[element]! += delta;
  const program: Program = {
    ...primal.program,
    nodes: primal.program.nodes.map((node, id) =>
      id === param.node ? { ...node, op: { op: 'constant', source: inlineSource(values) } } : node,
    ),
  };
  return Float64Array.from(interpret(program, inputs, { seed })['logits']!.data);
}

/** What the two modes compute: Σ_c cotangent[b, k, c] · ∂logits[b, c] / ∂weight, or NaN where a kink is too near. */
type Entry = (b: number, k: number) => number;

/** Central differences; where the one-sided ones disagree there is a kink (of a ReLU, a maximum) within the step. */
function differences(
  problem: Problem,
  weight: ChosenWeight,
  element: number,
  cotangents: Float64Array,
): Entry {
  const [below, here, above] = [-STEP, 0, STEP].map((delta) => logitsAt(problem, weight, element, delta)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const classes = here.length / BATCH;
  return (b, k) => {
    let total = 0;
    for (let c = 0; c < classes; c++) {
      const i = b * classes + c;
      const left = (here[i]! - below[i]!) / STEP;
      const right = (above[i]! - here[i]!) / STEP;
      if (Math.abs(left - right) > 1e-2 * (1 + Math.abs(left + right))) return NaN;
      total += (cotangents[(b * LANES + k) * classes + c]! * (left + right)) / 2;
    }
    return total;
  };
}

/** Largest disagreement of a Jacobian `[B, K, M, P]` with finite differences, relative to the size of its entries. */
function worstError(problem: Problem, jacobian: ArrayLike<number>, cotangents: Float64Array): number {
  const { weights } = problem;
  let worst = 0;
  for (const [p, weight] of weights.entries()) {
    for (const [m, element] of weight.elements.entries()) {
      const expected = differences(problem, weight, element, cotangents);
      for (let b = 0; b < BATCH; b++) {
        for (let k = 0; k < LANES; k++) {
          const difference = expected(b, k);
          if (Number.isNaN(difference)) continue;
          const entry = jacobian[((b * LANES + k) * ELEMENTS + m) * weights.length + p]!;
          worst = Math.max(worst, Math.abs(entry - difference) / (1 + Math.abs(difference)));
        }
      }
    }
  }
  return worst;
}

/** The Jacobian `[B, K, M, P]` of reverse mode. */
function byReverse(problem: Problem, cotangents: Tensor): ArrayLike<number> {
  const program = reverse(problem.primal, problem.weights, (b) => ({
    value: b.input('cotangents', cotangents.shape),
    lanes: LANES,
  }));
  const inputs = { ...problem.inputs, cotangents: cotangents.data };
  const jacobian = interpret(program, inputs, { seed: problem.seed })['jacobian']!;
  expect(jacobian.shape).toEqual([BATCH, LANES, ELEMENTS, problem.weights.length]);
  return jacobian.data;
}

/** The same from forward mode's Jacobian of the logits `[B, C, M, P]`. */
function byForward(problem: Problem, cotangents: Tensor): ArrayLike<number> {
  const program = forward(problem.primal, problem.weights);
  const { shape, data } = interpret(program, problem.inputs, { seed: problem.seed })['jacobian']!;
  const [, classes, ...rest] = shape as [number, number, number, number];
  expect(rest).toEqual([ELEMENTS, problem.weights.length]);
  const jacobian = tensor(shape, Float64Array.from(data));
  return fill([BATCH, LANES, ...rest], (b, k, m, p) => {
    let total = 0;
    for (let c = 0; c < classes; c++) total += at(cotangents, b, k * classes + c) * at(jacobian, b, c, m, p);
    return total;
  }).data;
}

const MODES = [
  ['an adjoint', byReverse],
  ['a tangent', byForward],
] as const;

describe.each([...opRegistry.values()])('$name', (op) => {
  it.each(MODES)('has %s that agrees with finite differences', (_, jacobianOf) => {
    fc.assert(
      fc.property(validUse(op), fc.nat(1000), (use, seed) => {
        const problem = problemOf(op, use, seed);
        const classes = problem.primal.program.nodes[problem.primal.logits]!.shape[1]!;
        const cotangents = normalTensor('cotangents', [BATCH, LANES * classes], seed);
        const jacobian = jacobianOf(problem, cotangents);
        expect(worstError(problem, jacobian, cotangents.data)).toBeLessThan(TOLERANCE);
      }),
      cases(25),
    );
  });
});
