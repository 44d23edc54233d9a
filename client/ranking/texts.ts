import { own } from '../../server/base/own.ts';
import {
  formatCount,
  formatInteger,
  formatScore,
  formatSingle,
  formatValue,
  plural,
} from '../../server/base/quantities.ts';
import { plain } from '../../server/base/markdown.ts';
import type { RankingProgress } from '../../server/ranking/progress.ts';
import { columnText } from '../../server/ranking/columns.ts';
import type { ExtraColumn, Measure } from '../../server/ranking/columns.ts';
import { isScored } from '../../server/ranking/entry.ts';
import type { EntryScore, EntryState, RankingEntry, ScoredEntry } from '../../server/ranking/entry.ts';
import type { RankingFilter } from '../../server/ranking/filter.ts';
import { formatRank, isTie } from '../../server/ranking/rank-range.ts';
import type { Ranking } from '../../server/ranking/ranking.ts';
import type { RankedEntry } from '../../server/ranking/ranked-entry.ts';
import { formatSettings } from '../../server/score/settings.ts';

export const stateTexts: Readonly<Record<EntryState, string>> = {
  scored: 'scored',
  waiting: 'waiting',
  scoring: 'scoring…',
  unscored: 'not scored',
  costly: 'scored on request',
  failed: 'no score',
  invalid: 'errors',
};

/** VKDNW_single as what it is: `83 layers + 0.681 ± 0.013`. */
export function singleText({ layers = 0, score: { vkdnw, vkdnwSe } }: ScoredEntry): string {
  return formatSingle(layers, vkdnw, vkdnwSe);
}

export function vkdnwText({ vkdnw, vkdnwSe }: EntryScore): string {
  return formatScore(vkdnw, vkdnwSe);
}

/** Parameters and MACs, `0.27 M params · 40.8 M MACs`; empty where there is no network. */
export function sizeText({ params, macs }: RankingEntry): string {
  return params === undefined || macs === undefined
    ? ''
    : `${formatCount(params)} params · ${formatCount(macs)} MACs`;
}

/** Empty without a score. */
export function aggregateText(aggregate: number | undefined): string {
  return aggregate === undefined ? '' : formatScore(aggregate);
}

/** What stands behind a model's name. */
export function rowText(
  { entry, aggregate, extras }: RankedEntry,
  measure: Measure,
  columns: readonly ExtraColumn[] = [],
  sortedBy?: string,
): string {
  const { score } = entry;
  const textOf = ({ name }: ExtraColumn): string =>
    `${name} ${extraText(entry, own(extras ?? {}, name), name)}`;
  // What the rows are sorted by is there to be seen, however narrow the view.
  const first = columns.filter(({ name }) => name === sortedBy).map(textOf);
  const others = columns.filter(({ name }) => name !== sortedBy).map(textOf);
  const value = isScored(entry) ? valueText(entry, measure, aggregate) : stateTexts[entry.state];
  return [
    ...(score === undefined ? [] : first),
    value,
    ...(score === undefined ? [] : others),
    sizeText(entry),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function valueText(entry: ScoredEntry, measure: Measure, aggregate: number | undefined): string {
  if (measure === 'aggregate') return aggregateText(aggregate);
  return measure === 'vkdnw' ? vkdnwText(entry.score) : singleText(entry);
}

/** `792.6`, `…` while it is not known, `–` where it has no value. */
export function extraText({ proxies }: RankingEntry, value: number | undefined, name: string): string {
  if (value !== undefined) return formatValue(value);
  return own(proxies?.failed ?? {}, name) === undefined ? '…' : '–';
}

/** Markdown: everything known of a model. */
export function detailText(row: RankedEntry, columns: readonly ExtraColumn[] = []): string {
  const { entry, rank, of, aggregate } = row;
  const { score, layers, params, macs } = entry;
  const lines = [`**${plain(entry.model)}** · ${plain(entry.file)}`];
  if (score === undefined) lines.push(plain(capital(entry.message ?? stateTexts[entry.state])));
  if (rank !== undefined && of !== undefined) {
    lines.push(
      isTie(rank)
        ? `Rank ${formatRank(rank)} of ${formatInteger(of)}: a tie. Its uncertainty leaves open where it stands among them.`
        : `Rank ${formatRank(rank)} of ${formatInteger(of)}.`,
    );
  }
  if (isScored(entry)) {
    const rows = [
      ['VKDNW_single', singleText(entry)],
      ['VKDNW', vkdnwText(entry.score)],
      ['aggregate', aggregateText(aggregate)],
      ...columns.map(({ name, title }) => [title, extraText(entry, own(row.extras ?? {}, name), name)]),
    ];
    lines.push(
      ['| | |', '|---|--:|', ...rows.map((cells) => `| ${cells.map(plain).join(' | ')} |`)].join('\n'),
    );
  }
  if (layers !== undefined && params !== undefined && macs !== undefined)
    lines.push(
      `${plural(layers, 'trainable layer')} · ${formatInteger(params)} parameters · ${formatInteger(macs)} MACs`,
    );
  if (score !== undefined) lines.push(plain(`${formatSettings(score.settings)} · ${score.engine.name}`));
  lines.push(...proxyLines(entry, columns));
  return lines.join('\n\n');
}

/** How the other scores were made, and why some have no value. */
function proxyLines({ proxies }: RankingEntry, columns: readonly ExtraColumn[]): string[] {
  if (proxies === undefined || columns.length === 0) return [];
  const failures = columns.flatMap(({ name }) => {
    const why = own(proxies.failed, name);
    return why === undefined ? [] : [plain(`No ${name}: ${why}`)];
  });
  return [...(proxies.made === '' ? [] : [plain(`Proxies: ${proxies.made}`)]), ...failures];
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** What narrows the ranking; empty when nothing does. */
export function filterText({ text, maxParams, maxMacs }: RankingFilter): string {
  return [
    ...(text === undefined ? [] : [`“${text}”`]),
    ...(maxParams === undefined ? [] : [`≤ ${formatCount(maxParams)} params`]),
    ...(maxMacs === undefined ? [] : [`≤ ${formatCount(maxMacs)} MACs`]),
  ].join(', ');
}

/** One or two lines above the list; empty when there is nothing to say. */
export function messageText(
  { sort, groups, hidden, extras }: Ranking,
  progress: RankingProgress,
  filter: RankingFilter,
  entries: readonly RankingEntry[],
): string {
  const parts: string[] = [];
  const { done, total, current } = progress;
  const open = entries.filter(({ state }) => state === 'unscored').length;
  if (progress.state === 'scoring')
    parts.push(
      `Scored ${formatInteger(done)} of ${formatInteger(total)}${current === undefined ? '' : `, now ${current}`}.`,
    );
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
  if (groups.length > 1) parts.push('Scores of different settings are ranked apart.');
  return parts.join(' ');
}
