/** Matrix products: `matmul`. */

import { unravel } from '../array.ts';
import type { OpOf } from '../ir.ts';
import { gatherLanes, onUnfolded, repeated, scaleLanes, sumLanes, type Laned } from '../lanes.ts';
import { composed, type LinearMap } from '../linear-map.ts';
import type { ProgramBuilder, Value } from '../program-builder.ts';
import { count, requireThat, sameExtents, show, type Shape } from '../shapes.ts';
import { transposeMap } from './layout.ts';
import { unscaled, type Rewriter, type Scaled } from './parts/rewriting.ts';
import { otherIsZero, type OpRule, type PrimalNode } from './rule.ts';
import { placed, type GradientPiece } from './parts/weight-gradient.ts';

type MatmulNode = PrimalNode<OpOf<'matmul'>>;

export const matmul: OpRule<OpOf<'matmul'>> = {
  arity: 2,
  shape({ op, transposeA, transposeB }, operands) {
    const [a, b] = operands as readonly [Shape, Shape];
    const leading = a.slice(0, -2);
    const fits =
      a.length >= 2 && (b.length === 2 || (b.length === a.length && sameExtents(leading, b.slice(0, -2))));
    requireThat(fits, op, () => `leading axes of ${show(a)} and ${show(b)} agree`);
    const [rows, inner] = transposeA ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
    const [innerB, columns] = transposeB ? [b.at(-1)!, b.at(-2)!] : [b.at(-2)!, b.at(-1)!];
    requireThat(inner === innerB, op, () => `inner extents of ${show(a)} and ${show(b)} agree`);
    return [...leading, rows, columns];
  },
  key: ({ transposeA, transposeB }) => `${transposeA} ${transposeB}`,
  kernel(op, [a, b], shape, out) {
    const rows = shape.at(-2)!;
    const columns = shape.at(-1)!;
    const inner = op.transposeA ? a!.shape.at(-2)! : a!.shape.at(-1)!;
    const [rowA, stepA] = op.transposeA ? [1, rows] : [inner, 1];
    const [stepB, columnB] = op.transposeB ? [1, inner] : [columns, 1];
    const matrices = out.length / (rows * columns);
    const shared = b!.shape.length === 2;
    const sums = new Float64Array(columns);
    const [left, right] = [a!.data, b!.data];
    for (let m = 0; m < matrices; m += 1) {
      const baseA = m * rows * inner;
      const baseB = shared ? 0 : m * inner * columns;
      for (let i = 0; i < rows; i += 1) {
        sums.fill(0);
        for (let k = 0; k < inner; k += 1) {
          const factor = left[baseA + i * rowA + k * stepA]!;
          if (factor === 0) continue;
          for (let j = 0, q = baseB + k * stepB; j < columns; j += 1, q += columnB) {
            sums[j]! += factor * right[q]!;
          }
        }
        out.set(sums, (m * rows + i) * columns);
      }
    }
  },
  macs: ({ transposeA }, [a], shape) => count(shape) * (transposeA ? a!.at(-2)! : a!.at(-1)!),
  uniform: (_op, operands) => (operands.includes(0) ? 0 : undefined),
  linearity: () => 'product',
  derivative: (b, { op, operands }, operand) =>
    operand === 0
      ? leftMap(b, op, operands[0]!.shape, operands[1]!)
      : rightMap(b, op, operands[0]!, operands[1]!.shape),
  isFlat: otherIsZero,
  weights: {
    reads: ({ transposeA }, operand) => operand === 1 && !transposeA,
    gradient: (b, node, _operand, elements, cotangent) => [weightGradient(b, node, elements, cotangent)],
    tangent: (b, node, _operand, element) => weightTangent(b, node, element),
  },
  layer: { gradient: layerGradient, inOrder: (_b, gradient) => gradient },
  keepsSamples: ({ transposeA }, [a]) => !(transposeA && a!.length === 2),
  isShared: (operands, operand) => operand === 1 && operands[1]!.length === 2,
  rewrite: (r, op, [left, right]) => rewrite(r, op, left!, right!),
  withFactor: (r, _op, [a, b], scale) => (r.isConstant(b!) ? [a!, r.scaledConstant(b!, scale)] : undefined),
};

/** x ↦ x · right, after the transpositions of the op. */
function leftMap(
  b: ProgramBuilder,
  { transposeA, transposeB }: OpOf<'matmul'>,
  from: Shape,
  right: Value,
): LinearMap {
  const rows = transposeA ? [matrixTransposeMap(b, from)] : [];
  const turned = transposeA ? [...from.slice(0, -2), from.at(-1)!, from.at(-2)!] : from;
  return composed(...rows, timesMatrixMap(b, turned, right, transposeB));
}

/** x ↦ left · x, after the transpositions of the op. */
function rightMap(
  b: ProgramBuilder,
  { transposeA, transposeB }: OpOf<'matmul'>,
  left: Value,
  from: Shape,
): LinearMap {
  const columns = transposeB ? [matrixTransposeMap(b, from)] : [];
  return composed(...columns, matrixTimesMap(b, left, transposeA));
}

/** x ↦ x · other; with `transposeB` x ↦ x · otherᵀ. The other factor is a matrix for all samples or one each. */
function timesMatrixMap(b: ProgramBuilder, from: Shape, other: Value, transposeB: boolean): LinearMap {
  const times = (x: Laned, transposed: boolean): Laned => {
    const shared = other.shape.length === 2;
    if (x.lanes === 1 || (from.length > 2 && shared) || from.length === 3) {
      // Lanes are further rows.
      return { value: b.matmul(x.value, other, { transposeB: transposed }), lanes: x.lanes };
    }
    return from.length === 2
      ? onUnfolded(b, x, (value) => b.matmul(value, other, { transposeB: transposed }))
      : { value: b.matmul(x.value, repeated(b, other, x.lanes), { transposeB: transposed }), lanes: x.lanes };
  };
  return { apply: (x) => times(x, transposeB), transpose: (y) => times(y, !transposeB) };
}

/** x ↦ other · x, with one other factor per sample; with `transposeA` x ↦ otherᵀ · x. */
function matrixTimesMap(b: ProgramBuilder, other: Value, transposeA: boolean): LinearMap {
  const times = (x: Laned, transposed: boolean): Laned => {
    if (other.shape.length > 3) {
      return {
        value: b.matmul(repeated(b, other, x.lanes), x.value, { transposeA: transposed }),
        lanes: x.lanes,
      };
    }
    return onUnfolded(b, x, (value, _, shift) => {
      const [batch, ...matrix] = other.shape;
      const own =
        shift === 0
          ? other
          : b.broadcast(b.reshape(other, [batch!, 1, ...matrix]), [batch!, x.lanes, ...matrix]);
      return b.matmul(own, value, { transposeA: transposed });
    });
  };
  return { apply: (x) => times(x, transposeA), transpose: (y) => times(y, !transposeA) };
}

/** x ↦ xᵀ over the last two axes. */
function matrixTransposeMap(b: ProgramBuilder, from: Shape): LinearMap {
  const rank = from.length;
  const axes = from.map((_, axis) => axis);
  return transposeMap(b, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

/** Σ_rows g[…, row, column] · a[…, row, inner] */
function weightGradient(
  b: ProgramBuilder,
  { op: { transposeB }, operands }: MatmulNode,
  elements: readonly number[],
  cotangent: Laned,
): GradientPiece {
  const [a, weight] = operands as readonly [Value, Value];
  const last = a.shape.length - 1;
  const places = elements.map((element) => {
    const [first, second] = unravel(element, weight.shape) as [number, number];
    return transposeB ? { column: first, inner: second } : { column: second, inner: first };
  });
  const received = gatherLanes(
    b,
    cotangent,
    last,
    places.map(({ column }) => column),
  );
  const seen = b.gather(
    a,
    last,
    places.map(({ inner }) => inner),
  );
  const product = scaleLanes(b, received, seen);
  const rows = a.shape.map((_, axis) => axis).slice(1, -1);
  return { value: rows.length === 0 ? product.value : sumLanes(b, product, rows).value, elements };
}

/** The column that the element meets. */
function weightTangent(b: ProgramBuilder, { op, operands, result }: MatmulNode, element: number): Value {
  const [a, weight] = operands as readonly [Value, Value];
  const [first, second] = unravel(element, weight.shape) as [number, number];
  const [column, inner] = op.transposeB ? [first, second] : [second, first];
  const last = a.shape.length - 1;
  const at = (position: number): number[] => a.shape.map((_, axis) => (axis === last ? position : 0));
  const seen = b.slice(
    a,
    at(inner),
    a.shape.map((extent, axis) => (axis === last ? 1 : extent)),
  );
  return placed(b, seen, at(column), result.shape);
}

/** `[B, …the weight's shape]` */
function layerGradient(b: ProgramBuilder, { op, operands }: MatmulNode, cotangent: Value): Value {
  if (op.transposeA) throw new TypeError('matmul: a transposed operand makes no layer');
  const [x, weight] = operands as readonly [Value, Value];
  const asRows = (value: Value): Value => {
    const [batch, last] = [value.shape[0]!, value.shape.at(-1)!];
    return b.reshape(value, [batch, count(value.shape) / (batch * last), last]);
  };
  const [inner, outer] = [asRows(x), asRows(cotangent)];
  const product = op.transposeB
    ? b.matmul(outer, inner, { transposeA: true })
    : b.matmul(inner, outer, { transposeA: true });
  return b.reshape(product, [x.shape[0]!, ...weight.shape]);
}

function rewrite(r: Rewriter, op: OpOf<'matmul'>, left: Scaled, right: Scaled): Scaled {
  const scale = left.scale * right.scale;
  const apply = (a: Value, b: Value): Value => r.apply(op, [a, b]);
  if (r.isConstant(right.value)) {
    return unscaled(apply(left.value, r.scaledConstant(right.value, scale)));
  }
  const result = apply(left.value, right.value);
  const sizes = [left, right].map(({ value }) => count(value.shape));
  if (scale === 1 || Math.min(...sizes) >= count(result.shape)) return { value: result, scale };
  // Multiplying the smaller operand is cheaper than multiplying the result later.
  return sizes[0]! <= sizes[1]!
    ? unscaled(apply(r.product({ value: left.value, scale }), right.value))
    : unscaled(apply(left.value, r.product({ value: right.value, scale })));
}
