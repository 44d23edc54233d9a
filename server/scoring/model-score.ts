import type { Network, NetworkTotals } from '../network/network.ts';
import type { ScoreState } from '../protocol/protocol.ts';
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

/** A text that is a network. */
export interface SizedText {
  readonly kind: 'network';
  /** Its places are moved when it is read. */
  readonly network: Network;
  readonly totals: NetworkTotals;
  readonly digest: string;
}

/** What the text of a model says now. */
export type ModelText =
  | SizedText
  /** Errors keep it from being a network: how many, in it or in what it uses. */
  | { readonly kind: 'broken'; readonly errors: number };

/** What the scoring loop does for a model. */
export type Work =
  | 'none'
  /** Waits for the rest of the keystrokes, for other models, or runs. */
  | 'scheduled'
  /** Not unasked: too costly, or scoring while typing is off. */
  | 'on-demand'
  /** The user stopped it. */
  | 'stopped';

/** What a `ModelScore` follows from. */
export interface ModelFacts {
  readonly text: ModelText;
  readonly known?: KnownScore;
  readonly work: Work;
  /** Multiply-accumulates of the score asked for. */
  readonly cost?: number;
}

/** What there is to show in each state; the states are explained in `protocol.ts`. */
type Shown =
  | {
      readonly state: 'current' | 'refining';
      readonly text: SizedText;
      readonly known: KnownScore;
      readonly score: Score;
    }
  | {
      readonly state: 'failed';
      readonly text: SizedText;
      readonly known: KnownScore;
      readonly failure: ScoreFailure;
    }
  | {
      readonly state: 'computing' | 'on-demand';
      readonly text: SizedText;
      readonly cost?: number;
      readonly last?: Score;
    }
  | { readonly state: 'stale'; readonly errors: number; readonly last: Score }
  | { readonly state: 'invalid'; readonly errors: number };

/** Everything the editor shows of a model's score. A value: an update makes a new one. */
export type ModelScore = { readonly name: string; readonly state: ScoreState } & Shown;

/** What is shown of a model: decided from the facts here, and nowhere else. */
export function modelScore(name: string, { text, known, work, cost }: ModelFacts): ModelScore {
  const last = known?.outcome.state === 'ok' ? known.outcome : undefined;
  if (text.kind === 'broken') {
    const { errors } = text;
    return last === undefined ? { name, state: 'invalid', errors } : { name, state: 'stale', errors, last };
  }
  if (known?.digest === text.digest) {
    const { outcome } = known;
    if (outcome.state === 'ok') {
      const state = known.complete || work !== 'scheduled' ? 'current' : 'refining';
      return { name, state, text, known, score: outcome };
    }
    // A failure that is being tried again is no result.
    if (work !== 'scheduled') return { name, state: 'failed', text, known, failure: outcome };
  }
  return {
    name,
    state: work === 'scheduled' ? 'computing' : 'on-demand',
    text,
    ...(cost === undefined ? {} : { cost }),
    ...(last === undefined ? {} : { last }),
  };
}
