import type { Reference } from './call.ts';
import { at, fill, indicesOf } from './tensor.ts';

/** Every element adds its multiple of the kernel, which is turned by 180 degrees, where it lies in the result. */
export const transposedConv: Reference = (x, { args, param }) => {
  const weight = param('weight');
  const [out, perGroup, ...kernel] = weight.shape as [number, number, number, number];
  const [stride, dilation] = [args['stride'] as number[], args['dilation'] as number[]];
  const axes = [0, 1].map((axis) => {
    const [from, step] = [x.shape[axis + 1]!, stride[axis]!];
    const reach = dilation[axis]! * (kernel[axis]! - 1) + 1;
    const padding = args['padding'] as string | number[];
    const centred = (reach - 1) / 2;
    const least = Math.floor(Math.max(reach - step, 0) / 2);
    if (padding === 'same' || padding === 'same_tf')
      return { size: from * step, before: padding === 'same' && reach % 2 === 1 ? centred : least };
    const before = typeof padding === 'string' ? 0 : padding[axis]!;
    const more = (args['output_padding'] as number[])[axis]!;
    return { size: (from - 1) * step + reach - 2 * before + more, before };
  }) as [{ size: number; before: number }, { size: number; before: number }];
  const sums = fill([out, axes[0].size, axes[1].size], (o) =>
    args['bias'] === true ? at(param('bias'), o) : 0,
  );
  const place = (axis: 0 | 1, i: number, k: number): number =>
    i * stride[axis]! + dilation[axis]! * (kernel[axis] - 1 - k) - axes[axis].before;
  for (const [o, c, ky, kx] of indicesOf(weight.shape) as [number, number, number, number][]) {
    const channel = Math.floor(o / (out / (args['groups'] as number))) * perGroup + c;
    for (const [i, j] of indicesOf(x.shape.slice(1)) as [number, number][]) {
      const [row, column] = [place(0, i, ky), place(1, j, kx)];
      if (row < 0 || column < 0 || row >= axes[0].size || column >= axes[1].size) continue;
      sums.data[(o * axes[0].size + row) * axes[1].size + column]! +=
        at(weight, o, c, ky, kx) * at(x, channel, i, j);
    }
  }
  return sums;
};
