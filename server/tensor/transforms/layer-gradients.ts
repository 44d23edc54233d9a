import type { ProgramBuilder, Value } from '../builder.ts';
import type { PrimalNode } from '../ops/derivatives.ts';
import type { Op } from '../ir.ts';
import { count } from '../shapes.ts';

/**
 * Gradients by the whole weight of a convolution or matrix product, of each sample alone: `[B, weights]`, each weight at a
 * place of its own that is the same for all samples, in no particular order.
 *
 * @param cotangent of the node's result
 * @throws TypeError for a node of another op
 */
export function layerGradients(b: ProgramBuilder, node: PrimalNode, cotangent: Value): Value {
  const gradients = gradientsByTap(b, node, cotangent);
  return b.reshape(gradients, [cotangent.shape[0]!, count(gradients.shape) / cotangent.shape[0]!]);
}

/**
 * The sum of the gradients of all samples: `[1, weights]`, row-major in the weight's own shape.
 *
 * @param cotangent of the node's result
 * @throws TypeError for a node of another op
 */
export function summedLayerGradient(b: ProgramBuilder, node: PrimalNode, cotangent: Value): Value {
  // Summed first: there is less to bring into order then.
  const sum = b.reduce('sum', gradientsByTap(b, node, cotangent), [0]);
  const byWeight = node.op.op === 'conv2d' ? b.transpose(sum, [0, 1, 3, 2]) : sum;
  return b.reshape(byWeight, [1, count(sum.shape)]);
}

/** `[B, outputs, taps, channels per group]` of a convolution, `[B, …the weight's shape]` of a matrix product. */
function gradientsByTap(b: ProgramBuilder, node: PrimalNode, cotangent: Value): Value {
  const { op } = node;
  if (op.op === 'conv2d') return convolutionGradient(b, op, node, cotangent);
  if (op.op === 'matmul' && !op.transposeA) return matmulGradient(b, op.transposeB, node, cotangent);
  throw new TypeError(`${op.op} is no layer`);
}

/** One product a group: the cotangent with what each kernel tap reads, taps side by side. */
function convolutionGradient(
  b: ProgramBuilder,
  { stride, pads, dilation, groups }: Extract<Op, { readonly op: 'conv2d' }>,
  { operands }: PrimalNode,
  cotangent: Value,
): Value {
  const [x, weight] = operands as readonly [Value, Value];
  const [batch, channels] = x.shape as readonly [number, number];
  const [outputs, perGroup, rows, columns] = weight.shape as readonly [number, number, number, number];
  const [, , height, width] = cotangent.shape as readonly [number, number, number, number];
  const area = height * width;
  const padded = b.pad(x, [0, 0, pads[0], pads[1]], [0, 0, pads[2], pads[3]]);
  const taps = Array.from({ length: rows * columns }, (_, tap) => {
    const start = [0, 0, Math.floor(tap / columns) * dilation[0], (tap % columns) * dilation[1]];
    const seen = b.slice(padded, start, [batch, channels, height, width], [1, 1, ...stride]);
    return b.reshape(seen, [batch, groups, perGroup, area]);
  });
  const received = b.reshape(cotangent, [batch, groups, outputs / groups, area]);
  const product = b.matmul(received, b.concat(taps, 2), { transposeB: true });
  return b.reshape(product, [batch, outputs, taps.length, perGroup]);
}

function matmulGradient(
  b: ProgramBuilder,
  transposeB: boolean,
  { operands }: PrimalNode,
  cotangent: Value,
): Value {
  const [x, weight] = operands as readonly [Value, Value];
  const asRows = (value: Value): Value => {
    const [batch, last] = [value.shape[0]!, value.shape.at(-1)!];
    return b.reshape(value, [batch, count(value.shape) / (batch * last), last]);
  };
  const [inner, outer] = [asRows(x), asRows(cotangent)];
  const product = transposeB
    ? b.matmul(outer, inner, { transposeA: true })
    : b.matmul(inner, outer, { transposeA: true });
  return b.reshape(product, [x.shape[0]!, ...weight.shape]);
}
