import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ArchParser } from '../../grammar/grammar.ts';
import { LIMITS } from '../../grammar/limits.ts';
import { parse } from '../../grammar/parser.ts';
import * as T from '../../grammar/tokens.ts';
import { ebnf } from './ebnf.ts';

const manual = readFileSync(new URL('../../grammar/README.md', import.meta.url), 'utf8');

interface Sample {
  readonly line: number;
  readonly info: string;
  readonly text: string;
}

const samples: Sample[] = [...manual.matchAll(/^```(\w.*)\n([^]*?)\n```$/gm)].map((match) => ({
  line: manual.slice(0, match.index).split('\n').length,
  info: match[1]!,
  text: match[2]!,
}));

const section = (info: string): string => samples.find((sample) => sample.info === info)!.text;

describe('the manual', () => {
  test.each(samples.filter(({ info }) => info.startsWith('arch')))(
    'example at line $line',
    ({ info, text }) => {
      const { problems } = parse(info === 'arch body' ? `model M {\n${text}\n}` : text);
      const stated = /^arch error: (.*)$/.exec(info)?.[1];
      expect(problems.map((problem) => problem.message)).toEqual(stated === undefined ? [] : [stated]);
    },
  );

  test('has examples of both kinds', () => {
    expect(samples.filter(({ info }) => info === 'arch' || info === 'arch body').length).toBeGreaterThan(15);
    expect(samples.filter(({ info }) => info.startsWith('arch error')).length).toBeGreaterThan(4);
  });

  test('states the grammar of the parser', () => {
    expect(section('ebnf').split('\n')).toEqual(ebnf().split('\n'));
  });

  test('lists the keywords', () => {
    expect(section('keywords').split(/\s+/)).toEqual(T.KEYWORDS.map((type) => type.LABEL));
  });

  test('states the lexical grammar of the lexer', () => {
    const stated = Object.fromEntries(
      [...section('lexical').matchAll(/^(\w+)\s+(.*)$/gm)].map((match) => [match[1]!, match[2]!]),
    );
    expect(stated).toEqual({
      identifier: (T.Identifier.PATTERN as RegExp).source,
      number: (T.NumberToken.PATTERN as RegExp).source,
      size: (T.Dims.PATTERN as RegExp).source,
      string: (T.StringToken.PATTERN as RegExp).source,
    });
  });

  test('states the limits', () => {
    expect(manual).toContain(
      `${LIMITS.textLength.toLocaleString('en')} characters, ${LIMITS.tokens.toLocaleString('en')} tokens`,
    );
    expect(manual).toContain(`| ${LIMITS.depth} levels |`);
  });

  test('lists every code of a problem', () => {
    const sources = [
      'lexer',
      'recovery/keywords',
      'recovery/balancer',
      'recovery/recovery',
      'recovery/resync',
      'limits',
    ].map((name) => readFileSync(new URL(`../../grammar/${name}.ts`, import.meta.url), 'utf8'));
    const codes = sources.flatMap((source) =>
      [...source.matchAll(/(?:problem|replacement)\(\s*'([a-z-]+)'/g)].map((match) => match[1]!),
    );
    expect(new Set(codes).size).toBeGreaterThan(10);
    for (const code of codes) expect(manual).toContain(`\`${code}\``);
  });
});

test('the grammar passes all validations of Chevrotain: no ambiguity within two tokens, no left recursion', () => {
  expect(() => new ArchParser(false)).not.toThrow();
});
