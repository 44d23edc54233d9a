import { describe, expect, test } from 'vitest';
import { textKinds } from '../../bench/growth/long-texts.ts';
import { chosen } from '../../server/language/check/severities.ts';
import { stepsOf } from '../support/steps.ts';
import { mainUri, projectOf } from './support/helpers.ts';

/** All that `check` does with a text. */
function check(text: string): number {
  const project = projectOf({ 'main.arch': text });
  return chosen(project.lint(mainUri), project.analyse(mainUri), undefined).length;
}

/** How many times longer the longer text is, about. */
const factor = 8;

/**
 * Exponent of the length. What is quadratic has 2; what is looked up among names grows like that as long as they are few,
 * so that proportion shows in texts only that are longer than those of a test: the benchmark has them.
 */
const steepest = 1.75;

describe('checking a text takes steps in proportion to its length', () => {
  test.each(textKinds.map((kind) => [kind.name, kind] as const))('%s', (_, { most, text }) => {
    const [small, large] = [text(most / 4 / factor), text(most / 4)];
    const before = stepsOf(() => check(small));
    const after = stepsOf(() => check(large));
    expect(after).toBeLessThan(before * (large.length / small.length) ** steepest);
  });
});

describe('texts that took minutes', () => {
  test('4,000 comments that ignore, on top of one another', () => {
    expect(
      check(`${'// archlens: ignore x\n'.repeat(4000)}model M { input 8x8x3 classes 10 nonsense }`),
    ).toBe(1);
  });

  test('30,000 lets', () => {
    expect(check(textKinds.find(({ name }) => name === 'lets')!.text(30_000))).toBe(0);
  });

  test('3,000 unknown names beside 15,000 blocks', () => {
    const blocks = Array.from({ length: 15_000 }, (_, i) => `block Block${i}() { relu }`);
    const names = Array.from({ length: 3000 }, (_, i) => `Blokc${i}`);
    const text = `${blocks.join('\n')}\nmodel M { input 8x8x3 classes 10 ${names.join('\n')} gap -> dense(classes) }`;
    // Every block is unused, every name unknown.
    expect(check(text)).toBe(18_000);
  });
});
