import { formatTable, type Align } from '../server/cli/reports/table.ts';

/** One line of a table of measurements. */
export interface Measurement {
  readonly what: string;
  /** With their unit. */
  readonly median: string;
  readonly p95?: string;
  readonly range?: string;
  readonly repetitions?: number;
  /** What must hold, in words, and whether it does; absent: for information. */
  readonly target?: Target;
}

export interface Target {
  readonly text: string;
  readonly met: boolean;
}

/** A table of the report. */
export interface Table {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly align: Align }[];
  readonly rows: readonly (readonly string[])[];
  /** Below it: what it means, what was left out. */
  readonly notes?: readonly string[];
}

export function milliseconds(value: number): string {
  return value < 1000 ? `${value.toFixed(value < 10 ? 1 : 0)} ms` : `${(value / 1000).toFixed(2)} s`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}

export function verdict({ text, met }: Target): string {
  return `${text}: ${met ? 'met' : 'MISSED'}`;
}

export function measurementTable(
  title: string,
  measurements: readonly Measurement[],
  notes: readonly string[] = [],
): Table {
  return {
    title,
    notes,
    columns: [
      { title: 'what', align: 'left' },
      { title: 'median', align: 'right' },
      { title: 'p95', align: 'right' },
      { title: 'min … max', align: 'right' },
      { title: 'n', align: 'right' },
      { title: 'target', align: 'left' },
    ],
    rows: measurements.map(({ what, median, p95 = '', range = '', repetitions, target }) => [
      what,
      median,
      p95,
      range,
      repetitions === undefined ? '' : String(repetitions),
      target === undefined ? '' : verdict(target),
    ]),
  };
}

export function terminalText({ title, columns, rows, notes = [] }: Table): string {
  return [title, '', ...formatTable(columns, rows), ...notes, '', ''].join('\n');
}

export function markdown({ title, columns, rows, notes = [] }: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `### ${title}`,
    '',
    line(columns.map((column) => column.title)),
    line(columns.map(({ align }) => (align === 'left' ? '---' : '---:'))),
    ...rows.map(line),
    '',
    ...notes.flatMap((note) => [note, '']),
  ].join('\n');
}
