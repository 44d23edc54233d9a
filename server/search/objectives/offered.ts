import { formatCorrelation } from '../../base/quantities.ts';
import { namedAggregates } from '../../proxies/aggregates.ts';
import { better, comparisonTexts, verdictOf, worthOfMetric, type ComparisonKind } from '../../worth/worth.ts';
import type { MoveKind } from '../moves/move.ts';

/** An objective, and what speaks for it. */
export interface OfferedObjective {
  /** As `--by` names it. */
  readonly name: string;
  /** For people. */
  readonly text: string;
}

/** The aggregates that are measurably better than VKDNW_single for comparisons, the best of each kind. */
export function objectiveForKinds(kinds: readonly ComparisonKind[]): readonly OfferedObjective[] {
  const byName = new Map<string, string[]>();
  for (const kind of new Set(kinds)) {
    const best = better(kind, 'vkdnw_single').find(({ metric }) =>
      namedAggregates.some(({ name }) => name === metric),
    );
    if (best === undefined) continue;
    const text = `${comparisonTexts[kind]}: τ ${formatCorrelation(best.tau)}`;
    byName.set(best.metric, [...(byName.get(best.metric) ?? []), text]);
  }
  return [...byName].map(([name, texts]) => ({ name, text: texts.join('; ') }));
}

/** In what networks differ after a change of a kind, in most cases. */
const comparisonOfMoves: Readonly<Partial<Record<MoveKind, ComparisonKind>>> = {
  width: 'width',
  number: 'width',
  depth: 'depth',
};

/** What is offered by name in the editor. */
const offered: readonly string[] = ['vkdnw_single', 'robust_agg', 'vkdnw_agg'];

/** What can be made better by changes of some kinds, each with its worth for what these changes compare. */
export function objectivesFor(moves: readonly MoveKind[]): readonly OfferedObjective[] {
  const compared = new Set(moves.map((move) => comparisonOfMoves[move] ?? 'ops'));
  // What VKDNW is worth least for stands first, where a narrow list does not cut it off.
  const kinds = (['width', 'depth', 'ops'] as const).filter((kind) => compared.has(kind));
  return offered.map((name) => ({ name, text: kinds.map((kind) => worthAt(kind, name)).join(' · ') }));
}

function worthAt(kind: ComparisonKind, name: string): string {
  const tau = worthOfMetric(kind, name);
  const value = tau === undefined ? 'not measured' : `τ ${formatCorrelation(tau.tau)}`;
  const isWrong = verdictOf(kind, name) === 'misleads';
  return `${kind}: ${value}${isWrong ? ', the wrong way round' : ''}`;
}
