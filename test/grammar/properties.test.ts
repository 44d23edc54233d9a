import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import type { ParseResult, Span } from '../../grammar/syntax.ts';
import * as T from '../../grammar/tokens.ts';
import { shape, walk } from './helpers.ts';
import { SAMPLE } from './sample.ts';
import { cases } from '../support/property-runs.ts';

/** What must hold for any text: spans inside the text and inside their parents, worded problems, tokens in order. */
function check(text: string): ParseResult {
  const result = parse(text);
  const inside = ({ start, end }: Span, outer: Span) =>
    outer.start <= start && start <= end && end <= outer.end;
  const whole = { start: 0, end: text.length };
  expect(result.file.span).toEqual(whole);
  walk(result.file, (node, parent) => {
    if (!inside(node.span, parent?.span ?? whole))
      expect.fail(`${JSON.stringify(node)} is not inside ${JSON.stringify(parent)}`);
  });
  let line = -1;
  for (const { message, span, related, fix } of result.problems) {
    expect(inside(span, whole)).toBe(true);
    expect(inside(related?.span ?? span, whole)).toBe(true);
    expect(inside(fix?.span ?? span, whole)).toBe(true);
    expect(message).toMatch(/^[^]+[.?]$/);
    expect(message).not.toMatch(/undefined|null|Recording/);
    const at = text.slice(0, span.start).split(/\r\n|\r|\n/).length;
    expect(at).toBeGreaterThan(line);
    line = at;
  }
  for (const parts of [result.tokens, result.comments]) {
    let end = 0;
    for (const { span } of parts) {
      expect(span.start).toBeGreaterThanOrEqual(end);
      expect(span.end).toBeGreaterThan(span.start);
      end = span.end;
    }
    expect(end).toBeLessThanOrEqual(text.length);
  }
  return result;
}

const words = [
  ...T.KEYWORDS.map((type) => type.LABEL!),
  ...'-> == != <= >= && || = < > + - * / % ! ? : , ( ) [ ] { } ; @ # \' " /* */ // /// 0 3 3x3 450M 1e-5 3x .5 é → x conv relu modle'.split(' '),
  '"text"', '\n', '\n', ' ', '\t',
]; // prettier-ignore

const soup = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', '', '\n')), { maxLength: 60 })
  .map((parts) => parts.flat().join(''));

const position = fc.nat(SAMPLE.length);
const mutation = fc
  .array(
    fc.tuple(position, fc.nat(30), fc.oneof(fc.constantFrom('', ...words), fc.string({ maxLength: 5 }))),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((edits) =>
    edits.reduce(
      (text, [start, length, insert]) => text.slice(0, start) + insert + text.slice(start + length),
      SAMPLE,
    ),
  );

describe('any text', () => {
  test('random words of the language', () => {
    fc.assert(
      fc.property(soup, (text) => void check(text)),
      cases(4500),
    );
  });

  test('random characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => void check(text)),
      cases(2500),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => void check(text)),
      cases(2000),
    );
  });

  test('mutations of a valid file', () => {
    fc.assert(
      fc.property(mutation, (text) => void check(text)),
      cases(800),
    );
  });

  test('pieces of a valid file', () => {
    fc.assert(
      fc.property(position, position, (a, b) => void check(SAMPLE.slice(Math.min(a, b), Math.max(a, b)))),
      cases(200),
    );
  });
});

describe('valid texts', () => {
  const gap = fc.constantFrom(' ', '\n', '\n\n  ', ' // note\n', '/* note */', '\t', ' ');

  test('line breaks, spaces and comments between tokens change nothing', () => {
    const { tokens, file } = parse(SAMPLE);
    const written = tokens.map(({ span }) => SAMPLE.slice(span.start, span.end));
    const expected = shape(withoutDocs(file));
    // A soft keyword at the start of a line is the keyword, so there the line is not broken.
    const soft = new Set(['input', 'classes', 'cell', 'space']);
    fc.assert(
      fc.property(fc.array(gap, { minLength: written.length, maxLength: written.length }), (gaps) => {
        const text = written
          .map((word, index) =>
            soft.has(word) && tokens[index]!.kind === 'name' ? ` ${word}` : gaps[index]! + word,
          )
          .join('');
        const { problems, file: parsed } = check(text);
        expect(problems).toEqual([]);
        expect(shape(withoutDocs(parsed))).toEqual(expected);
      }),
      cases(60),
    );
  });
});

test.each([
  'model\n  M {\n  } let\n a = 4\nimport\n  { } from\n  "./b.arch"\n',
  'block B\n{\n  }\rlet\nx\n= "same" cell\nA\n  { 0 -> 1: relu\n}',
])('declarations begin and go on in any line: %j', (text) => {
  expect(check(text).problems).toEqual([]);
});

/** Documentation depends on comments, which the gaps replace. */
function withoutDocs(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, child: unknown) => (key === 'doc' ? undefined : child)));
}
