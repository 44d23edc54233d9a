import { describe, expect, it } from 'vitest';
import { createBuilder, type Value } from '../../server/tensor/builder.ts';
import { interpret } from '../../server/tensor/interpret.ts';
import type { Op, Program } from '../../server/tensor/ir.ts';
import type { Laned } from '../../server/tensor/lanes.ts';
import { inlineSource } from '../../server/tensor/materialise.ts';
import { inferShape, isSensitive, ruleOf } from '../../server/tensor/ops/index.ts';
import { count, type Shape } from '../../server/tensor/shapes.ts';
import { derivative } from '../../server/tensor/transforms/derivative.ts';
import { withBatch } from '../../server/tensor/transforms/rebatch.ts';
import { simplify } from '../../server/tensor/transforms/simplify/simplify.ts';
import { batch, samples, type Sample } from './support/op-samples.ts';
import { discrepancy, normals } from './support/primal.ts';

// What the rule of each op says, held against what its kernel computes.

type Operand = Float64Array;

/** Values between 0.25 and 3, of either sign: where every function is defined, and away from its kinks. */
function draw(shape: Shape, name: string): Operand {
  return normals(count(shape), name).map((value) => Math.sign(value) * Math.min(3, 0.25 + Math.abs(value)));
}

const drawn = ({ operands }: Sample, name = 'x'): Operand[] =>
  operands.map((shape, i) => draw(shape, `${name} ${i}`));
const magnitudes = (values: readonly Operand[]): Operand[] => values.map((value) => value.map(Math.abs));
const scaled = (values: readonly Operand[], scale: number): Operand[] =>
  values.map((value) => value.map((element) => scale * element));
const added = (a: Operand, b: Operand): Operand => a.map((element, i) => element + b[i]!);

/** A program of one op whose operands are inputs; those that all samples share are constants. */
function programOf({ op, operands }: Sample): Program {
  const rule = ruleOf(op);
  const leaves = operands.map((shape, i) => {
    const leaf: Op =
      rule.isShared?.(operands, i) === true
        ? { op: 'constant', source: { kind: 'normal', name: `w ${i}`, std: 1 } }
        : { op: 'input', name: `x ${i}` };
    return { op: leaf, inputs: [], shape };
  });
  const node = { op, inputs: operands.map((_, i) => i), shape: inferShape(op, operands) };
  return {
    batch,
    nodes: [...leaves, node],
    outputs: [{ name: 'y', node: leaves.length, gather: 'samples' }],
  };
}

/** What the kernel makes of the operands. */
function computed({ op, operands }: Sample, values: readonly Operand[]): Operand {
  const nodes = operands.map((shape, i) => ({
    op: { op: 'constant', source: inlineSource(values[i]!) } as const,
    inputs: [],
    shape,
  }));
  const node = { op, inputs: operands.map((_, i) => i), shape: inferShape(op, operands) };
  const outputs = [{ name: 'y', node: nodes.length, gather: 'samples' }] as const;
  return interpret({ batch, nodes: [...nodes, node], outputs }, {}, { seed: 1 })['y']!.data as Operand;
}

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(discrepancy(Float64Array.from(actual), Float64Array.from(expected))).toBeLessThan(1e-12);
};

/** A sum of products by scalars of which f(…) is the same sum of what f gives for each. */
function expectLinear(
  f: (values: readonly Operand[]) => Operand,
  x: readonly Operand[],
  y: readonly Operand[],
) {
  const sum = scaled(x, 2).map((own, i) => added(own, scaled(y, 3)[i]!));
  close(f(sum), added(...(scaled([f(x)], 2) as [Operand]), ...(scaled([f(y)], 3) as [Operand])));
}

const all = Object.values(samples)
  .flat()
  .map((sample): [string, Sample] => [
    `${JSON.stringify(sample.op)} of ${JSON.stringify(sample.operands)}`,
    sample,
  ]);

describe.each(all)('%s', (_, sample) => {
  const { op, operands } = sample;
  const rule = ruleOf(op);
  const shape = inferShape(op, operands);

  it('is uniform where the rule says so', () => {
    for (const value of [0, 1, -0.5, 2]) {
      // Each operand uniform, alone and with all the others.
      const patterns = [...operands.keys(), -1].map((only) =>
        operands.map((_own, i) => only === -1 || only === i),
      );
      for (const uniform of patterns) {
        const known = uniform.map((own) => (own ? value : undefined));
        const expected = rule.uniform(op, known, operands, shape);
        // A quotient of zeros counts as zero.
        const isUndefined = op.op === 'binary' && op.fn === 'div' && value === 0 && uniform[1]!;
        if (expected === undefined || isUndefined) continue;
        const values = drawn(sample).map((own, i) => (uniform[i]! ? own.fill(value) : own));
        const actual = computed(sample, values);
        if (Number.isFinite(expected))
          close(
            actual,
            actual.map(() => expected),
          );
        else expect([...actual]).toEqual([...actual.map(() => expected)]);
      }
    }
    expect(
      rule.uniform(
        op,
        operands.map(() => undefined),
        operands,
        shape,
      ),
    ).toBe(op.op === 'affine' && op.scale === 0 ? op.shift : undefined);
  });

  it('follows factors as the rule says', () => {
    const [x, y] = [drawn(sample), drawn(sample, 'y')];
    const f = (values: readonly Operand[]): Operand => computed(sample, values);
    switch (rule.linearity(op)) {
      case 'linear':
        expectLinear(f, x, y);
        break;
      case 'product':
        for (const i of operands.keys()) {
          expectLinear((own) => f(x.with(i, own[0]!)), [x[i]!], [y[i]!]);
        }
        break;
      case 'positive':
        close(f(scaled(x, 2.5)), scaled([f(x)], 2.5)[0]!);
        break;
      case 'invariant':
        close(f(scaled(x, 2.5)), f(x));
        break;
      case 'none':
        expect(discrepancy(f(scaled(x, 2.5)), scaled([f(x)], 2.5)[0]!)).toBeGreaterThan(1e-3);
    }
  });

  it('follows operands ≥ 0 as the rule says', () => {
    const [x, y] = [magnitudes(drawn(sample)), magnitudes(drawn(sample, 'y'))];
    const f = (values: readonly Operand[]): Operand => computed(sample, values);
    const way = rule.onNonNegative?.(op) ?? rule.linearity(op);
    if (way !== 'none') expect(f(x).every((value) => value >= 0)).toBe(true);
    if (way === 'same') close(f(x), x[0]!);
    if (way === 'linear' || way === 'sum') expectLinear(f, x, y);
    if (way === 'sum') expect(operands.length).toBe(2);
  });

  it('has the derivative of its kernel, with the transpose of that', () => {
    const shared = operands.map((_own, i) => rule.isShared?.(operands, i) === true);
    for (const operand of operands.keys()) {
      if (!isSensitive(op) || shared[operand]! || !rule.keepsSamples(op, operands)) {
        expect(() => mapAt(sample, magnitudes(drawn(sample)), operand)).toThrow(TypeError);
        continue;
      }
      // Where logarithms and roots are defined too.
      const at = magnitudes(drawn(sample));
      const map = mapAt(sample, at, operand);
      const step = 1e-6;
      const [above, below] = [step, -step].map((h) =>
        computed(sample, at.with(operand, added(at[operand]!, scaled([map.tangent], h)[0]!))),
      );
      const slope = above!.map((value, i) => (value - below![i]!) / (2 * step));
      expect(discrepancy(map.applied, slope)).toBeLessThan(1e-7);
      const product = (a: Operand, b: Operand): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      expect(product(map.applied, map.cotangent)).toBeCloseTo(product(map.tangent, map.transposed), 8);
    }
  });

  it('is flat where the rule says so', () => {
    if (!isSensitive(op) || !rule.keepsSamples(op, operands)) return;
    for (const operand of operands.keys()) {
      if (rule.isShared?.(operands, operand) === true) continue;
      for (const zeros of [[], [0], [1], [0, 1]].map((own) => operands.map((_shape, i) => own.includes(i)))) {
        const at = drawn(sample).map((own, i) => (zeros[i]! ? own.fill(0) : own));
        const { applied } = mapAt(sample, at, operand);
        if (rule.isFlat?.(op, operand, zeros, shape) === true)
          expect(applied.every((value) => value === 0 || Number.isNaN(value))).toBe(true);
        // Of two zeros the first is the larger and the smaller one.
        else if (rule.linearity(op) !== 'positive' || zeros.includes(false) || operands.length === 1)
          expect(applied.some((value) => value !== 0)).toBe(true);
      }
    }
  });

  it('keeps samples apart where the rule says so', () => {
    const program = programOf(sample);
    const inputs = Object.fromEntries(drawn(sample).map((values, i) => [`x ${i}`, values]));
    const halved = withBatch(program, batch / 2);
    if (!rule.keepsSamples(op, operands)) {
      expect(halved).toBeUndefined();
      return;
    }
    const rows = [0, 1].flatMap((half) => {
      const part = Object.entries(inputs).map(([name, values]): [string, Operand] => [
        name,
        values.slice((half * values.length) / 2, ((half + 1) * values.length) / 2),
      ]);
      return [...interpret(halved!, Object.fromEntries(part), { seed: 1 })['y']!.data];
    });
    expect(rows).toEqual([...interpret(program, inputs, { seed: 1 })['y']!.data]);
  });

  it('stays the same when factors around it are moved', () => {
    for (const scale of [2, -3]) {
      const b = createBuilder(batch);
      const values = magnitudes(drawn(sample));
      const inputs = operands.map((own, i) =>
        own[0] === batch && rule.isShared?.(operands, i) !== true
          ? b.input(`x ${i}`, own)
          : b.constant(inlineSource(values[i]!), own),
      );
      const result = b.apply(
        op,
        inputs.map((value) => b.affine(value, scale)),
      );
      const y = b.affine(result, 1.5);
      if (y.shape[0] !== batch) continue;
      const program = b.finish({ y });
      const given = Object.fromEntries(values.map((own, i) => [`x ${i}`, own]));
      const [expected, actual] = [program, simplify(program)].map(
        (own) => interpret(own, given, { seed: 1 })['y']!.data,
      );
      if (expected!.every(Number.isFinite)) close(actual!, expected!);
    }
  });
});

/** The derivative by one operand, applied to two tangents (lanes), and its transpose to two cotangents. */
function mapAt({ op, operands }: Sample, at: readonly Operand[], operand: number) {
  const b = createBuilder(operands[operand]![0]!);
  const values = operands.map((shape, i) => b.constant(inlineSource(at[i]!), shape));
  const result = b.apply(op, values);
  const map = derivative(b, { id: 0, op, inputs: [], operands: values, result }, operand);
  const tangent = draw(operands[operand]!, 'tangent');
  const cotangent = draw(result.shape, 'cotangent');
  const lanes = (values: Operand, shape: Shape): Laned => {
    const folded = [shape[0]!, 2 * shape[1]!, ...shape.slice(2)];
    const one: Value = b.constant(inlineSource(values), shape);
    const value = b.concat([b.affine(one, 5), one], 1);
    expect(value.shape).toEqual(folded);
    return { value, lanes: 2 };
  };
  /** The second lane; the first is five times it. */
  const second = ({ value }: Laned): Value => {
    const half = value.shape.map((extent, axis) => (axis === 1 ? extent / 2 : extent));
    return b.slice(
      value,
      half.map((extent, axis) => (axis === 1 ? extent : 0)),
      half,
    );
  };
  const applied = second(map.apply(lanes(tangent, operands[operand]!)));
  const transposed = second(map.transpose(lanes(cotangent, result.shape)));
  const outputs = interpret(b.finish({ applied, transposed }), {}, { seed: 1 });
  return {
    tangent,
    cotangent,
    applied: outputs['applied']!.data as Operand,
    transposed: outputs['transposed']!.data as Operand,
  };
}
