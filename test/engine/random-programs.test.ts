import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../server/engine/executor.ts';
import { windowExtent } from '../../server/tensor/shapes.ts';
import type { AppliedOp } from '../../server/tensor/ir.ts';
import { difference, executors, inputsOf, programOf, runBoth } from './executors.ts';
import type { Operand } from './executors.ts';

const small = fc.integer({ min: 1, max: 3 });
const pair = fc.tuple(small, small);
const pads = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2));

/** x → conv → step ⊙ → pool or dilate → conv: what adjoints are made of, with layouts changing between the nodes. */
const chain = fc
  .record({
    channels: fc.constantFrom(3, 8, 16, 32),
    groups: fc.constantFrom(1, 2, 4, 16),
    perGroup: fc.constantFrom(1, 2, 16),
    extent: fc.tuple(fc.integer({ min: 5, max: 9 }), fc.integer({ min: 5, max: 9 })),
    kernel: pair,
    stride: pair,
    dilation: pair,
    pads,
    middle: fc.oneof(
      fc.record({
        op: fc.constant('pool' as const),
        fn: fc.constantFrom('max' as const, 'sum' as const),
        kernel: fc.tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 })),
        stride: pair,
        pads: fc.constantFrom([0, 0, 0, 0] as const, [1, 1, 1, 1] as const, [0, 1, 1, 0] as const),
      }),
      fc.record({ op: fc.constant('dilate' as const), stride: pair, height: fc.nat(6), width: fc.nat(6) }),
      fc.record({ op: fc.constant('upsample' as const), factor: pair }),
    ),
    constant: fc.boolean(),
  })
  .map(({ channels, groups, perGroup, extent, kernel, stride, dilation, pads, middle, constant }) => {
    const mid = groups * perGroup;
    const operands: Operand[] = [
      { shape: [2, channels, ...extent] },
      { shape: [mid, channels, ...kernel], constant },
      { shape: [mid, perGroup, 1, 1], constant },
    ];
    const out = [0, 1].map((i) =>
      windowExtent(extent[i]!, kernel[i]!, stride[i]!, dilation[i]!, pads[i]! + pads[i + 2]!),
    );
    const resized: AppliedOp =
      middle.op === 'dilate'
        ? { ...middle, height: out[0]! + middle.height, width: out[1]! + middle.width }
        : middle;
    return {
      operands,
      out,
      resized,
      ops: [
        { op: { op: 'conv2d', stride, pads, dilation, groups: 1 }, inputs: [0, 1] },
        { op: { op: 'unary', fn: 'step' }, inputs: [3] },
        { op: { op: 'binary', fn: 'mul' }, inputs: [3, 4] },
        { op: resized, inputs: [5] },
        {
          op: { op: 'conv2d', stride: [1, 1], pads: [0, 0, 0, 0], dilation: [1, 1], groups },
          inputs: [6, 2],
        },
      ] satisfies { op: AppliedOp; inputs: number[] }[],
    };
  })
  // Windows that fit.
  .filter(
    ({ out, resized }) =>
      out.every((extent) => extent >= 1) &&
      (resized.op !== 'pool' || out.every((extent, i) => extent >= resized.kernel[i]!)),
  );

describe.each(Object.entries(executors))('%s', (_name, create) => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await create();
  });

  it('agrees with the interpreter on random chains of window operations', async () => {
    await fc.assert(
      fc.asyncProperty(chain, async ({ operands, ops }) => {
        const program = programOf(operands, ops);
        const { got, wanted } = await runBoth(executor, program, inputsOf(operands));
        expect(difference(got, wanted)).toBeLessThan(1e-5);
      }),
      { numRuns: 150 },
    );
  });
});
