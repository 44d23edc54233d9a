import { shown } from '../visible.ts';

/** How the cells of a column are placed. */
export type Align = 'left' | 'right';

/** A column of a text table; `title` may have a unit in it. */
export interface Column {
  readonly title: string;
  readonly align: Align;
}

/**
 * Lines of a text table: titles, then one line a row, columns two blanks apart, no blanks at line ends. Cells may be of others:
 * they are `shown`.
 *
 * @param style applied to a row's finished text, for colour: it must not change what is read.
 */
export function formatTable(
  columns: readonly Column[],
  given: readonly (readonly string[])[],
  style: (line: string, row: number | 'title') => string = (line) => line,
): string[] {
  const rows = given.map((row) => row.map(shown));
  const widths = columns.map(({ title }, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, column) => {
        const cell = cells[column] ?? '';
        return align === 'left' ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
      })
      .join('  ')
      .trimEnd();
  return [
    style(line(columns.map(({ title }) => title)), 'title'),
    ...rows.map((row, index) => style(line(row), index)),
  ];
}
