import fc from 'fast-check';
import { bindArguments } from '../../../server/network/arguments.ts';
import type { OpContext } from '../../../server/network/op.ts';
import { attend } from '../../../server/network/ops/attend.ts';

const few = fc.integer({ min: 1, max: 3 });
const pair = fc.tuple(few, few);

/** Windows, shifts, grids and biases that fit each other, which independent arguments hardly ever do. */
export const attentionUse: fc.Arbitrary<OpContext> = fc
  .record({
    heads: fc.constantFrom(1, 2),
    headWidth: few,
    valueWidth: few,
    window: pair,
    windows: pair,
    shift: fc.tuple(fc.nat(2), fc.nat(2)),
    isGrid: fc.boolean(),
    bias: fc.constantFrom('none', 'relative', 'distance', 'continuous'),
    similarity: fc.constantFrom('dot', 'cosine'),
    scale: fc.constantFrom(0, 0.5),
    kind: fc.constantFrom('one tensor', 'two tensors', 'fewer queries'),
    stride: fc.constantFrom(1, 2),
  })
  .map((use) => {
    const { heads, headWidth, valueWidth, window, windows } = use;
    const inner = heads * headWidth;
    const size = [window[0] * windows[0], window[1] * windows[1]] as const;
    const memory = [inner + heads * valueWidth, ...size];
    const fewer = size.map((side) => Math.ceil(side / use.stride));
    const inputs = {
      'one tensor': [[2 * inner + heads * valueWidth, ...size]],
      'two tensors': [[inner, ...size], memory],
      'fewer queries': [[inner, ...fewer], memory],
    }[use.kind];
    const given = {
      heads,
      position_bias: use.bias,
      similarity: use.similarity,
      scale: use.scale,
      ...(use.kind === 'one tensor' ? { head_dim: headWidth } : {}),
      ...(use.kind === 'fewer queries' ? {} : { window, shift: use.shift, grid: use.isGrid }),
    };
    const { args } = bindArguments(
      attend,
      Object.entries(given).map(([name, value]) => ({ name, value })),
    );
    return { inputs, args: args! };
  });
