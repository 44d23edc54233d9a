import type { FailureReason } from '../base/failure-reasons.ts';
import { entryScore, type RankingEntry } from '../ranking/entry.ts';
import type { InsightOutcome } from '../score/insight/insight.ts';
import type { ScoreOutcome } from '../score/types.ts';

/** A model that a command has scored, or tried to: an entry of the ranking, with all there is to know of its score. */
export interface ScoredModel extends RankingEntry {
  readonly state: 'scored' | 'failed' | 'invalid';
  /** Absent in the state `invalid`. */
  readonly outcome?: ScoreOutcome;
  /** What is inside the score: where it was asked for. */
  readonly insight?: InsightOutcome;
}

/** Which model it is, where, and what for. */
type Place = Pick<RankingEntry, 'id' | 'uri' | 'file' | 'model' | 'line' | 'task' | 'family' | 'outline'>;

/** A model that is a network. */
export function scoredModel(
  place: Place,
  outcome: ScoreOutcome,
  others: Pick<ScoredModel, 'insight' | 'proxies'> = {},
): ScoredModel {
  const { layers, params, macs } = outcome;
  const sized = { ...place, ...others, outcome, layers, params, macs };
  return outcome.state === 'ok'
    ? { ...sized, state: 'scored', score: entryScore(outcome) }
    : { ...sized, state: 'failed', reason: outcome.reason, message: outcome.message };
}

/** A model whose file has errors that leave no network to score. */
export function invalidModel(place: Place, message: string): ScoredModel {
  return { ...place, state: 'invalid', message };
}

/** Why a model has no score; undefined for one that has. */
export function reasonOf({ state, reason }: ScoredModel): FailureReason | 'invalid' | undefined {
  return state === 'invalid' ? 'invalid' : reason;
}
