import type { Reference } from './call.ts';
import { at, fill, type Tensor } from './tensor.ts';

// Ops that put elements elsewhere, each written by where an element of the result comes from.

/** Channels from `start` on, as many as `size`. */
function channels(x: Tensor, start: number, size: number): Tensor {
  const axis = x.shape.length === 2 ? 1 : 0;
  return fill(x.shape.with(axis, size), (...index) => at(x, ...index.with(axis, start + index[axis]!)));
}

/** An element of an image, 0 outside of it. */
function orZero(x: Tensor, ...index: readonly [number, number, number]): number {
  return index.every((i, axis) => i >= 0 && i < x.shape[axis]!) ? at(x, ...index) : 0;
}

type Sides = readonly [number, number];

/** The image at another size; between the middles of elements it is linear along each axis, and constant beyond the outer ones. */
function resized(x: Tensor, [height, width]: Sides, mode: string): Tensor {
  const [depth, rows, columns] = x.shape as [number, number, number];
  const along = (i: number, from: number, to: number): number =>
    Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
  return fill([depth, height, width], (c, i, j) => {
    if (mode === 'nearest')
      return at(x, c, Math.floor((i * rows) / height), Math.floor((j * columns) / width));
    const [v, u] = [along(i, rows, height), along(j, columns, width)];
    let total = 0;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        total +=
          Math.max(1 - Math.abs(v - row), 0) * Math.max(1 - Math.abs(u - column), 0) * at(x, c, row, column);
    return total;
  });
}

export const moves: Readonly<Record<string, Reference>> = {
  slice: (x, { args }) => {
    const [start, end] = [args['start'] as number, args['end'] as number];
    return channels(x, start, end - start);
  },
  split: (x, { args }) => {
    const size = (x.shape.length === 2 ? x.shape[1]! : x.shape[0]!) / (args['parts'] as number);
    return channels(x, (args['index'] as number) * size, size);
  },
  channel_shuffle: (x, { args }) => {
    const groups = args['groups'] as number;
    const size = x.shape[0]! / groups;
    return fill(x.shape, (c, i, j) => at(x, (c % groups) * size + Math.floor(c / groups), i, j));
  },
  pad: (x, { args }) => {
    const [top, left] = args['before'] as Sides;
    const [bottom, right] = args['after'] as Sides;
    const [front, back] = [args['channels_before'] as number, args['channels_after'] as number];
    const [depth, height, width] = x.shape as [number, number, number];
    return fill([front + depth + back, top + height + bottom, left + width + right], (c, i, j) =>
      orZero(x, c - front, i - top, j - left),
    );
  },
  crop: (x, { args }) => {
    const [top, left] = args['before'] as Sides;
    const [bottom, right] = args['after'] as Sides;
    const [depth, height, width] = x.shape as [number, number, number];
    return fill([depth, height - top - bottom, width - left - right], (c, i, j) =>
      at(x, c, i + top, j + left),
    );
  },
  space_to_depth: (x, { args }) => {
    const [rows, columns] = args['block'] as Sides;
    const [depth, height, width] = x.shape as [number, number, number];
    return fill([depth * rows * columns, height / rows, width / columns], (channel, h, w) => {
      const [c, place] = [Math.floor(channel / (rows * columns)), channel % (rows * columns)];
      return at(x, c, h * rows + Math.floor(place / columns), w * columns + (place % columns));
    });
  },
  depth_to_space: (x, { args }) => {
    const [rows, columns] = args['block'] as Sides;
    const [depth, height, width] = x.shape as [number, number, number];
    return fill([depth / (rows * columns), height * rows, width * columns], (c, i, j) => {
      const place = (i % rows) * columns + (j % columns);
      return at(x, c * rows * columns + place, Math.floor(i / rows), Math.floor(j / columns));
    });
  },
  to_image: (x, { args }) => {
    const [height, width] = args['size'] as Sides;
    return fill([x.shape[1]!, height, width], (c, i, j) => at(x, i * width + j, c));
  },
  upsample: (x, { args }) => {
    const [rows, columns] = args['factor'] as Sides;
    return resized(x, [x.shape[1]! * rows, x.shape[2]! * columns], args['mode'] as string);
  },
  resize: (x, { args }) => resized(x, args['size'] as Sides, args['mode'] as string),
  resize_like: (x, { inputs, args }) =>
    resized(x, [inputs[1]!.shape[1]!, inputs[1]!.shape[2]!], args['mode'] as string),
  blurpool: (x, { args }) => {
    const [kernel, stride] = [args['kernel'] as Sides, args['stride'] as Sides];
    const [depth, ...size] = x.shape as [number, number, number];
    // The number of ways to choose, over that of all choices.
    const share = (n: number, k: number): number => {
      let ways = 1;
      for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
      return ways / 2 ** n;
    };
    const before = ([0, 1] as const).map((axis) => Math.floor((kernel[axis] + stride[axis] - 2) / 2));
    const count = ([0, 1] as const).map(
      (axis) => 1 + Math.floor((size[axis] + 2 * before[axis]! - kernel[axis]) / stride[axis]),
    ) as [number, number];
    const mirror = (i: number, extent: number): number => (i < 0 ? -i : i >= extent ? 2 * extent - 2 - i : i);
    return fill([depth, ...count], (c, i, j) => {
      let total = 0;
      for (let row = 0; row < kernel[0]; row++)
        for (let column = 0; column < kernel[1]; column++) {
          const [v, u] = [i * stride[0] - before[0]! + row, j * stride[1] - before[1]! + column];
          total +=
            share(kernel[0] - 1, row) *
            share(kernel[1] - 1, column) *
            at(x, c, mirror(v, size[0]), mirror(u, size[1]));
        }
      return total;
    });
  },
  times: (x, { args }) => fill(x.shape, (...index) => at(x, ...index) * (args['factor'] as number)),
  adaptive_avgpool: (x, { args }) => {
    const [height, width] = args['size'] as Sides;
    const share = (axis: 1 | 2, to: number, i: number): number[] => {
      const from = x.shape[axis]!;
      // An element belongs to every result whose part of the axis it shares some of.
      return [...Array(from).keys()].filter((n) => (n + 1) * to > i * from && n * to < (i + 1) * from);
    };
    return fill([x.shape[0]!, height, width], (c, i, j) => {
      const [rows, columns] = [share(1, height, i), share(2, width, j)];
      let total = 0;
      for (const row of rows) for (const column of columns) total += at(x, c, row, column);
      return total / (rows.length * columns.length);
    });
  },
  transpose: (x) => fill([x.shape[1]!, x.shape[0]!], (i, t) => at(x, t, i)),
};
