import { formatInteger, formatScientific, plural } from '../base/quantities.ts';
import { quantileName } from '../fisher/deciles.ts';
import {
  explosionOf,
  explosionRemedy,
  mostRank,
  resolvedQuantiles,
  type Resolution,
} from '../fisher/resolution.ts';
import type { ScoreSettings } from '../fisher/settings.ts';

/** What takes something from a number without taking the number: docs/score.md#where-there-is-no-number. A plain value. */
export interface ScoreMark {
  readonly kind: 'quick' | 'rank' | 'exploding' | 'unused' | 'saturated';
  /** Beside the number, `rank(F) 27 of 64`. */
  readonly short: string;
  /** Sentences: what it means, and the remedy where there is one. */
  readonly message: string;
}

/**
 * The marks of a score, the gravest first.
 *
 * @param draws one a seed, at least one
 * @param size P and C, and how many trainable layers the output does not depend on
 */
export function marksOf(
  draws: readonly Resolution[],
  settings: ScoreSettings,
  size: { readonly weights: number; readonly classes: number; readonly unused?: number },
): readonly ScoreMark[] {
  const marks = [
    explosion(draws, settings),
    lowRank(draws, settings, size),
    unused(size.unused ?? 0),
    saturation(draws),
  ];
  return marks.filter((mark) => mark !== undefined);
}

function explosion(draws: readonly Resolution[], { norm }: ScoreSettings): ScoreMark | undefined {
  const largestLogit = Math.max(...draws.map((draw) => draw.largestLogit));
  const largestEigenvalue = Math.max(...draws.map((draw) => draw.largestEigenvalue));
  const what = explosionOf({ largestLogit, largestEigenvalue });
  if (what === undefined) return undefined;
  const how =
    what === 'logits'
      ? `up to ${formatScientific(largestLogit)}: from 2²⁴ on float32 numbers are 2 apart, so that rounding has a part in the softmax`
      : `with λ up to ${formatScientific(largestEigenvalue)}: from 2⁴⁸ on the rounding of weights to float32 has a part in the output`;
  return {
    kind: 'exploding',
    short: `${what} explode`,
    message: `The ${what} explode, ${how}. ${explosionRemedy(norm)}`,
  };
}

function lowRank(
  draws: readonly Resolution[],
  settings: ScoreSettings,
  { weights, classes }: { readonly weights: number; readonly classes: number },
): ScoreMark | undefined {
  // The median draw, the lower one of two.
  const ranks = draws.map((draw) => draw.rank).sort((a, b) => a - b);
  const rank = ranks[Math.floor((ranks.length - 1) / 2)]!;
  const most = mostRank(settings, classes, weights);
  const found = resolvedQuantiles(rank, weights, settings.norm);
  const possible = resolvedQuantiles(most, weights, settings.norm);
  if (found >= possible) return undefined;
  const name = quantileName(settings.norm);
  return {
    kind: 'rank',
    short: `rank(F) ${formatInteger(rank)} of ${formatInteger(most)}`,
    message: `The Fisher information has rank ${formatInteger(rank)}, where these settings could tell ${formatInteger(most)} eigenvalues from 0: ${found} of ${possible} ${name}s are positive, and VKDNW is at most ln ${found}.`,
  };
}

function unused(layers: number): ScoreMark | undefined {
  if (layers === 0) return undefined;
  const what = layers === 1 ? 'layer' : 'layers';
  return {
    kind: 'unused',
    short: `${formatInteger(layers)} unused ${what}`,
    message: `${formatInteger(layers)} trainable ${what} ${layers === 1 ? 'has' : 'have'} no part in the output: they count in parameters and MACs, but not in ℵ. Remove them, unless they are an auxiliary head.`,
  };
}

function saturation(draws: readonly Resolution[]): ScoreMark | undefined {
  if (draws.some(({ saturated }) => saturated < 1 - 1e-9)) return undefined;
  return {
    kind: 'saturated',
    short: 'softmax saturated',
    message:
      'The softmax is saturated: float32 rounds it to one class for every sample, so that all classes weigh as the smoothing has it and VKDNW says how gradients differ, not how sure the network is.',
  };
}

/** Of a score from the first draws of the one that was asked for (docs/score.md#live). */
export function quickMark(draws: number, total: number): ScoreMark {
  return {
    kind: 'quick',
    short: 'quick',
    message: `Quick: ${formatInteger(draws)} of ${plural(total, 'seed')}, as the score costs more than is computed unasked. It has the expectation of the settled score, and a larger standard error; settle it for the rest.`,
  };
}

/** Beside the number where it is shown; a saturated softmax, which most deep networks without training have, is not among them. */
export function marksBeside(marks: readonly ScoreMark[] = []): string {
  const shown = marks.filter(({ kind }) => kind !== 'saturated').map(({ short }) => short);
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`;
}

/** What they mean, a line each; undefined where there is none. */
export function marksText(marks: readonly ScoreMark[] = []): string | undefined {
  return marks.length === 0 ? undefined : marks.map(({ message }) => message).join('\n');
}

/** All of them, for programs. */
export function markList(marks: readonly ScoreMark[] = []): string {
  return marks.map(({ short }) => short).join('; ');
}
