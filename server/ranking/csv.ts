import { csv, type CsvCell } from '../base/csv.ts';
import { own } from '../base/own.ts';
import { markList, marksText } from '../score/marks.ts';
import { formatSettings } from '../score/settings.ts';
import type { Ranking } from './ranking.ts';
import type { RankedEntry } from './ranked-entry.ts';
import { missingOf, reasonCode, whyUnscored } from './reasons.ts';
import { tasksText, taskText } from './task.ts';

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
  ['engine_version', ({ entry }) => entry.score?.engine.version],
  ['engine_device', ({ entry }) => entry.score?.engine.device],
  ['marks', ({ entry }) => (entry.score === undefined ? undefined : markList(entry.score.marks))],
  ['marks_message', ({ entry }) => marksText(entry.score?.marks)?.replaceAll('\n', ' ')],
  ['task', ({ entry }) => (entry.task === undefined ? undefined : taskText(entry.task))],
  ['family', ({ entry }) => entry.family],
  ['ranked_tasks', ({ tasks }) => (tasks === undefined ? undefined : tasksText(tasks))],
  ['reason', ({ entry }) => reasonCode(entry)],
  ['message', ({ entry }) => whyUnscored(entry)],
];

/** How the other scores were made. */
const madeColumn: (typeof columns)[number] = ['proxies_made', ({ entry }) => entry.proxies?.made];

/** Scores with a column in any case: asked for by name, they would have a second one of the same title. */
const always: ReadonlySet<string> = new Set(['vkdnw_single', 'vkdnw', 'layers', 'params', 'macs']);

/**
 * Comma-separated values: a line of titles, then one a model, ending with a line break. No field is empty without a reason: that
 * of a score is in `reason` and `message`, that of another number in `missing`.
 */
export function rankingCsv({ groups, rest, extras }: Ranking): string {
  const rows = [...groups.flatMap((group) => group.rows), ...rest];
  const missing = (row: RankedEntry): CsvCell =>
    Array.from(missingOf(row, extras), ([name, why]) => `${name}: ${why}`).join('; ');
  const all: typeof columns = [
    ...columns,
    ['missing', missing],
    ...(extras.length === 0 ? [] : [madeColumn]),
    ...extras
      .filter(({ name }) => !always.has(name))
      .map(({ name }): (typeof columns)[number] => [name, ({ extras: values }) => own(values ?? {}, name)]),
  ];
  return csv([all.map(([title]) => title), ...rows.map((row) => all.map(([, cell]) => cell(row)))]);
}
