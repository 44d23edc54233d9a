import { describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import { stepsOf } from '../support/steps.ts';
import { walk, type SpannedNode } from './helpers.ts';

/** Texts made to take long or to nest deep; each may have this many problems at most. */
const HOSTILE: Readonly<Record<string, readonly [text: string, most: number]>> = {
  '10,000 opening brackets': ['('.repeat(10_000), 1],
  '10,000 matching brackets': [`let x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}`, 1],
  'brackets of all kinds': ['({['.repeat(10_000), 1],
  'a line of 1 MB': [`model A { ${'conv(16) -> '.repeat(83_000)}bn }`, 1],
  'a file of 5 MB': ['relu\n'.repeat(1_000_000), 1],
  '50,000 signs': [`let x = ${'-'.repeat(50_000)}1`, 1],
  '50,000 operators': [`let x = ${'1+'.repeat(50_000)}1`, 1],
  '20,000 conditionals': [`let x = ${'a ? b : '.repeat(20_000)}1`, 1],
  '20,000 times else if': [`model A { if (x) { } ${'else if (x) { } '.repeat(20_000)}}`, 1],
  'arrows in open parentheses': [`model A { ${'(-> '.repeat(50_000)}`, 1],
  'flows as arguments': [`model A { ${'f(a -> b) '.repeat(20_000)}}`, 1],
  'unclosed calls': [`model A {\n${'f(\n}\n'.repeat(20_000)}`, 200],
  'keywords only': ['model '.repeat(100_000), 1],
  'headers without bodies': ['repeat 3\n'.repeat(50_000), 200],
  'closing brackets only': [')'.repeat(150_000), 1],
  'unclosed comments': ['/*\nlet \n'.repeat(50_000), 200],
  'documentation only': [`${'/// x\n'.repeat(100_000)}let x = 1`, 0],
  'white space only': [' \n'.repeat(490_000), 0],
  'one long string': [`"${'a\\"'.repeat(300_000)}`, 1],
  'one long number': ['1x'.repeat(400_000), 1],
  'characters of other scripts': ['é'.repeat(300_000), 1],
  'misspelt keywords': [`model A {\n${'repeet 3 { }\n'.repeat(10_000)}}`, 200],
  'commas only': [`model A { f(${','.repeat(100_000)}) }`, 1],
  'unclosed bodies': ['model A {\n  repeat 2 {\n'.repeat(10_000), 200],
};

/** A fraction of a second where nothing else runs. */
const mostSteps = 20_000_000;

describe('hostile texts', () => {
  test.each(Object.entries(HOSTILE))('%s', (_, [text, most]) => {
    let result!: ReturnType<typeof parse>;
    const steps = stepsOf(() => {
      result = parse(text);
    });
    const { problems, file } = result;
    expect(problems.length).toBeLessThanOrEqual(most);
    expect(file.kind).toBe('file');
    expect(steps).toBeLessThan(mostSteps);
  });

  test('says which limit is exceeded', () => {
    expect(parse('a\n'.repeat(600_000)).problems[0]?.message).toMatch(
      /^This file is too large \(1,200,000 characters/,
    );
    expect(parse('a '.repeat(300_000)).problems[0]?.message).toMatch(
      /^This file is too large \(300,000 tokens/,
    );
    expect(parse('['.repeat(201)).problems[0]?.message).toMatch(/^This nests more than 200 levels deep/);
  });
});

describe('nesting up to the limit', () => {
  test.each([
    ['parentheses', `let x = ${'('.repeat(199)}1${')'.repeat(199)}`],
    ['lists', `let x = ${'['.repeat(199)}${']'.repeat(199)}`],
    ['calls', `let x = ${'f('.repeat(198)}1${')'.repeat(198)}`],
    ['bodies', `model A ${'{ residual '.repeat(198)}{ relu }${'}'.repeat(198)}`],
    ['operators', `let x = ${'1 + '.repeat(199)}1`],
    ['signs', `let x = ${'-'.repeat(199)}1`],
    ['else if', `model A { if (x) { } ${'else if (x) { } '.repeat(150)}}`],
  ])('%s', (_, text) => {
    const { problems, file } = parse(text);
    expect(problems).toEqual([]);
    expect(depth(file)).toBeLessThan(1000);
  });
});

function depth(root: SpannedNode): number {
  const depths = new Map<SpannedNode | undefined, number>();
  let deepest = 0;
  walk(root, (node, parent) => {
    const level = (depths.get(parent) ?? 0) + 1;
    depths.set(node, level);
    deepest = Math.max(deepest, level);
  });
  return deepest;
}
