import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../server/engine/executor.ts';
import type { OpContext } from '../../server/network/op.ts';
import { opRegistry } from '../../server/network/ops/index.ts';
import type { Program } from '../../server/tensor/ir.ts';
import { validUse } from '../network/support/cases.ts';
import { inputsOf, lowerUse } from '../network/support/run.ts';
import { difference, executors, runBoth } from './executors.ts';

// Requirement: what the ops of the language are lowered to is computed alike by every engine and the interpreter.

const seed = 5;
/** Uses of each op, always the same ones. */
const uses = 4;

function programOf(op: string, use: OpContext): Program {
  const { builder, output } = lowerUse(opRegistry.get(op)!, use);
  return builder.finish({ y: output });
}

describe.each(Object.entries(executors))('%s', (_, create) => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await create();
  });

  it.each([...opRegistry.keys()])('computes %s as the interpreter does', async (name) => {
    for (const use of fc.sample(validUse(opRegistry.get(name)!), { seed, numRuns: uses })) {
      const inputs = Object.entries(inputsOf(use, seed)).map(([input, x]) => [
        input,
        Float32Array.from(x.data),
      ]);
      const { got, wanted } = await runBoth(
        executor,
        programOf(name, use),
        Object.fromEntries(inputs) as Record<string, Float32Array>,
      );
      expect(difference(got, wanted), JSON.stringify(use)).toBeLessThan(1e-5);
    }
  });
});
