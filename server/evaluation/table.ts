import { CsvError, parse } from 'csv-parse/sync';
import { nearestName } from '../base/nearest-name.ts';

/** Bytes of a table that are read: the largest of the field have a tenth of it. */
export const mostTableBytes = 256 * 2 ** 20;

/** A table of text, as a CSV file has it. */
export interface Table {
  /** As messages name it. */
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** In the file, from 1: where the row starts. */
  readonly line: number;
  /** As many as there are columns. */
  readonly cells: readonly string[];
}

/** What is wrong with a table, where, and what to do. */
export class TableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TableError';
  }
}

/**
 * Reads comma-, semicolon- or tab-separated values with a line of titles (RFC 4180: quotes, line breaks in quotes, a byte
 * order mark, any line ends). Empty lines do not count.
 *
 * @throws TableError naming file and line
 */
export function parseTable(text: string, file: string): Table {
  if (text.includes('\0'))
    throw new TableError(`${file} is not a text file in UTF-8. Save the table as CSV in UTF-8.`);
  const records = recordsOf(text, file);
  const [titles, ...rows] = records;
  if (titles === undefined) throw new TableError(`${file} is empty. Its first line must name the columns.`);
  const columns = titles.cells.map((title) => title.trim());
  const twice = columns.find((title, index) => title !== '' && columns.indexOf(title) < index);
  if (twice !== undefined)
    throw new TableError(`${file}:${titles.line}: two columns are named "${twice}". Rename one of them.`);
  for (const { line, cells } of rows) {
    if (cells.length !== columns.length)
      throw new TableError(
        `${file}:${line}: ${cells.length} cell${cells.length === 1 ? '' : 's'} in a table of ${columns.length} columns. ` +
          'Put a cell that has a comma in it between double quotes, and leave missing cells empty.',
      );
  }
  return { file, columns, rows };
}

function recordsOf(text: string, file: string): TableRow[] {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      // Otherwise the first one is taken for all, and the others for parts of cells.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly bytes: number };
    }[];
    const lines = startLines(
      text,
      records.map(({ info }) => info.bytes),
    );
    return records.map(({ record }, index) => ({ line: lines[index]!, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const lines: unknown = error['lines'];
    const place = typeof lines === 'number' ? `${file}:${lines}` : file;
    const isQuote = error.code.includes('QUOTE');
    throw new TableError(
      isQuote
        ? `${place}: a double quote is out of place. Put the whole cell between double quotes, and double those inside it.`
        : `${place}: ${error.message}.`,
    );
  }
}

/**
 * The lines that records start in, from 1. The parser's own count takes a Windows line end between quotes for two.
 *
 * @param ends bytes of the text up to the end of each record; empty lines may stand between two
 */
function startLines(text: string, ends: readonly number[]): number[] {
  const bytes = Buffer.from(text);
  const isBreak = (at: number): boolean => bytes[at] === 0x0a || bytes[at] === 0x0d;
  let line = 1;
  let at = 0;
  const advance = (): void => {
    // A Windows line end is one.
    if (isBreak(at) && !(bytes[at] === 0x0a && bytes[at - 1] === 0x0d)) line += 1;
    at += 1;
  };
  return ends.map((end) => {
    while (isBreak(at)) advance();
    const start = line;
    while (at < end) advance();
    return start;
  });
}

/** The delimiter that the line of titles has most of. */
function delimiterOf(text: string): string {
  const titles = /^.*/.exec(text)?.[0] ?? '';
  const uses = (delimiter: string): number => titles.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (uses(next) > uses(best) ? next : best));
}

/** Index of a column. @throws TableError naming the columns there are */
export function columnIndex({ file, columns }: Table, name: string): number {
  const index = columns.indexOf(name);
  if (index >= 0) return index;
  const near = nearestName(name, columns);
  throw new TableError(
    `${file} has no column "${name}". ${near === undefined ? '' : `Did you mean "${near}"? `}Its columns are: ${columns.join(', ')}.`,
  );
}

/** Numbers of a target and of columns of scores, in the rows that have a target. */
export interface Numbers {
  /** Indices into `Table.rows`. */
  readonly rows: readonly number[];
  /** As long as `rows`. */
  readonly targets: Float64Array;
  /** By column, as they were named; as long as `rows`, undefined where a row has no score. */
  readonly columns: readonly (readonly (number | undefined)[])[];
  readonly missing: readonly MissingValues[];
}

/** Cells of a column without a finite number: of the target in any row, of a score in rows that have a target. */
export interface MissingValues {
  readonly column: string;
  readonly lines: readonly number[];
  readonly isTarget: boolean;
}

const missingTexts = new Set([
  '',
  '-',
  '–',
  'na',
  'n/a',
  'nan',
  'null',
  'none',
  'inf',
  '+inf',
  '-inf',
  'infinity',
  '-infinity',
]);

/**
 * Reads columns as numbers. Rows without a target are left out.
 *
 * @param names of columns of scores
 * @throws TableError for a cell that is neither a number nor a usual word for none, naming line and column
 */
export function numbersOf(table: Table, target: string, names: readonly string[] = []): Numbers {
  const read = (name: string): readonly (number | undefined)[] => {
    const index = columnIndex(table, name);
    return table.rows.map((row) => numberOf(table, row, index));
  };
  const all = read(target);
  const rows = [...table.rows.keys()].filter((row) => all[row] !== undefined);
  const columns = names.map(read).map((column) => rows.map((row) => column[row]));
  const without = (column: string, isTarget: boolean, lines: readonly number[]): readonly MissingValues[] =>
    lines.length === 0 ? [] : [{ column, isTarget, lines }];
  return {
    rows,
    targets: Float64Array.from(rows, (row) => all[row]!),
    columns,
    missing: [
      ...without(
        target,
        true,
        table.rows.flatMap(({ line }, row) => (all[row] === undefined ? [line] : [])),
      ),
      ...names.flatMap((name, which) =>
        without(
          name,
          false,
          rows.flatMap((row, place) => (columns[which]![place] === undefined ? [table.rows[row]!.line] : [])),
        ),
      ),
    ],
  };
}

function numberOf({ file, columns }: Table, { line, cells }: TableRow, index: number): number | undefined {
  const text = cells[index]!.trim();
  if (missingTexts.has(text.toLowerCase())) return undefined;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  throw new TableError(
    `${file}:${line}: column "${columns[index]!}": "${text}" is not a number. ` +
      'Write it with a decimal point and without units, or leave the cell empty where there is no value.',
  );
}

/** What was left out, by the column that lacks a value: rows without a target, and rows of one score. */
export function missingNotes(missing: readonly MissingValues[]): string[] {
  return missing.map(({ column, lines, isTarget }) => {
    const shown = lines.slice(0, 5).join(', ');
    const more = lines.length > 5 ? ` and ${lines.length - 5} more` : '';
    const plural = lines.length === 1 ? '' : 's';
    return `Left out${isTarget ? '' : ' of its row'}: ${lines.length} network${plural} without a number in "${column}" (line${plural} ${shown}${more}).`;
  });
}
