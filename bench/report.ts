import process from 'node:process';
import { formatTable } from '../server/cli/table.ts';

/** One line of the report. */
export interface Measurement {
  readonly what: string;
  /** With their unit. */
  readonly median: string;
  readonly p95?: string;
  readonly range?: string;
  readonly repetitions?: number;
  /** What must hold, in words, and whether it does; absent: for information. */
  readonly target?: { readonly text: string; readonly met: boolean };
}

export function milliseconds(value: number): string {
  return value < 1000 ? `${value.toFixed(value < 10 ? 1 : 0)} ms` : `${(value / 1000).toFixed(2)} s`;
}

/** Prints measurements; the targets are those of a machine with two cores. */
export function print(title: string, measurements: readonly Measurement[]): void {
  const columns = [
    { title: title, align: 'left' },
    { title: 'median', align: 'right' },
    { title: 'p95', align: 'right' },
    { title: 'min … max', align: 'right' },
    { title: 'n', align: 'right' },
    { title: 'target', align: 'left' },
  ] as const;
  const rows = measurements.map(({ what, median, p95 = '', range = '', repetitions, target }) => [
    what,
    median,
    p95,
    range,
    repetitions === undefined ? '' : String(repetitions),
    target === undefined ? '' : `${target.text}: ${target.met ? 'met' : 'MISSED'}`,
  ]);
  process.stdout.write(`${formatTable(columns, rows).join('\n')}\n\n`);
}
