import { formatCount, formatInteger, plural } from '../../server/lsp/format.ts';
import type { RankingProgress } from '../../server/lsp/ranking-protocol.ts';
import { columnTexts } from '../../server/ranking/columns.ts';
import type { Measure } from '../../server/ranking/columns.ts';
import type { EntryScore, EntryState, RankingEntry } from '../../server/ranking/entry.ts';
import type { RankingFilter } from '../../server/ranking/filter.ts';
import { formatRank, isTie } from '../../server/ranking/rank-range.ts';
import type { Ranking, RankedEntry } from '../../server/ranking/ranking.ts';
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

/** `22.69 ± 0.02`: VKDNW_single with the uncertainty of its entropy. */
export function singleText({ single, vkdnwSe }: EntryScore): string {
  return vkdnwSe === undefined ? single.toFixed(3) : `${single.toFixed(3)} ± ${vkdnwSe.toFixed(3)}`;
}

export function vkdnwText({ vkdnw, vkdnwSe }: EntryScore): string {
  return vkdnwSe === undefined ? vkdnw.toFixed(3) : `${vkdnw.toFixed(3)} ± ${vkdnwSe.toFixed(3)}`;
}

/** Parameters and MACs, `0.27 M · 40.8 M MACs`; empty where there is no network. */
export function sizeText({ params, macs }: RankingEntry): string {
  return params === undefined || macs === undefined
    ? ''
    : `${formatCount(params)} · ${formatCount(macs)} MACs`;
}

/** What stands behind a model's name. */
export function rowText({ entry, aggregate }: RankedEntry, measure: Measure): string {
  const { score } = entry;
  const value =
    score === undefined
      ? stateTexts[entry.state]
      : measure === 'aggregate'
        ? (aggregate?.toFixed(2) ?? '')
        : measure === 'vkdnw'
          ? vkdnwText(score)
          : singleText(score);
  return [value, sizeText(entry)].filter((part) => part !== '').join(' · ');
}

/** Markdown: everything known of a model. */
export function detailText(row: RankedEntry): string {
  const { entry, rank, of, aggregate } = row;
  const { score, layers, params, macs } = entry;
  const lines = [`**${entry.model}** · ${entry.file}`];
  if (score === undefined) lines.push(capital(entry.message ?? stateTexts[entry.state]));
  if (rank !== undefined && of !== undefined) {
    lines.push(
      isTie(rank)
        ? `Rank ${formatRank(rank)} of ${formatInteger(of)}: a tie. Its uncertainty leaves open where it stands among them.`
        : `Rank ${formatRank(rank)} of ${formatInteger(of)}.`,
    );
  }
  if (score !== undefined) {
    const rows = [
      ['VKDNW_single', singleText(score)],
      ['VKDNW', vkdnwText(score)],
      ['aggregate', aggregate?.toFixed(3) ?? ''],
    ];
    lines.push(['| | |', '|---|--:|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n'));
  }
  if (layers !== undefined && params !== undefined && macs !== undefined)
    lines.push(
      `${plural(layers, 'trainable layer')} · ${formatInteger(params)} parameters · ${formatInteger(macs)} MACs`,
    );
  if (score !== undefined) lines.push(`${formatSettings(score.settings)} · ${score.engine.name}`);
  return lines.join('\n\n');
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
  { sort, groups, hidden }: Ranking,
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
  if (sort !== 'single') parts.push(`By ${columnTexts[sort].label}, ${columnTexts[sort].first}.`);
  if (groups.length > 1) parts.push('Scores of different settings are ranked apart.');
  return parts.join(' ');
}
