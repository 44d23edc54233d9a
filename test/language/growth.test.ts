import { describe, expect, test } from 'vitest';
import { textKinds } from '../../bench/growth/long-texts.ts';
import { chosen } from '../../server/language/check/severities.ts';
import { timed } from '../support/cpu-time.ts';
import { mainUri, projectOf } from './support/helpers.ts';

/** All that `check` does with a text. */
function check(text: string): number {
  const project = projectOf({ 'main.arch': text });
  return chosen(project.lint(mainUri), project.analyse(mainUri), undefined).length;
}

/** How many times longer the longer text is. What is proportional takes 8 times as long, what is quadratic 64 times. */
const factor = 8;

/** Between the two, and far from both: processor time on a busy machine says no more than that. */
const bound = 24;

/** Seconds that count for nothing: the first runs of a function are slower, and short times are not measured well. */
const start = 0.3;

describe('checking a text takes time in proportion to its length', () => {
  test.each(textKinds.map((kind) => [kind.name, kind] as const))('%s', (_, { most, text }) => {
    const large = text(most / 4);
    const small = text(most / 4 / factor);
    check(small);
    const before = timed(2, () => check(small)).seconds;
    const after = timed(1, () => check(large)).seconds;
    expect(after).toBeLessThan(bound * before + start);
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
