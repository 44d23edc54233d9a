import { csv, type CsvCell } from '../base/csv.ts';
import { own } from '../base/own.ts';
import { formatSettings } from '../score/settings.ts';
import type { Ranking } from './ranking.ts';
import type { RankedEntry } from './ranked-entry.ts';

const columns: readonly (readonly [string, (row: RankedEntry) => CsvCell])[] = [
  ['rank_best', ({ rank }) => rank?.best],
  ['rank_worst', ({ rank }) => rank?.worst],
  ['ranked', ({ of }) => of],
  ['model', ({ entry }) => entry.model],
  ['file', ({ entry }) => entry.file],
  ['state', ({ entry }) => entry.state],
  ['vkdnw_single', ({ entry }) => entry.score?.single],
  ['vkdnw', ({ entry }) => entry.score?.vkdnw],
  ['vkdnw_se', ({ entry }) => entry.score?.vkdnwSe],
  ['aggregate', ({ aggregate }) => aggregate],
  ['layers', ({ entry }) => entry.layers],
  ['params', ({ entry }) => entry.params],
  ['macs', ({ entry }) => entry.macs],
  ['settings', ({ entry }) => (entry.score === undefined ? undefined : formatSettings(entry.score.settings))],
  ['engine', ({ entry }) => entry.score?.engine.name],
  ['message', ({ entry }) => entry.message],
];

/** Comma-separated values: a line of titles, then one a model, ending with a line break. */
export function rankingCsv({ groups, rest, extras }: Ranking): string {
  const rows = [...groups.flatMap((group) => group.rows), ...rest];
  const all = [
    ...columns,
    ...extras.map(({ name }): (typeof columns)[number] => [
      name,
      ({ extras: values }) => own(values ?? {}, name),
    ]),
  ];
  return csv([all.map(([title]) => title), ...rows.map((row) => all.map(([, cell]) => cell(row)))]);
}
