import { csv } from '../../base/csv.ts';
import type { NetworkTotals } from '../../network/network.ts';
import { markList } from '../../score/marks.ts';
import type { Move } from '../../search/moves/move.ts';
import type { Opinion } from '../../search/second-opinion.ts';
import { standingOf, type Verdict } from '../../search/what-if.ts';
import { changeText, differenceText, meaning, opinionText, worthNote } from '../../search/wording.ts';
import type { ComparisonKind } from '../../worth/worth.ts';
import { marksBeside } from '../../score/marks.ts';
import { formatTable } from './table.ts';

/** A change that was scored. */
export interface ScoredChange {
  readonly move: Pick<Move, 'title' | 'kind'>;
  /** Of the network that is changed, and of the changed one. */
  readonly from: NetworkTotals;
  readonly totals: NetworkTotals;
  readonly comparison: ComparisonKind;
  readonly verdict: Verdict;
}

/**
 * Lines of a table for people: both opinions, and what they mean.
 *
 * @param by what was compared
 */
export function changeTable(changes: readonly ScoredChange[], by = 'vkdnw_single'): readonly string[] {
  return formatTable(
    [
      { title: 'change', align: 'left' },
      { title: `Δ ${by === 'vkdnw_single' ? 'VKDNW_single' : by}`, align: 'right' },
      { title: changes.some(hasParts) ? 'parts' : 'other scores', align: 'left' },
      { title: 'verdict', align: 'left' },
      { title: 'Δ parameters', align: 'right' },
      { title: 'Δ MACs', align: 'right' },
    ],
    changes.map(({ move, verdict, from, totals }) => [
      move.title,
      verdict.state === 'scored' ? `${differenceText(verdict.difference)}${marksBeside(verdict.marks)}` : '–',
      verdict.state === 'scored' && verdict.opinion !== undefined ? opinionText(verdict.opinion) : '–',
      meaning(verdict),
      changeText(from.params, totals.params),
      changeText(from.macs, totals.macs),
    ]),
  );
}

function hasParts({ verdict }: ScoredChange): boolean {
  return verdict.state === 'scored' && verdict.opinion?.ofParts === true;
}

/** What is known of what was compared for changes as these, where that is little; each once. */
export function worthNotes(
  changes: readonly Pick<ScoredChange, 'comparison'>[],
  by = 'vkdnw_single',
): readonly string[] {
  const kinds = new Set(changes.map(({ comparison }) => comparison));
  return [...kinds].flatMap((kind) => worthNote(kind, by) ?? []);
}

/** One change for programs. */
export function changeRecord(change: ScoredChange): object {
  const { move, verdict, from, totals, comparison } = change;
  const about = { change: move.title, kind: move.kind, comparison };
  const costs = { params: totals.params - from.params, macs: totals.macs - from.macs };
  if (verdict.state === 'failed')
    return { ...about, state: 'failed', reason: verdict.reason, message: verdict.message, ...costs };
  const { difference, single, marks = [], opinion } = verdict;
  const { delta, layers, entropy, error = null, margin = null, seeds, withinNoise } = difference;
  return {
    ...about,
    state: 'ok',
    standing: standingOf(verdict),
    delta,
    ...(layers === undefined ? {} : { layers, entropy }),
    error,
    margin,
    seeds,
    withinNoise,
    ...(single === undefined ? {} : { vkdnw_single: single, single }),
    marks: marks.map(({ kind, short }) => ({ kind, short })),
    opinion: opinion ?? null,
    ...costs,
  };
}

const columns = [
  'change',
  'kind',
  'comparison',
  'state',
  'reason',
  'standing',
  'delta',
  'margin',
  'seeds',
  'marks',
  'others_verdict',
  'others_for',
  'others_against',
  'params',
  'macs',
  'message',
] as const;

/** Differences of parameters and MACs, after − before. */
export function changesCsv(changes: readonly ScoredChange[]): string {
  const rows = changes.map(({ move, verdict, from, totals, comparison }) => {
    const scored = verdict.state === 'scored' ? verdict : undefined;
    const failed = verdict.state === 'failed' ? verdict : undefined;
    const opinion: Opinion | undefined = scored?.opinion;
    return [
      move.title,
      move.kind,
      comparison,
      scored === undefined ? 'failed' : 'ok',
      failed?.reason,
      standingOf(verdict),
      scored?.difference.delta,
      scored?.difference.margin,
      scored?.difference.seeds,
      scored === undefined ? undefined : markList(scored.marks),
      opinion?.verdict,
      opinion?.better,
      opinion?.worse,
      totals.params - from.params,
      totals.macs - from.macs,
      failed?.message,
    ];
  });
  return csv([columns, ...rows]);
}
