import { comparisonOf } from '../worth/comparison.ts';
import type { ComparisonKind } from '../worth/worth.ts';
import type { RankingEntry } from './entry.ts';

/** The families among models, each once, in order. */
export function familiesOf(entries: readonly RankingEntry[]): readonly string[] {
  return [...new Set(entries.flatMap(({ family }) => (family === undefined ? [] : [family])))].sort();
}

/** How much of what is compared is of a kind. */
export interface ComparisonShare {
  readonly kind: ComparisonKind;
  /** Of the pairs of models, above 0, at most 1. */
  readonly share: number;
}

/** Models beyond as many add nothing to the shares, and their pairs too much. */
const mostCompared = 150;

/** In what the models of a group differ from one another, the most frequent first; empty where less than two have a network. */
export function comparisonsAmong(entries: readonly RankingEntry[]): readonly ComparisonShare[] {
  const step = Math.max(1, entries.length / mostCompared);
  const some = Array.from(
    { length: Math.min(entries.length, mostCompared) },
    (_, index) => entries[Math.floor(index * step)]!,
  );
  return shares(some.flatMap((entry, index) => some.slice(index + 1).map((other) => kindOf(entry, other))));
}

/** In what others differ from one model. */
export function comparisonsWith(
  entry: RankingEntry,
  others: readonly RankingEntry[],
): readonly ComparisonShare[] {
  return shares(others.filter(({ id }) => id !== entry.id).map((other) => kindOf(entry, other)));
}

/** Another family is named by what both are made of, so it decides before all else. */
function kindOf(a: RankingEntry, b: RankingEntry): ComparisonKind | undefined {
  if (a.outline === undefined || b.outline === undefined) return undefined;
  return a.family === b.family ? comparisonOf(a.outline, b.outline) : 'family';
}

function shares(kinds: readonly (ComparisonKind | undefined)[]): readonly ComparisonShare[] {
  const counts = new Map<ComparisonKind, number>();
  for (const kind of kinds) if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return Array.from(counts, ([kind, count]) => ({ kind, share: count / total })).sort(
    (a, b) => b.share - a.share,
  );
}
