import type { Network, NetworkTotals } from '../network/network.ts';
import type { Score, ScoreFailure, ScoreOutcome } from '../score/types.ts';
import type { StageName } from '../protocol/settings.ts';

/** A result, and of what it is the result. */
export interface KnownScore {
  readonly outcome: ScoreOutcome;
  /** Digest of the network it was computed for; a result of another digest is stale. */
  readonly digest: string;
  /** The named setting, `custom` with overrides. */
  readonly setting: StageName;
  /** Draws asked for. */
  readonly seeds: number;
  /** Computed as asked for: nothing more is to come. */
  readonly complete: boolean;
}

/** What the text says now. */
export type ModelText =
  | {
      readonly kind: 'network';
      readonly network: Network;
      readonly totals: NetworkTotals;
      readonly digest: string;
    }
  /** Errors keep it from being a network; `problems` counts them. */
  | { readonly kind: 'broken'; readonly problems: number };

/** What the scoring loop does for a model. */
export type Work =
  | 'none'
  /** Waits for the rest of the keystrokes, for other models, or runs. */
  | 'scheduled'
  /** Not unasked: too costly, or scoring while typing is off. */
  | 'on-demand'
  /** The user stopped it. */
  | 'stopped';

/** Everything the editor shows of a model's score. A value: an update makes a new one. */
export interface ModelScore {
  readonly name: string;
  readonly text: ModelText;
  readonly known?: KnownScore;
  readonly work: Work;
  /** Multiply-accumulates of the score asked for. */
  readonly cost?: number;
}

/** Where a model's score stands; the states are explained in `protocol.ts`. */
export type Standing =
  | { readonly state: 'current' | 'refining'; readonly known: KnownScore; readonly score: Score }
  | { readonly state: 'failed'; readonly failure: ScoreFailure }
  | { readonly state: 'computing' | 'on-demand'; readonly totals: NetworkTotals; readonly last?: Score }
  | { readonly state: 'stale'; readonly problems: number; readonly last: Score }
  | { readonly state: 'invalid'; readonly problems: number };

export function standing({ text, known, work }: ModelScore): Standing {
  const last = known?.outcome.state === 'ok' ? known.outcome : undefined;
  if (text.kind === 'broken') {
    const { problems } = text;
    return last === undefined ? { state: 'invalid', problems } : { state: 'stale', problems, last };
  }
  if (known?.digest === text.digest) {
    const { outcome } = known;
    if (outcome.state === 'ok') {
      const state = known.complete || work !== 'scheduled' ? 'current' : 'refining';
      return { state, known, score: outcome };
    }
    // A failure that is being tried again is no result.
    if (work !== 'scheduled') return { state: 'failed', failure: outcome };
  }
  const state = work === 'scheduled' ? 'computing' : 'on-demand';
  return { state, totals: text.totals, ...(last === undefined ? {} : { last }) };
}
