import type { Network, NetworkTotals } from '../network/network.ts';
import type { ScoreState } from '../protocol/protocol.ts';
import { scoreDifference, type ScoreDifference } from '../score/difference.ts';
import type { Score, ScoreFailure, ScoreOutcome } from '../score/types.ts';
import type { StageName } from '../protocol/settings.ts';
import { comparisonOf, type Outline } from '../worth/comparison.ts';
import type { ComparisonKind } from '../worth/worth.ts';

/** A result, and of what it is the result. */
export interface KnownScore {
  readonly outcome: ScoreOutcome;
  /** Digest of the network it was computed for; a result of another digest is stale. */
  readonly digest: string;
  /** The named setting, `custom` with overrides. */
  readonly setting: StageName;
  /** Draws of the complete score. */
  readonly seeds: number;
  /** Computed as asked for: nothing more is to come. */
  readonly complete: boolean;
  /** In what the network differs from others. */
  readonly outline?: Outline;
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
  /** The last settled score of another text of the model, which differences are to. */
  readonly base?: KnownScore;
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
      /** To the last settled version of the model; absent where there is none that may be compared. */
      readonly difference?: ScoreDifference;
      /** In what the two versions differ. */
      readonly comparison?: ComparisonKind;
    }
  | {
      readonly state: 'quick';
      readonly text: SizedText;
      readonly known: KnownScore;
      readonly score: Score;
      readonly difference?: ScoreDifference;
      /** In what the two versions differ. */
      readonly comparison?: ComparisonKind;
      /** About how long the rest of the draws takes, by those there are. */
      readonly secondsToSettle: number;
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
      readonly lastSettled?: boolean;
    }
  | { readonly state: 'stale'; readonly errors: number; readonly last: Score; readonly lastSettled: boolean }
  | { readonly state: 'invalid'; readonly errors: number };

/** The score of an earlier text: the last that settled, or else the last there was. */
interface LastScore {
  readonly last: Score;
  readonly lastSettled: boolean;
}

/** Everything the editor shows of a model's score. A value: an update makes a new one. */
export type ModelScore = { readonly name: string; readonly state: ScoreState } & Shown;

/** What is shown of a model: decided from the facts here, and nowhere else. */
export function modelScore(name: string, { text, known, base, work, cost }: ModelFacts): ModelScore {
  const last = lastScore(base, known);
  if (text.kind === 'broken') {
    const { errors } = text;
    return last === undefined
      ? { name, state: 'invalid', errors }
      : { name, state: 'stale', errors, ...last };
  }
  if (known?.digest === text.digest) {
    const { outcome } = known;
    if (outcome.state === 'ok') {
      const shown = { name, text, known, score: outcome, ...differenceTo(base, known, outcome) };
      if (known.complete) return { ...shown, state: 'current' };
      if (work === 'scheduled') return { ...shown, state: 'refining' };
      return { ...shown, state: 'quick', secondsToSettle: secondsToSettle(outcome, known.seeds) };
    }
    // A failure that is being tried again is no result.
    if (work !== 'scheduled') return { name, state: 'failed', text, known, failure: outcome };
  }
  return {
    name,
    state: work === 'scheduled' ? 'computing' : 'on-demand',
    text,
    ...(cost === undefined ? {} : { cost }),
    ...last,
  };
}

/** A settled score comes before a newer one that is not: it is what the next number will be compared with. */
function lastScore(base: KnownScore | undefined, known: KnownScore | undefined): LastScore | undefined {
  const scores = [known, base].flatMap((each) =>
    each?.outcome.state === 'ok' ? [{ last: each.outcome, lastSettled: each.complete }] : [],
  );
  return scores.find(({ lastSettled }) => lastSettled) ?? scores[0];
}

/** An edit that was taken back is no difference. */
function differenceTo(
  base: KnownScore | undefined,
  { digest, outline }: KnownScore,
  score: Score,
): { readonly difference?: ScoreDifference; readonly comparison?: ComparisonKind } {
  if (base?.outcome.state !== 'ok' || base.digest === digest) return {};
  const difference = scoreDifference(score, base.outcome);
  if (difference === undefined) return {};
  return outline === undefined || base.outline === undefined
    ? { difference }
    : { difference, comparison: comparisonOf(outline, base.outline) };
}

/** By the mean time of the draws there are. @param total draws of the settled score */
export function secondsToSettle({ seeds, milliseconds }: Score, total: number): number {
  return (milliseconds / seeds.length / 1000) * Math.max(0, total - seeds.length);
}
