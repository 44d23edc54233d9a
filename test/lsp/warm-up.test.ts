import { expect, test } from 'vitest';
import { Project } from '../../server/language/project.ts';
import { keystroke, warmUp } from '../../server/lsp/warm-up.ts';

const uri = 'file:///sample.arch';
const diagnosticsOf = (text: string): readonly string[] =>
  new Project({ read: (asked) => (asked === uri ? text : undefined) })
    .lint(uri)
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

test('the sample is right before and after a statement is typed, and broken in between', () => {
  expect(diagnosticsOf(keystroke(11))).toEqual([]);
  expect(diagnosticsOf(keystroke(0))).not.toEqual([]);
  const texts = Array.from({ length: 48 }, (_, round) => keystroke(round));
  expect(new Set(texts).size).toBe(texts.length);
});

test('warming up comes to an end', async () => {
  await expect(warmUp()).resolves.toBeUndefined();
});
