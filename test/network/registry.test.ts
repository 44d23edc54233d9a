import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindArguments } from '../../server/network/arguments.ts';
import { ShapeError, type ArgValue, type OpDefinition } from '../../server/network/op.ts';
import { opRegistry } from '../../server/network/ops/index.ts';
import { anyUse, validUse } from './support/cases.ts';
import { references } from './support/reference.ts';
import { cases } from '../support/property-runs.ts';

const folder = fileURLToPath(new URL('../../server/network/ops/', import.meta.url));
const files = readdirSync(folder).filter((file) => file !== 'index.ts');

describe('the op registry', () => {
  it('has one file per op, named like the op', () => {
    expect(files.map((file) => file.replace(/\.ts$/, '').replaceAll('-', '_')).sort()).toEqual(
      [...opRegistry.keys()].sort(),
    );
    for (const [name, op] of opRegistry) expect(op.name).toBe(name);
    for (const file of files)
      expect(readFileSync(folder + file, 'utf8').split('\n').length).toBeLessThan(150);
  });

  it('has an independent formula for every op', () => {
    expect(Object.keys(references).sort()).toEqual([...opRegistry.keys()].sort());
  });
});

describe.each([...opRegistry.values()])('$name', (op) => {
  it('is documented, and so is every argument', () => {
    expect(op.summary).toMatch(/^[A-Z].{10,110}\.$/s);
    expect(op.doc.length).toBeGreaterThan(5);
    for (const spec of op.args) expect(spec.doc, spec.name).toMatch(/^.{10,120}\.$/);
    expect(new Set(op.args.map((spec) => spec.name)).size).toBe(op.args.length);
  });

  it('has defaults that its own specifications accept', () => {
    for (const spec of op.args) {
      if (spec.default === undefined) continue;
      const bound = bindArguments({ name: op.name, args: [spec] }, [{ value: spec.default }]);
      expect(bound).toEqual({ args: { [spec.name]: spec.default }, problems: [] });
    }
    const names = op.args.map((spec) => spec.name);
    for (const [i, spec] of op.args.entries()) {
      if (spec.defaultFrom !== undefined) expect(names.slice(0, i)).toContain(spec.defaultFrom);
    }
    // Required arguments come first, so that they can be given by position.
    const required = op.args.map((spec) => spec.default === undefined && spec.defaultFrom === undefined);
    expect(required).toEqual([...required].sort((a, b) => Number(b) - Number(a)));
  });

  it('rejects what it cannot take with a message and a remedy, never otherwise', () => {
    fc.assert(
      fc.property(anyUse(op), (use) => {
        try {
          expect(op.shape(use).every((extent) => Number.isSafeInteger(extent) && extent >= 1)).toBe(true);
        } catch (error) {
          if (!(error instanceof ShapeError)) throw error;
          expect(error.message).toContain(`\`${op.name}\``);
          expect(error.remedy).toMatch(/^[A-Z].{10,}\.$/);
        }
      }),
      cases(200),
    );
  });

  it('has plausible parameters, MACs and layers', () => {
    fc.assert(
      fc.property(validUse(op), (use) => {
        const params = op.params?.(use) ?? [];
        expect(new Set(params.map((param) => param.name)).size).toBe(params.length);
        const weights = params.filter((param) => param.init.kind === 'kaiming');
        for (const { shape, init } of weights) {
          // Kaiming fan-in is what one output element sums over.
          expect(init).toEqual({ kind: 'kaiming', fanIn: shape.slice(1).reduce((a, b) => a * b) });
        }
        expect(op.layers?.(use) ?? 0).toBe(weights.length);
        const macs = op.macs?.(use) ?? 0;
        expect(Number.isSafeInteger(macs) && macs >= 0).toBe(true);
        // The products of attention have no weights.
        expect(macs > 0).toBe(weights.length > 0 || op.name === 'attend');
      }),
      cases(30),
    );
  });
});

describe('shape errors', () => {
  function errorOf(op: string, inputs: readonly (readonly number[])[], args: Record<string, ArgValue> = {}) {
    const definition: OpDefinition = opRegistry.get(op)!;
    const given = Object.entries(args).map(([name, value]) => ({ name, value }));
    try {
      return definition.shape({ inputs, args: bindArguments(definition, given).args! }).join('x');
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      return `${error.message}. ${error.remedy}`;
    }
  }

  it.each([
    [
      errorOf('dense', [[16, 8, 4]], { out: 10 }),
      '`dense` needs a vector or tokens, but gets an image of 8x4x16. Insert `gap` or `flatten` before it (or `tokens`, to treat every position alike).',
    ],
    [
      errorOf('conv', [[64, 192]], { out: 8, kernel: 3 }),
      '`conv` needs an image (height x width x channels), but gets tokens of 64x192. Move `conv` before `tokens`, or use an op on tokens such as `dense` or `attention`.',
    ],
    [
      errorOf('conv', [[3, 4, 4]], { out: 8, kernel: 7, padding: 'valid' }),
      '`conv`: a kernel of 7x7 does not fit into an image of 4x4. Use a smaller kernel or `padding = same`, or reduce the resolution less before it.',
    ],
    [
      errorOf('conv', [[3, 1, 1]], { out: 8, kernel: 1, stride: 3, padding: 1 }),
      '`conv`: every position of the kernel of 1x1 lies in the padding of an image of 1x1. Use a padding smaller than the kernel, such as `padding = same`.',
    ],
    [errorOf('conv', [[3, 2, 2]], { out: 8, kernel: 1, padding: 1 }), '8x4x4'],
    [
      errorOf('conv', [[6, 4, 4]], { out: 8, kernel: 3, groups: 4 }),
      '`conv`: 4 groups do not divide 6 input channels. Choose `groups` that divide both 6 and 8.',
    ],
    [
      errorOf('attention', [[64, 192]], { heads: 5 }),
      '`attention`: 5 heads do not divide a width of 192. Choose `heads` that divide 192, give `head_dim`, or change the width with `dense` before it.',
    ],
    [
      errorOf('conv_transpose', [[4, 8, 8]], { out: 8, kernel: 3, padding: 3 }),
      '`conv_transpose`: a padding of 3 leaves nothing of a kernel of 3. Choose a `padding` smaller than the kernel, such as `same`.',
    ],
    [
      errorOf('conv_transpose', [[6, 8, 8]], { out: 8, kernel: 3, groups: 4 }),
      '`conv_transpose`: 4 groups do not divide 6 channels. Choose `groups` that divide both 6 and 8.',
    ],
    [
      errorOf('blurpool', [[4, 2, 2]], { kernel: 5 }),
      '`blurpool`: an image of 2x2 is too small to be mirrored by 2 positions. Use a smaller kernel, or reduce the resolution less before it.',
    ],
    [
      errorOf('resize_like', [[4, 8, 8], [16]], {}),
      '`resize_like` takes the size of an image, not of a vector of 16. Name an image with `x = …`, or give the size itself to `resize`.',
    ],
    [
      errorOf('attend', [[96, 8, 8]], { heads: 2, window: 7 }),
      '`attend`: windows of 7x7 do not divide an image of 8x8. Choose a `window` that divides the image, or `pad` it before.',
    ],
    [
      errorOf('attend', [[96, 8, 8]], { heads: 5 }),
      '`attend`: 96 channels are no queries, keys and values of 5 heads. Widen the channels before it to three times the width of all heads, or give `head_dim`.',
    ],
    [
      errorOf('attend', [[64, 96]], { heads: 2, window: 8 }),
      '`attend`: tokens and vectors have no windows and no distances. Use it on images, where `conv(…, 1x1)` is the `dense` of tokens, or leave these arguments out.',
    ],
    [
      errorOf(
        'attend',
        [
          [32, 4, 4],
          [64, 9, 9],
        ],
        { heads: 2, position_bias: 'distance' },
      ),
      '`attend`: queries of 4x4 have no distances from keys of 9x9. Take every second or third position as queries, as `maxpool(1x1, stride = 2)` does, or leave `position_bias` out.',
    ],
    [
      errorOf(
        'attend',
        [
          [32, 4, 4],
          [64, 8, 8],
        ],
        { heads: 2, window: 4 },
      ),
      '`attend`: windows need queries and keys of one size, not 4x4 and 8x8. Leave `window` out, or bring both to one resolution.',
    ],
    [
      errorOf(
        'attend',
        [
          [32, 4, 4],
          [64, 8, 8],
        ],
        { heads: 2, head_dim: 8 },
      ),
      '`attend`: queries of 32 channels have no 2 heads of 8. Leave `head_dim` out, or give the queries 16 channels.',
    ],
    [
      errorOf('attention', [[16, 8, 8]], { heads: 4 }),
      '`attention` needs tokens (count x width), but gets an image of 8x8x16. Insert `tokens` before it to make every position of the image a token.',
    ],
    [
      errorOf('add', [
        [16, 8, 8],
        [32, 4, 4],
      ]),
      '`add` needs tensors of one shape, but gets an image of 8x8x16 and an image of 4x4x32. Bring them to one shape: a 1x1 `conv` changes the channels, its `stride` the resolution.',
    ],
    [
      errorOf('concat', [
        [16, 8, 8],
        [16, 4, 4],
      ]),
      '`concat` needs tensors that differ in channels only, but gets an image of 8x8x16 and an image of 4x4x16. Bring them to one resolution (stride, pooling or `upsample`) before concatenating.',
    ],
    [
      errorOf('maxpool', [[8, 8, 8]], { kernel: 2, padding: 2 }),
      '`maxpool`: a padding of 2x2 reaches the kernel of 2x2, so a window would hold nothing but padding. Use a padding smaller than the kernel, such as `padding = same`.',
    ],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
