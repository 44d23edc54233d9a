import { createBuilder, type Value } from '../../../server/tensor/builder.ts';
import type { ParamRef, PrimalProgram } from '../../../server/tensor/ir.ts';

/** The heaviest network of NAS-Bench-201 (docs/score.md#nas-bench-201): 15 cells of six convolutions, two reductions, 95 convolutions; or with another number of cells a stage. */
export function heaviest(cells = 5): PrimalProgram {
  const b = createBuilder(8);
  const params: ParamRef[] = [];
  const param = (shape: readonly number[], std: number, value?: number): Value => {
    const name = `p${params.length}`;
    const constant = b.constant(
      value === undefined ? { kind: 'normal', name, std } : { kind: 'fill', value },
      shape,
    );
    params.push({ name, node: constant.node, shape });
    return constant;
  };
  const conv = (x: Value, outputs: number, kernel: number, stride: number): Value => {
    const weight = param([outputs, x.shape[1]!, kernel, kernel], 0.1);
    const pad = (kernel - 1) / 2;
    return b.conv2d(x, weight, { stride: [stride, stride], pads: [pad, pad, pad, pad] });
  };
  const norm = (x: Value): Value => {
    const along = [1, x.shape[1]!, 1, 1];
    const scaled = b.mul(b.affine(x, 0.999995), b.reshape(param([along[1]!], 0, 1), along));
    return b.add(scaled, b.reshape(param([along[1]!], 0, 0), along));
  };
  const edge = (x: Value): Value => norm(conv(b.unary('relu', x), x.shape[1]!, 3, 1));
  const cell = (x: Value): Value => {
    const nodes = [x];
    for (let to = 1; to < 4; to += 1) nodes.push(nodes.map(edge).reduce((sum, value) => b.add(sum, value)));
    return nodes[3]!;
  };
  const reduction = (x: Value): Value => {
    const outputs = 2 * x.shape[1]!;
    const first = norm(conv(b.unary('relu', x), outputs, 3, 2));
    const second = norm(conv(b.unary('relu', first), outputs, 3, 1));
    const pooled = b.affine(b.pool('sum', x, [2, 2], [2, 2], [0, 0, 0, 0]), 0.25);
    return b.add(second, conv(pooled, outputs, 1, 1));
  };
  let x = norm(conv(b.input('x', [8, 3, 32, 32]), 16, 3, 1));
  for (let stage = 0; stage < 3; stage += 1) {
    if (stage > 0) x = reduction(x);
    for (let i = 0; i < cells; i += 1) x = cell(x);
  }
  const features = b.reshape(b.reduce('mean', b.unary('relu', norm(x)), [2, 3]), [8, 64]);
  const product = b.matmul(features, param([10, 64], 0.1), { transposeB: true });
  const logits = b.add(product, b.reshape(param([10], 0, 0), [1, 10]));
  return { program: b.finish({ logits }), params, logits: logits.node, nodeValues: [] };
}
