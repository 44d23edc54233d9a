import { failureText } from '../../../base/failure-reasons.ts';
import {
  formatCount,
  formatDifference,
  formatScore,
  formatTimeLeft,
  plural,
} from '../../../base/quantities.ts';
import { marksBeside } from '../../../score/marks.ts';
import type { ScoreDifference } from '../../../score/difference.ts';
import type { Score } from '../../../score/types.ts';
import type { ModelScore } from '../../../scoring/model-score.ts';
import {
  differenceText,
  gaugeText,
  lines,
  markLines,
  provenance,
  scaleText,
  singleText,
  sizeText,
} from './score-lines.ts';
import { otherwiseMade, trustLines } from '../../../ranking/trust.ts';
import { percentileText, standingLines, type Standing } from './standing.ts';

/** A model with a number of the text as it is. */
type Scored = Extract<ModelScore, { state: 'current' | 'refining' | 'quick' }>;

/** What a lens above a model says and does. */
export interface LensText {
  /** At most about 60 characters, so that it fits half a column of the editor. */
  readonly title: string;
  /** All that does not fit, a line each. */
  readonly tooltip: string;
  /** What a click does. */
  readonly action: 'show' | 'score' | 'settle';
}

/** One line above a model. A number that is not of the text as it is always says so. */
export function lensText(model: ModelScore, standing?: Standing): LensText {
  switch (model.state) {
    case 'current':
    case 'refining': {
      const { score, difference } = model;
      const measuring = model.state === 'refining' ? ' ⟳' : '';
      return {
        title: `${join(scoreText(score), ...besideParts(score, difference, standing))}${measuring}`,
        tooltip: lines(...(measuring === '' ? [] : [settlingText(model)]), ...scoreLines(model, standing)),
        action: 'show',
      };
    }
    case 'quick': {
      const { score, secondsToSettle } = model;
      const { seeds } = score;
      return {
        title: join(
          `≈ ${formatScore(score.vkdnw)} ${gaugeText(score)}${marksBeside(score.marks)} quick`,
          `Settle (about ${formatTimeLeft(1000 * secondsToSettle)})`,
        ),
        tooltip: lines(
          `Of ${plural(seeds.length, 'seed')}: VKDNW ${numberOf(score)}. A click computes the others, ${plural(model.known.seeds, 'seed')} in all, and can be cancelled.`,
          ...scoreLines(model, standing),
        ),
        action: 'settle',
      };
    }
    case 'failed': {
      const { failure } = model;
      return {
        title: `No score: ${failureText(failure.reason)}`,
        tooltip: lines(failure.message, sizeText(failure)),
        action: 'show',
      };
    }
    case 'computing': {
      const { last, lastSettled, text } = model;
      return {
        title: last === undefined ? '⟳ VKDNW computing…' : join(scoreText(last), 'measuring…'),
        tooltip: lines(
          last === undefined
            ? 'The text as it is, is being measured.'
            : `The text as it is, is being measured; shown is the last ${lastSettled === true ? 'settled score' : 'score'}, of an earlier text.`,
          sizeText(text.totals),
          ...(last === undefined ? [] : [scaleText(last)]),
        ),
        action: 'show',
      };
    }
    case 'on-demand': {
      const cost = model.cost === undefined ? '' : ` (≈ ${formatCount(model.cost)} MACs)`;
      return {
        title: join(
          `▷ Score this model${cost}`,
          ...(model.last === undefined ? [] : [`VKDNW ${numberOf(model.last)} (stale)`]),
        ),
        tooltip: lines(
          'Stopped, or not scored unasked (archlens.score.costLimit, archlens.score.onType). Click to score.',
          sizeText(model.text.totals),
        ),
        action: 'score',
      };
    }
    case 'stale': {
      const { last } = model;
      return {
        title: `${scoreText(last)} (stale: ${errorsOf(model)})`,
        tooltip: lines(
          'The score of an earlier text. The model is scored again once it has no errors.',
          scaleText(last),
          singleText(last),
          sizeText(last),
          ...markLines(last),
        ),
        action: 'show',
      };
    }
    case 'invalid':
      return {
        title: `No score: ${errorsOf(model)}`,
        tooltip: 'The model is scored once it has no errors.',
        action: 'show',
      };
  }
}

/**
 * What stands beside the number, of which half a column has room for one: what an edit has changed, or else the place among others. A
 * mark has the room, too: what it takes from the number it takes from the comparison.
 */
function besideParts(
  { marks }: Score,
  difference: ScoreDifference | undefined,
  standing: Standing | undefined,
): string[] {
  if (marksBeside(marks) !== '') return [];
  if (difference !== undefined)
    return [difference.withinNoise ? 'within noise' : formatDifference(difference.vkdnw, difference.vkdnwSe)];
  // The tooltip has it, with what speaks against it.
  if (standing?.percentile === undefined || standing.percentileMisleads === true) return [];
  return [percentileText(standing.percentile)];
}

function scoreLines({ score, difference, comparison }: Scored, standing: Standing | undefined): string[] {
  const made = otherwiseMade(score.settings);
  return [
    ...(difference === undefined ? [] : [differenceText(difference)]),
    ...(comparison === undefined ? [] : trustLines([{ kind: comparison, share: 1 }], 'vkdnw')),
    ...(comparison === undefined || made === undefined ? [] : [made]),
    scaleText(score),
    ...(standing === undefined ? [] : standingLines(standing)),
    singleText(score),
    sizeText(score),
    ...markLines(score),
    provenance(score),
  ];
}

function settlingText({ known, score }: Extract<ModelScore, { state: 'current' | 'refining' }>): string {
  return `Settling: ${score.seeds.length} of ${plural(known.seeds, 'seed')}.`;
}

/** `3 errors`: what keeps a model from being scored. */
export function errorsOf({ errors }: Extract<ModelScore, { state: 'stale' | 'invalid' }>): string {
  return errors === 0 ? 'errors in an import' : plural(errors, 'error');
}

/** The number, how far it is on its scale, and what takes something from it. */
function scoreText(score: Score): string {
  return `VKDNW ${numberOf(score)} ${gaugeText(score)}${marksBeside(score.marks)}`;
}

function numberOf({ vkdnw, vkdnwSe }: Score): string {
  return formatScore(vkdnw, vkdnwSe);
}

function join(...parts: readonly string[]): string {
  return parts.join(' · ');
}
