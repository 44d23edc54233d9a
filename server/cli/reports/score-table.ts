import { settingNameOf, formatSettings } from '../../score/settings.ts';
import type { ScoreSettings } from '../../score/types.ts';
import { formatCount, formatDuration, formatEstimate } from './numbers.ts';
import type { ScoreRecord } from './record.ts';
import { formatTable, type Column } from './table.ts';
import { shown } from '../visible.ts';

/** A column of a table of scores. */
export interface ScoreColumn extends Column {
  readonly cell: (record: ScoreRecord, position: number) => string;
}

const missing = '–';

function number(value: number | null, format: (value: number) => string): string {
  return value === null ? missing : format(value);
}

export const columns = {
  rank: { title: '#', align: 'right', cell: (_, position) => String(position + 1) },
  model: { title: 'model', align: 'left', cell: ({ model }) => model },
  file: { title: 'file', align: 'left', cell: ({ file }) => file },
  single: {
    title: 'VKDNW_single',
    align: 'right',
    cell: ({ single }) => number(single, (value) => value.toFixed(3)),
  },
  entropy: {
    title: 'VKDNW (nats)',
    align: 'right',
    cell: ({ vkdnw, vkdnwSe, reason }) =>
      vkdnw === null ? (reason ?? missing) : formatEstimate(vkdnw, vkdnwSe ?? undefined),
  },
  layers: { title: 'layers', align: 'right', cell: ({ layers }) => number(layers, String) },
  params: { title: 'parameters', align: 'right', cell: ({ params }) => number(params, formatCount) },
  macs: { title: 'MACs', align: 'right', cell: ({ macs }) => number(macs, formatCount) },
  time: { title: 'time', align: 'right', cell: ({ milliseconds }) => number(milliseconds, formatDuration) },
} as const satisfies Record<string, ScoreColumn>;

/** The lines of a table, one record a row. */
export function scoreTable(records: readonly ScoreRecord[], shown: readonly ScoreColumn[]): string[] {
  return formatTable(
    shown,
    records.map((record, position) => shown.map(({ cell }) => cell(record, position))),
  );
}

/** What failed and why, a line each. */
export function failureLines(records: readonly ScoreRecord[]): string[] {
  return records.flatMap(({ file, model, state, reason, message }) =>
    state === 'failed' ? [shown(`${file} ${model}: ${reason ?? 'failed'}: ${message ?? ''}`)] : [],
  );
}

/** How the numbers were made: without it they cannot be compared with others. */
export function provenance(records: readonly ScoreRecord[], settings: ScoreSettings): string {
  const engines = new Set(
    records.flatMap(({ engine }) =>
      engine === null
        ? []
        : [
            `${engine.name} (${engine.version}, ${engine.device}, ${engine.threads} thread${engine.threads === 1 ? '' : 's'})`,
          ],
    ),
  );
  const name = settingNameOf(settings) ?? 'custom';
  return [...engines, `${name}: ${formatSettings(settings)}`].join('; ');
}
