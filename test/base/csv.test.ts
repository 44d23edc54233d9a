import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csv } from '../../server/base/csv.ts';

it('writes a line a row, quoted where it has to be', () => {
  expect(
    csv([
      ['a', 'b,c', 'say "x"'],
      [1, undefined, -2.5],
    ]),
  ).toBe('a,"b,c","say ""x"""\r\n1,,-2.5\r\n');
});

it.each(['=1+1.arch', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\n=x', '＝1', '＋1', '－1', '＠x'])(
  'keeps %j a text',
  (text) => {
    expect(parse(csv([[text]]), { relax_column_count: true })).toEqual([[`'${text}`]]);
  },
);

it('is read as it was written, and no text of it is a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.integer()), { minLength: 1 }), (rows) => {
      const read: string[][] = parse(csv(rows), { skip_empty_lines: false });
      expect(read).toHaveLength(rows.length);
      for (const [index, [text, number]] of rows.entries()) {
        expect(read[index]![0]).toSatisfy(isTextOf(text));
        expect(read[index]![1]).toBe(String(number));
      }
    }),
  );
});

function isTextOf(text: string): (cell: string) => boolean {
  return (cell) => (cell === text && !/^[=+\-@\t\r\n]/.test(cell)) || cell === `'${text}`;
}
