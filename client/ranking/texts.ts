import { failureText } from '../../server/base/failure-reasons.ts';
import { own } from '../../server/base/own.ts';
import {
  formatCount,
  formatInteger,
  formatScore,
  formatSingle,
  formatTimeLeft,
  formatValue,
  plural,
} from '../../server/base/quantities.ts';
import { plain } from '../../server/base/markdown.ts';
import { differences } from '../../server/ranking/comparable.ts';
import type { RankingProgress } from '../../server/ranking/progress.ts';
import { columnText } from '../../server/ranking/columns.ts';
import type { ExtraColumn, Measure } from '../../server/ranking/columns.ts';
import { isScored } from '../../server/ranking/entry.ts';
import type { EntryScore, EntryState, RankingEntry, ScoredEntry } from '../../server/ranking/entry.ts';
import type { RankingFilter } from '../../server/ranking/filter.ts';
import { formatRank, isTie } from '../../server/ranking/rank-range.ts';
import { missingColumns, whyUnscored } from '../../server/ranking/reasons.ts';
import type { Ranking } from '../../server/ranking/ranking.ts';
import type { RankedEntry } from '../../server/ranking/ranked-entry.ts';
import { mergedText, tasksText, taskText } from '../../server/ranking/task.ts';
import { judgedScore, trustWarning } from '../../server/ranking/trust.ts';
import { marksBeside } from '../../server/score/marks.ts';
import { formatSettings } from '../../server/score/settings.ts';

export const stateTexts: Readonly<Record<EntryState, string>> = {
  scored: 'scored',
  quick: 'quick',
  waiting: 'waiting',
  scoring: 'scoring…',
  unscored: 'not scored',
  costly: 'scored on request',
  failed: 'no score',
  invalid: 'errors',
};

/** What stands in a cell that has no value. */
export const noValue = '–';

/** Where a model without a score stands; for a failure its reason in a few words: `no score: time limit reached`. */
export function stateText({ state, reason }: RankingEntry): string {
  return reason === undefined ? stateTexts[state] : `${stateTexts[state]}: ${failureText(reason)}`;
}

/** `32×32×3 → 10` */
export function taskOfText({ task }: RankingEntry): string {
  return task === undefined ? noValue : taskText(task);
}

/** `≈ ` before the number of a quick score. */
export function about({ state }: RankingEntry): string {
  return state === 'quick' ? '≈ ' : '';
}

/** `Settle (about 3 min)`: what there is to do for a quick score. */
export function settleText({ secondsToSettle }: RankingEntry): string {
  return secondsToSettle === undefined
    ? 'Settle'
    : `Settle (about ${formatTimeLeft(1000 * secondsToSettle)})`;
}

/** The same where there is little room, so that the error is not what is cut: `83 + 0.681 ± 0.013`. */
export function shortSingleText(entry: ScoredEntry): string {
  const { layers = 0, score } = entry;
  const { vkdnw, vkdnwSe, marks } = score;
  return `${about(entry)}${formatInteger(layers)} + ${formatScore(vkdnw, vkdnwSe)}${marksBeside(marks)}`;
}

/** VKDNW_single as what it is: `83 layers + 0.681 ± 0.013`. */
export function singleText(entry: ScoredEntry): string {
  const { layers = 0, score } = entry;
  const { vkdnw, vkdnwSe, marks } = score;
  return `${about(entry)}${formatSingle(layers, vkdnw, vkdnwSe)}${marksBeside(marks)}`;
}

export function vkdnwText({ vkdnw, vkdnwSe, marks }: EntryScore): string {
  return `${formatScore(vkdnw, vkdnwSe)}${marksBeside(marks)}`;
}

/** Parameters and MACs, `0.27 M params · 40.8 M MACs`; empty where there is no network. */
export function sizeText({ params, macs }: RankingEntry): string {
  return params === undefined || macs === undefined
    ? ''
    : `${formatCount(params)} params · ${formatCount(macs)} MACs`;
}

export function aggregateText(aggregate: number | undefined): string {
  return aggregate === undefined ? noValue : formatScore(aggregate);
}

interface RowOptions {
  /** The column that the rows are sorted by. */
  readonly sortedBy?: string | undefined;
  /** Whether the row says which task it is for: where no group above it does. */
  readonly showTask?: boolean;
}

/** What stands behind a model's name. */
export function rowText(
  { entry, aggregate, extras }: RankedEntry,
  measure: Measure,
  columns: readonly ExtraColumn[] = [],
  { sortedBy, showTask = false }: RowOptions = {},
): string {
  const textOf = (column: ExtraColumn): string =>
    `${column.name} ${extraText(entry, own(extras ?? {}, column.name), column)}`;
  // What the rows are sorted by is there to be seen, however narrow the view.
  const first = columns.filter(({ name }) => name === sortedBy).map(textOf);
  const others = columns.filter(({ name }) => name !== sortedBy).map(textOf);
  const task = showTask && entry.task !== undefined ? [taskText(entry.task)] : [];
  const parts = isScored(entry)
    ? [...first, valueText(entry, measure, aggregate), ...task, ...others, sizeText(entry)]
    : [stateText(entry), ...task, sizeText(entry)];
  return parts.filter((part) => part !== '').join(' · ');
}

function valueText(entry: ScoredEntry, measure: Measure, aggregate: number | undefined): string {
  if (measure === 'aggregate') return `${about(entry)}${aggregateText(aggregate)}`;
  return measure === 'vkdnw' ? `${about(entry)}${vkdnwText(entry.score)}` : shortSingleText(entry);
}

/** `792.6`, `…` while it is computed, `–` where it has no value, or none is computed as long as the score is a quick one. */
export function extraText(entry: RankingEntry, value: number | undefined, { isOpen }: ExtraColumn): string {
  if (value !== undefined) return formatValue(value);
  return isOpen(entry) && entry.state !== 'quick' ? '…' : noValue;
}

/** How the value of a column was made, and why it has none, or lacks a part. */
export function extraTip(row: RankedEntry, column: ExtraColumn): string {
  const { proxies } = row.entry;
  return [
    ...Array.from(missingColumns(row, [column]), ([name, why]) => `No ${name}: ${why}`),
    ...(proxies === undefined ? [] : [proxies.made]),
  ].join('\n');
}

/** Markdown: everything known of a model. */
export function detailText(row: RankedEntry, columns: readonly ExtraColumn[] = []): string {
  const { entry, rank, of, tasks = [], aggregate } = row;
  const { score, task, family, layers, params, macs } = entry;
  const lines = [`**${plain(entry.model)}** · ${plain(entry.file)}`];
  const why = whyUnscored(entry);
  if (why !== undefined) {
    const short = entry.reason === undefined ? '' : `${capital(failureText(entry.reason))}. `;
    lines.push(plain(`${short}${capital(why)}`));
  }
  if (rank !== undefined && of !== undefined) {
    const place = `Rank ${formatRank(rank)} of ${formatInteger(of)} for ${tasksText(tasks)}`;
    lines.push(
      isTie(rank) ? `${place}: a tie. Its uncertainty leaves open where it stands among them.` : `${place}.`,
    );
    if (tasks.length > 1) lines.push(mergedText);
  }
  if (isScored(entry)) {
    const rows = [
      ['VKDNW_single', singleText(entry)],
      ['VKDNW', `${about(entry)}${vkdnwText(entry.score)}`],
      ['aggregate', aggregateText(aggregate)],
      ...columns.map((column) => [
        column.title,
        extraText(entry, own(row.extras ?? {}, column.name), column),
      ]),
    ];
    lines.push(
      ['| | |', '|---|--:|', ...rows.map((cells) => `| ${cells.map(plain).join(' | ')} |`)].join('\n'),
    );
  }
  lines.push(...(score?.marks ?? []).map(({ message }) => plain(message)));
  if (entry.state === 'quick') {
    const { secondsToSettle } = entry;
    const time = secondsToSettle === undefined ? '' : `, in about ${formatTimeLeft(1000 * secondsToSettle)}`;
    lines.push(`*Score Again* computes the rest${time}.`);
  }
  if (layers !== undefined && params !== undefined && macs !== undefined)
    lines.push(
      `${task === undefined ? '' : `${taskText(task)} · `}${family === undefined ? '' : `${family} · `}${plural(layers, 'trainable layer')} · ${formatInteger(params)} parameters · ${formatInteger(macs)} MACs`,
    );
  if (score !== undefined) lines.push(plain(`${formatSettings(score.settings)} · ${score.engine.name}`));
  lines.push(...proxyLines(row, columns));
  return lines.join('\n\n');
}

/** How the other scores were made, and why some have no value, or lack a part. */
function proxyLines(row: RankedEntry, columns: readonly ExtraColumn[]): string[] {
  const { proxies, score } = row.entry;
  if (score === undefined || columns.length === 0) return [];
  return [
    ...(proxies === undefined || proxies.made === '' ? [] : [plain(`Proxies: ${proxies.made}`)]),
    ...Array.from(missingColumns(row, columns), ([name, why]) => plain(`No ${name}: ${why}`)),
  ];
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** What narrows the ranking; empty when nothing does. */
export function filterText({ text, maxParams, maxMacs, task, family }: RankingFilter): string {
  return [
    ...(task === undefined ? [] : [task]),
    ...(family === undefined ? [] : [family]),
    ...(text === undefined ? [] : [`“${text}”`]),
    ...(maxParams === undefined ? [] : [`≤ ${formatCount(maxParams)} params`]),
    ...(maxMacs === undefined ? [] : [`≤ ${formatCount(maxMacs)} MACs`]),
  ].join(', ');
}

/** What speaks against the order of the groups, each once. */
function warnings({ measure, groups }: Ranking): readonly string[] {
  const score = judgedScore(measure);
  if (score === undefined) return [];
  return [...new Set(groups.flatMap(({ comparisons }) => trustWarning(comparisons, score) ?? []))];
}

/** One or two lines above the list; empty when there is nothing to say. */
export function messageText(
  ranking: Ranking,
  progress: RankingProgress,
  filter: RankingFilter,
  entries: readonly RankingEntry[],
): string {
  const { sort, groups, hidden, extras } = ranking;
  const parts: string[] = [];
  const { done, total, current } = progress;
  const open = entries.filter(({ state }) => state === 'unscored').length;
  if (progress.state === 'scoring')
    parts.push(
      `Scored ${formatInteger(done)} of ${formatInteger(total)}${current === undefined ? '' : `, now ${current}`}.`,
    );
  else if (progress.state === 'measuring')
    parts.push(`Computing columns${current === undefined ? '' : `, now ${current}`}.`);
  else if (progress.state === 'stopped' && open > 0)
    parts.push(
      `${open === 1 ? '1 model has' : `${formatInteger(open)} models have`} no score yet: press ▷ to rank.`,
    );
  const narrowed = filterText(filter);
  if (narrowed !== '') parts.push(`Only ${narrowed}: ${formatInteger(hidden)} hidden.`);
  if (sort !== 'single') {
    const { label, first } = columnText(sort, extras);
    parts.push(`By ${label}, ${first}.`);
  }
  const apart = differences(groups);
  parts.push(...warnings(ranking));
  if (apart.tasks) parts.push('Tasks are ranked apart.');
  if (apart.settings) parts.push('Scores of different settings are ranked apart.');
  if (groups.some(({ tasks }) => tasks.length > 1)) parts.push(mergedText);
  return parts.join(' ');
}
