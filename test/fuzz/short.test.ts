// The campaign in short, bounded by cases: seeds that are always the same, and one that never was.
import { afterAll, describe, expect, test } from 'vitest';
import { described, investigated, keep } from './findings.ts';
import { loadTargets } from './modules.ts';
import { Random, seedOf } from '../support/random.ts';
import { signatureOf } from './target.ts';

const module = await loadTargets();

/** Cases of a seed. */
const cases: Readonly<Record<string, number>> = {
  grammar: 60,
  compiler: 60,
  formatter: 60,
  'language-server': 12,
  journals: 100,
  store: 60,
  tables: 300,
};

const fresh = Math.floor(Math.random() * 2 ** 31);

afterAll(async () => {
  for (const { close } of module.targets) await close?.();
});

test('every target has its cases', () => {
  expect(module.targets.map(({ name }) => name).sort()).toEqual(Object.keys(cases).sort());
});

describe.each(module.targets)('$name', ({ name, generate, check }) => {
  test.each([1, 2, fresh])('holds for random input of seed %i', async (seed) => {
    for (let index = 0; index < cases[name]!; index += 1) {
      try {
        await check(generate(new Random(seedOf(seed, name, index))));
      } catch (error) {
        const failure = { signature: signatureOf(error), text: error instanceof Error ? error.stack! : '' };
        const finding = await investigated(module, { target: name, seed, index, stride: 1, failure });
        throw new Error(`${described(finding)}\nAgain with: npm run fuzz -- --replay ${keep(finding)}`, {
          cause: error,
        });
      }
    }
  });
});
