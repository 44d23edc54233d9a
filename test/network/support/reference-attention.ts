import type { Call, Reference } from './call.ts';
import { at, fill, type Tensor } from './tensor.ts';

// Attention pair by pair: which pairs of positions see each other, how alike they are, what is learned of their distance.

type Pair = readonly [number, number];

/** Positions of a tensor: an image has rows and columns, tokens are rows, a vector is one position. */
function sizeOf({ shape }: Tensor): Pair {
  if (shape.length === 3) return [shape[1]!, shape[2]!];
  return [shape.length === 2 ? shape[0]! : 1, 1];
}

function channel(x: Tensor, c: number, [row, column]: Pair): number {
  if (x.shape.length === 3) return at(x, c, row, column);
  return x.shape.length === 2 ? at(x, row, c) : at(x, c);
}

function widthOf({ shape }: Tensor): number {
  return shape.length === 2 ? shape[1]! : shape[0]!;
}

function positions([height, width]: Pair): Pair[] {
  return Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width] as const);
}

/** Where a position lies along an axis: its window, its place in the window, and whether it came around the border. */
function place(position: number, extent: number, window: number, shift: number, isGrid: boolean) {
  const moved = (position - shift + extent) % extent;
  const count = extent / window;
  return {
    window: isGrid ? moved % count : Math.floor(moved / window),
    within: isGrid ? Math.floor(moved / count) : moved % window,
    around: position < shift,
  };
}

/** −∞ for a pair that does not see each other; else what is learned of it. */
function biasOf(
  head: number,
  query: Pair,
  key: Pair,
  sizes: readonly [Pair, Pair],
  { args, param }: Call,
): number {
  const [queries, keys] = sizes;
  const distances = ([0, 1] as const).map((axis) => {
    const given = (args['window'] as Pair)[axis];
    const [own, other] = given === 0 ? [queries[axis], keys[axis]] : [given, given];
    const shift = own === queries[axis] ? 0 : (args['shift'] as Pair)[axis] % queries[axis];
    const isGrid = args['grid'] === true;
    const q = place(query[axis], queries[axis], own, shift, isGrid);
    const k = place(key[axis], keys[axis], other, shift, isGrid);
    const sees = q.window === k.window && q.around === k.around;
    return sees ? { by: k.within - Math.ceil(other / own) * q.within, most: other - 1 } : undefined;
  });
  const [down, across] = distances;
  if (down === undefined || across === undefined) return -Infinity;
  switch (args['position_bias'] as string) {
    case 'relative':
      return at(param('position_bias'), head, down.by + down.most, across.by + across.most);
    case 'distance':
      return at(param('position_bias'), head, Math.abs(down.by), Math.abs(across.by));
    case 'continuous': {
      const [hidden, bias, out] = ['hidden.weight', 'hidden.bias', 'out.weight'].map((name) =>
        param(`position.${name}`),
      ) as [Tensor, Tensor, Tensor];
      const inputs = [down, across].map(({ by, most }) => {
        const share = (8 * by) / Math.max(most, 1);
        return (Math.sign(share) * Math.log2(1 + Math.abs(share))) / 3;
      });
      let total = 0;
      for (let f = 0; f < 512; f++) {
        const feature = inputs[0]! * at(hidden, f, 0) + inputs[1]! * at(hidden, f, 1) + at(bias, f);
        total += at(out, head, f) * Math.max(feature, 0);
      }
      return 16 / (1 + Math.exp(-total));
    }
    default:
      return 0;
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export const attend: Reference = (x, call) => {
  const { inputs, args, param } = call;
  const memory = inputs.at(-1)!;
  const heads = args['heads'] as number;
  const inner = inputs.length === 2 ? widthOf(x) : heads * (args['head_dim'] as number) || widthOf(x) / 3;
  const before = inputs.length === 2 ? 0 : inner;
  const d = inner / heads;
  const values = widthOf(memory) - before - inner;
  const sizes = [sizeOf(x), sizeOf(memory)] as const;

  const score = (head: number, query: Pair, key: Pair): number => {
    const pairs = Array.from({ length: d }, (_, i): Pair => [
      channel(x, head * d + i, query),
      channel(memory, before + head * d + i, key),
    ]);
    const product = sum(pairs.map(([q, k]) => q * k));
    if (args['similarity'] === 'cosine') {
      const length = (which: 0 | 1): number => Math.sqrt(sum(pairs.map((pair) => pair[which] ** 2)));
      return (product / (length(0) * length(1))) * Math.min(Math.exp(at(param('logit_scale'), head)), 100);
    }
    return product * ((args['scale'] as number) || 1 / Math.sqrt(d));
  };

  const results = new Map<string, readonly number[]>();
  for (const query of positions(sizes[0])) {
    for (let head = 0; head < heads; head++) {
      const keys = positions(sizes[1]).map((key) => ({ key, bias: biasOf(head, query, key, sizes, call) }));
      const seen = keys.filter(({ bias }) => bias > -Infinity);
      const scores = seen.map(({ key, bias }) => score(head, query, key) + bias);
      const most = Math.max(...scores);
      const weights = scores.map((value) => Math.exp(value - most));
      const own = Array.from(
        { length: values / heads },
        (_, i) =>
          sum(
            seen.map(
              ({ key }, n) =>
                weights[n]! * channel(memory, before + inner + (head * values) / heads + i, key),
            ),
          ) / sum(weights),
      );
      results.set(`${query.join()} ${head}`, own);
    }
  }
  const result = (c: number, query: Pair): number => {
    const width = values / heads;
    return results.get(`${query.join()} ${Math.floor(c / width)}`)![c % width]!;
  };
  if (x.shape.length === 3) return fill([values, ...sizes[0]], (c, row, column) => result(c, [row, column]));
  return x.shape.length === 2
    ? fill([sizes[0][0], values], (row, c) => result(c, [row, 0]))
    : fill([values], (c) => result(c, [0, 0]));
};
