import type { FailureReason } from '../base/failure-reasons.ts';
import { own } from '../base/own.ts';
import type { ExtraColumn } from './columns.ts';
import type { EntryState, RankingEntry } from './entry.ts';
import type { RankedEntry } from './ranked-entry.ts';

/** Why a model has no score, for programs: the reason of its failure, or its state. Undefined for one that has. */
export function reasonCode({ state, reason }: RankingEntry): FailureReason | Unscored | undefined {
  return state === 'scored' || state === 'quick' ? undefined : (reason ?? state);
}

type Unscored = Exclude<EntryState, 'scored' | 'quick'>;

const states: Readonly<Record<Unscored, string>> = {
  waiting: 'It waits for its turn.',
  scoring: 'It is being scored.',
  unscored: 'The ranking was not started, or was stopped.',
  costly: 'It is costlier than is scored unasked (archlens.score.costLimit).',
  failed: 'Its scoring failed.',
  invalid: 'It has errors.',
};

/** The same for people: a sentence. */
export function whyUnscored({ state, message }: RankingEntry): string | undefined {
  return state === 'scored' || state === 'quick' ? undefined : (message ?? states[state]);
}

/**
 * Why other numbers of a model are not there, by their names; that of its score is `reasonCode`. A part that an aggregate lacks
 * is named, too.
 *
 * @param extras columns that were asked for
 */
export function missingOf(row: RankedEntry, extras: readonly ExtraColumn[]): ReadonlyMap<string, string> {
  const { score } = row.entry;
  const columns = missingColumns(row, extras);
  return score !== undefined && score.vkdnwSe === undefined
    ? new Map([['vkdnw_se', 'one seed of few index sets has no standard error'], ...columns])
    : columns;
}

/** The same of the columns alone that were asked for. */
export function missingColumns(
  { entry, extras: values }: RankedEntry,
  extras: readonly ExtraColumn[],
): ReadonlyMap<string, string> {
  const missing = new Map<string, string>();
  for (const { name, isOpen, failuresOf } of extras) {
    const failures = failuresOf(entry);
    for (const [part, why] of failures) missing.set(part, why);
    if (own(values ?? {}, name) !== undefined || missing.has(name)) continue;
    missing.set(
      name,
      isOpen(entry) || failures.length === 0
        ? whyOpen(entry)
        : `no ${failures.map(([part]) => part).join(', ')}`,
    );
  }
  return missing;
}

/** Why another score is not computed yet. */
function whyOpen({ state, score }: RankingEntry): string {
  if (score === undefined) return 'not computed without a score';
  return state === 'quick' ? 'not computed before the score has settled' : 'not computed yet';
}
