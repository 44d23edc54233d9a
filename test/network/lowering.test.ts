import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opRegistry } from '../../server/network/ops/index.ts';
import { validUse } from './support/cases.ts';
import { references } from './support/reference.ts';
import { BATCH, inputsOf, lowerUse, normalTensor, runUse } from './support/run.ts';
import { sample, type Tensor } from './support/tensor.ts';
import { cases } from '../support/property-runs.ts';

function largestError(a: Tensor, b: Tensor): number {
  return a.data.reduce((worst, value, i) => {
    const other = b.data[i]!;
    return Math.max(worst, Math.abs(value - other) / (1 + Math.abs(other)));
  }, 0);
}

describe.each([...opRegistry.values()])('$name', (op) => {
  it('gives what its formula gives, in float64', () => {
    const reference = references[op.name]!;
    fc.assert(
      fc.property(validUse(op), fc.nat(1000), (use, seed) => {
        const shapes = new Map((op.params?.(use) ?? []).map((spec) => [spec.name, spec.shape]));
        const param = (name: string): Tensor => normalTensor(name, shapes.get(name)!, seed);
        const inputs = Object.values(inputsOf(use, seed));
        const output = runUse(op, use, seed);
        for (let n = 0; n < BATCH; n++) {
          const own = inputs.map((x) => sample(x, n));
          const expected = reference(own[0]!, { inputs: own, args: use.args, param });
          expect(sample(output, n).shape).toEqual(expected.shape);
          expect(largestError(sample(output, n), expected)).toBeLessThan(1e-10);
        }
      }),
      cases(40),
    );
  });

  it('is lowered to the shape it says, and uses parameters only where they can be differentiated', () => {
    fc.assert(
      fc.property(validUse(op), (use) => {
        const { builder, output, params } = lowerUse(op, use);
        expect(output.shape).toEqual([BATCH, ...op.shape(use)]);

        const { nodes } = builder.finish({ output });
        for (const { node: param } of params) {
          for (const { op: user, inputs } of nodes) {
            const operand = inputs.indexOf(param);
            if (operand < 0) continue;
            const allowed =
              ((user.op === 'conv2d' || user.op === 'matmul') && operand === 1) || user.op === 'reshape';
            expect(allowed, `${user.op} reads a parameter as operand ${operand}`).toBe(true);
          }
        }
      }),
      cases(60),
    );
  });
});
