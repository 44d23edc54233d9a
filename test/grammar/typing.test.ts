import { describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import { problemsOf, shape } from './helpers.ts';
import { SAMPLE } from './sample.ts';

/** Typing character by character never shows more than the one thing that is missing. */
describe('while typing', () => {
  test('every beginning of a file has at most one problem', () => {
    const { tokens } = parse(SAMPLE);
    // In the middle and at the end of every token.
    for (const length of [0, ...tokens.flatMap(({ span }) => [(span.start + span.end + 1) >> 1, span.end])]) {
      const text = SAMPLE.slice(0, length);
      expect(problemsOf(text).slice(1), JSON.stringify(text.slice(-60))).toEqual([]);
    }
  });

  const inserted = [
    '  repeat 3 as i { residual { conv(32, 3x3, stride = i == 0 ? 2 : 1) -> bn } shortcut { relu } }',
    '  for (c, s) in [(16, 1), (32, 2)] { x = conv(c, in = s) : 32x32x3 }',
    '  if (a == 1 && !b) { relu } else if (c) { tanh } else { gelu }',
    '  parallel add { branch { relu -> conv(3) } branch { } }',
    '  let k = choice(3x3, [5, (6, 7)], "text")',
    '  conv(choice(16, 24), 3x3) -> add(x) -> choice(a, b(3))',
  ];
  const above = 'block A(x) {\n  relu\n}\n\nmodel M {\n  input 8x8x3\n  classes 10\n  conv(8, 3x3)\n';
  const below = '\n  gap -> dense(classes)\n}\n\n/// Doc.\ncell C {\n  0 -> 1: relu\n}\n';
  const [, , ...rest] = parse(above + below).file.items;

  test.each(inserted)('in the middle of a file: %s', (line) => {
    for (let length = 0; length <= line.length; length++) {
      const text = above + line.slice(0, length) + below;
      expect(problemsOf(text).slice(1), JSON.stringify(line.slice(0, length))).toEqual([]);
      const { items } = parse(text).file;
      expect(items.map((item) => item.kind)).toEqual(['block', 'model', 'cell']);
      // The declarations after it are what they were.
      expect(shape(items.slice(2))).toEqual(shape(rest));
    }
    expect(parse(above + line + below).problems).toEqual([]);
  });

  test.each([
    'model New { relu }',
    'block New(a, b = 3) { relu }',
    'import { A } from "./a.arch"',
    'let x = [1, (2, 3)]',
    'cell New = "|none~0|"',
  ])('between declarations: %s', (line) => {
    for (let length = 0; length <= line.length; length++) {
      const text = `${above}}\n\n${line.slice(0, length)}\n\nmodel N {${below}`;
      expect(problemsOf(text).slice(1), JSON.stringify(line.slice(0, length))).toEqual([]);
      expect(
        parse(text)
          .file.items.slice(-2)
          .map((item) => item.kind),
      ).toEqual(['model', 'cell']);
    }
  });

  test('deleting a line leaves at most one problem', () => {
    const lines = SAMPLE.split('\n');
    for (const [index, line] of lines.entries()) {
      const text = lines.toSpliced(index, 1).join('\n');
      // Without its first line a `parallel` is branches that belong to nothing, and a brace that closes nothing.
      const most = line.includes('parallel') ? 2 : 1;
      expect(problemsOf(text).slice(most), line).toEqual([]);
    }
  });

  test('deleting or doubling one token leaves at most one problem', () => {
    for (const { span } of parse(SAMPLE).tokens) {
      const around = JSON.stringify(SAMPLE.slice(span.start - 40, span.end + 40));
      expect(problemsOf(SAMPLE.slice(0, span.start) + SAMPLE.slice(span.end)).slice(1), around).toEqual([]);
      expect(problemsOf(`${SAMPLE.slice(0, span.end)} ${SAMPLE.slice(span.start)}`).slice(1), around).toEqual(
        [],
      );
    }
  });
});
