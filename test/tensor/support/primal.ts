import { createBuilder, type ProgramBuilder, type Value } from '../../../server/tensor/builder.ts';
import type { ChosenWeight, ParamRef, PrimalProgram, Program } from '../../../server/tensor/ir.ts';
import { interpret } from '../../../server/tensor/interpret.ts';
import type { Numbers, Tensor } from '../../../server/tensor/array.ts';
import { inlineSource, materialise } from '../../../server/tensor/materialise.ts';
import { count } from '../../../server/tensor/shapes.ts';

export const batch = 2;

/** Declares parameters while a test network is written. */
export interface Declare {
  readonly b: ProgramBuilder;
  /** A normal parameter; its values depend on the order of declaration. */
  readonly param: (shape: readonly number[], std?: number) => Value;
  /** A normal constant that is no parameter. */
  readonly fixed: (shape: readonly number[]) => Value;
  readonly input: (shape: readonly number[]) => Value;
}

/** A network written by `build`, which returns the tensor that a random projection turns into logits. */
export function primalOf(
  build: (declare: Declare) => Value,
  classes = 3,
): { primal: PrimalProgram; inputs: Record<string, Numbers> } {
  const b = createBuilder(batch);
  const params: ParamRef[] = [];
  const inputs: Record<string, Numbers> = {};
  let constants = 0;
  const normal = (shape: readonly number[], std: number): Value => {
    constants += 1;
    return b.constant({ kind: 'normal', name: `constant ${constants}`, std }, shape);
  };
  const features = build({
    b,
    param(shape, std = 1) {
      const value = normal(shape, std);
      params.push({ name: `param ${params.length}`, node: value.node, shape });
      return value;
    },
    fixed: (shape) => normal(shape, 1),
    input(shape) {
      const name = `input ${Object.keys(inputs).length}`;
      const whole = [batch, ...shape];
      inputs[name] = materialise({ kind: 'normal', name, std: 1 }, whole, 1, 'float64');
      return b.input(name, whole);
    },
  });
  const width = count(features.shape) / batch;
  const logits = b.matmul(b.reshape(features, [batch, width]), normal([width, classes], 1));
  const program = b.finish({ logits });
  return { primal: { program, params, logits: logits.node, nodeValues: [] }, inputs };
}

/** `x` plus a parameter of its shape: derivatives by all elements of the parameter are those by `x`. */
export function movable({ b, input, param }: Declare, shape: readonly number[]): Value {
  return b.add(input(shape), b.reshape(param(shape), [1, ...shape]));
}

/** Every element of every parameter, cut or repeated to the same number for each. */
export function allElements({ params }: PrimalProgram): ChosenWeight[] {
  const most = Math.max(...params.map(({ shape }) => count(shape)));
  return params.map((param) => ({
    param,
    elements: Array.from({ length: most }, (_, i) => i % count(param.shape)),
  }));
}

/** ∂logits / ∂elements by central differences in float64, `[B, C, M, P]`. */
export function differences(
  { program, logits }: PrimalProgram,
  weights: readonly ChosenWeight[],
  inputs: Readonly<Record<string, Numbers>>,
): Float64Array {
  const [samples, classes] = program.nodes[logits]!.shape as [number, number];
  const sets = weights[0]!.elements.length;
  const out = new Float64Array(samples * classes * sets * weights.length);
  const step = 1e-6;
  for (const [p, { param, elements }] of weights.entries()) {
    const node = program.nodes[param.node]!;
    if (node.op.op !== 'constant') throw new TypeError('a parameter is a constant');
    const values = materialise(node.op.source, node.shape, 1, 'float64') as Float64Array;
    const known = new Map<number, Float64Array>();
    for (const [m, element] of elements.entries()) {
      let column = known.get(element);
      if (column === undefined) {
        const [above, below] = [step, -step].map((h) => {
          const moved = values.with(element, values[element]! + h);
          const changed = { ...node, op: { op: 'constant', source: inlineSource(moved) } } as const;
          const nodes = program.nodes.with(param.node, changed);
          return interpret({ ...program, nodes }, inputs, { seed: 1 })['logits']!.data;
        });
        column = Float64Array.from(above!, (value, i) => (value - below![i]!) / (2 * step));
        known.set(element, column);
      }
      for (let row = 0; row < samples * classes; row += 1) {
        out[(row * sets + m) * weights.length + p] = column[row]!;
      }
    }
  }
  return out;
}

/** Writes K fixed cotangents per sample, the same for all samples, `[K, C]`. */
export function fixedCotangents(values: Float64Array, lanes: number) {
  return (b: ProgramBuilder, logits: Value): { value: Value; lanes: number } => {
    const classes = logits.shape[1]!;
    const constant = b.constant(inlineSource(values), [1, lanes, classes]);
    return { value: b.broadcast(constant, [b.batch, lanes, classes]), lanes };
  };
}

/** Σ_c cotangents[k, c] · jacobian[b, c, rest], `[B, K, rest]`. */
export function contracted(
  jacobian: Float64Array,
  cotangents: Float64Array,
  lanes: number,
  classes: number,
): Float64Array {
  const rest = jacobian.length / (batch * classes);
  const out = new Float64Array(batch * lanes * rest);
  for (let n = 0; n < batch; n += 1) {
    for (let k = 0; k < lanes; k += 1) {
      for (let c = 0; c < classes; c += 1) {
        const factor = cotangents[k * classes + c]!;
        for (let i = 0; i < rest; i += 1) {
          out[(n * lanes + k) * rest + i]! += factor * jacobian[(n * classes + c) * rest + i]!;
        }
      }
    }
  }
  return out;
}

export function normals(length: number, name: string): Float64Array {
  return materialise({ kind: 'normal', name, std: 1 }, [length], 1, 'float64') as Float64Array;
}

export function outputOf(program: Program, inputs: Readonly<Record<string, Numbers>>, name: string): Tensor {
  const output = interpret(program, inputs, { seed: 1 })[name];
  if (output === undefined) throw new Error(`no output ${name}`);
  return output;
}

/** Largest difference relative to the largest magnitude (or to 1, if that is larger). */
export function discrepancy(actual: Numbers, expected: Numbers): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 1;
  let worst = 0;
  for (let i = 0; i < actual.length; i += 1) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (Number.isNaN(difference)) return Infinity;
    largest = Math.max(largest, Math.abs(expected[i]!));
    worst = Math.max(worst, difference);
  }
  return worst / largest;
}
