import { describe, expect, it } from 'vitest';
import { numbersOf, parseTable } from '../../server/evaluation/table.ts';

function rowsOf(text: string) {
  return parseTable(text, 't.csv').rows.map(({ line, cells }) => [line, ...cells]);
}

describe('a table', () => {
  it.each([
    ['commas', 'a,b\n1,2\n'],
    ['Windows line ends', 'a,b\r\n1,2\r\n'],
    ['a byte order mark', '\uFEFFa,b\n1,2'],
    ['semicolons', 'a;b\n1;2'],
    ['tabs', 'a\tb\n1\t2'],
  ])('is read with %s', (_, text) => {
    const { columns } = parseTable(text, 't.csv');
    expect([columns, rowsOf(text)]).toEqual([['a', 'b'], [[2, '1', '2']]]);
  });

  it('knows its lines over quotes, line breaks and empty lines', () => {
    expect(rowsOf('a,b\n"x, ""y""",1\n\n"two\nlines",2\nz,3\n')).toEqual([
      [2, 'x, "y"', '1'],
      [4, 'two\nlines', '2'],
      [6, 'z', '3'],
    ]);
  });

  it.each([
    ['a Windows line end between quotes', 'a,b\r\n"x\r\ny",1\r\nz,2\r\n', [2, 4]],
    ['line ends of several systems', 'a,b\r\n1,2\n3,4\r5,6\r\n\r\n7,8', [2, 3, 4, 6]],
    ['a byte order mark and letters of two bytes', '\uFEFFé,b\n\n"é\né",1\né,2', [3, 5]],
  ])('knows its lines with %s', (_, text, lines) => {
    expect(rowsOf(text).map(([line]) => line)).toEqual(lines);
  });

  it.each([
    ['', 't.csv is empty. Its first line must name the columns.'],
    ['a,a\n1,2', 't.csv:1: two columns are named "a". Rename one of them.'],
    ['a,b\n1,2\n3', 't.csv:3: 1 cell in a table of 2 columns.'],
    ['a,b\n1,2,3', 't.csv:2: 3 cells in a table of 2 columns.'],
    ['a,b\nx"y,2', 't.csv:2: a double quote is out of place.'],
    ['a,b\n"x,2\n', 'a double quote is out of place.'],
    ['a\0,b', 't.csv is not a text file in UTF-8.'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseTable(text, 't.csv')).toThrow(message);
  });
});

describe('numbers of a table', () => {
  it('are those of the rows that have a target; what is missing is named', () => {
    const table = parseTable('net,s,t\na,1,90\nb,,80\nc,nan,\nd,-2e-3,70\n', 't.csv');
    const { rows, targets, columns, missing } = numbersOf(table, 't', ['s']);
    expect(rows).toEqual([0, 1, 3]);
    expect([...targets]).toEqual([90, 80, 70]);
    expect(columns).toEqual([[1, undefined, -0.002]]);
    expect(missing).toEqual([
      { column: 't', isTarget: true, lines: [4] },
      { column: 's', isTarget: false, lines: [3] },
    ]);
  });

  it('name line and column of what is no number, with the remedy', () => {
    const table = parseTable('s,t\n1,2\n1,"93,2 %"\n', 't.csv');
    expect(() => numbersOf(table, 's', ['t'])).toThrow(
      't.csv:3: column "t": "93,2 %" is not a number. Write it with a decimal point and without units, or leave',
    );
    expect(() => numbersOf(table, 'u')).toThrow('t.csv has no column "u".');
    expect(() => numbersOf(parseTable('score,accuracy\n', 't.csv'), 'acuracy')).toThrow(
      'Did you mean "accuracy"? Its columns are: score, accuracy.',
    );
  });
});
