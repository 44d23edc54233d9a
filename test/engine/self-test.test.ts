import { describe, expect, it } from 'vitest';
import type { Executor } from '../../server/engine/executor.ts';
import { selfTest } from '../../server/engine/self-test.ts';
import { executors } from './executors.ts';

/** The engine with results as `change` makes them. */
function altered(executor: Executor, change: (value: number) => number): Executor {
  return {
    info: executor.info,
    keptBytes: (...asked) => executor.keptBytes(...asked),
    async compile(...job) {
      const compiled = await executor.compile(...job);
      return {
        release: () => compiled.release(),
        run: async (inputs) =>
          Object.fromEntries(
            Object.entries(await compiled.run(inputs)).map(([name, data]) => [name, data.map(change)]),
          ),
      };
    },
  };
}

/** Keeps so many bits of the mantissa. */
function rounded(bits: number): (value: number) => number {
  return (value) => {
    if (value === 0) return 0;
    const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - bits);
    return Math.round(value / unit) * unit;
  };
}

describe.each(Object.keys(executors))('The self-test of %s', (name) => {
  it('is passed by the engine as it is', async () => {
    await selfTest(await executors[name]!());
  });

  it.each([
    ['half precision', rounded(10)],
    ['another factor', (value: number): number => value * 1.001],
    ['not a number', (): number => NaN],
    ['nothing', (): number => 0],
  ])('is not passed with %s', async (_, change) => {
    const executor = await executors[name]!();
    await expect(selfTest(altered(executor, change))).rejects.toThrow('Self-test');
  });
});
