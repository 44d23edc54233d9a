import { engineWithThreads } from '../../../engine/engine-text.ts';
import type { NetworkTotals } from '../../../network/network.ts';
import { mostEntropy } from '../../../fisher/deciles.ts';
import { formatRank, isTie, type RankRange } from '../../../ranking/rank-range.ts';
import { mergedText, tasksText } from '../../../ranking/task.ts';
import { formatSettings } from '../../../score/settings.ts';
import { failureText } from '../../../base/failure-reasons.ts';
import { marksBeside } from '../../../score/marks.ts';
import type { Score } from '../../../score/types.ts';
import {
  formatCount,
  formatInteger,
  formatScore,
  formatSingle,
  formatTimeLeft,
  plural,
} from '../../../base/quantities.ts';
import type { ModelScore } from '../../../scoring/model-score.ts';

/** What a lens above a model says and does. */
export interface LensText {
  readonly title: string;
  readonly tooltip: string;
  /** What a click does. */
  readonly action: 'show' | 'score' | 'settle';
}

/** The place of a model among its rivals in the workspace. */
export interface LensRank {
  readonly rank: RankRange;
  /** How many models it is among. */
  readonly of: number;
  /** Names of the tasks it is within; more than one where the user merges them. */
  readonly tasks: readonly string[];
  /** Whether the workspace has models of other tasks: then a rank says which is meant. */
  readonly several: boolean;
}

function scaleOf({ settings }: Score): string {
  return `VKDNW: 0 to ${formatScore(mostEntropy(settings.norm))}, higher is more trainable.`;
}

/** One line above a model. A number that is not of the text as it is always says so. */
export function lensText(model: ModelScore, ranked?: LensRank): LensText {
  switch (model.state) {
    case 'current':
    case 'refining': {
      const { score } = model;
      return {
        title: join(
          `VKDNW ${entropyOf(score)}${stage(model)}`,
          singleOf(score),
          ...rankParts(ranked),
          ...costParts(score),
        ),
        tooltip: [...rankLines(ranked), ...markLines(score), provenance(score), scaleOf(score)].join('\n'),
        action: 'show',
      };
    }
    case 'quick': {
      const { score, secondsToSettle } = model;
      return {
        title: join(
          `VKDNW ≈ ${entropyOf(score)} quick`,
          `Settle (about ${formatTimeLeft(1000 * secondsToSettle)})`,
          ...rankParts(ranked),
          ...costParts(score),
        ),
        tooltip: [...rankLines(ranked), ...markLines(score), provenance(score), scaleOf(score)].join('\n'),
        action: 'settle',
      };
    }
    case 'failed': {
      const { failure } = model;
      return {
        title: join(`No score: ${failureText(failure.reason)}`, ...sizeParts(failure)),
        tooltip: failure.message,
        action: 'show',
      };
    }
    case 'computing': {
      const number = model.last === undefined ? 'VKDNW computing…' : staleNumber(model.last);
      return {
        title: join(`⟳ ${number}`, ...sizeParts(model.text.totals)),
        tooltip: [
          'The score of the text as it is, is being computed.',
          ...(model.last === undefined ? [] : [scaleOf(model.last)]),
        ].join('\n'),
        action: 'show',
      };
    }
    case 'on-demand': {
      const cost = model.cost === undefined ? '' : ` (≈ ${formatCount(model.cost)} MACs)`;
      return {
        title: join(
          `▷ Score this model${cost}`,
          ...(model.last === undefined ? [] : [staleNumber(model.last)]),
          ...sizeParts(model.text.totals),
        ),
        tooltip:
          'Stopped, or not scored unasked (archlens.score.costLimit, archlens.score.onType). Click to score.',
        action: 'score',
      };
    }
    case 'stale': {
      const { last } = model;
      return {
        title: join(
          `VKDNW ${entropyOf(last)} (stale: ${errorsOf(model)})`,
          singleOf(last),
          ...costParts(last),
        ),
        tooltip: 'The score of an earlier text. The model is scored again once it has no errors.',
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

/** `#2–3 of 14`; `#2–3 of 14 for 32×32×3 → 10` where there are other tasks, `#2–3 of 14, tasks merged` */
function rankParts(ranked: LensRank | undefined): string[] {
  if (ranked === undefined) return [];
  const { rank, of, tasks, several } = ranked;
  const within = tasks.length > 1 ? ', tasks merged' : several ? ` for ${tasksText(tasks)}` : '';
  return [`#${formatRank(rank)} of ${formatInteger(of)}${within}`];
}

function rankLines(ranked: LensRank | undefined): string[] {
  if (ranked === undefined) return [];
  const { rank, of, tasks } = ranked;
  const tie = isTie(rank) ? ', a tie: their uncertainty does not tell them apart' : '';
  const merged = tasks.length > 1 ? ` ${mergedText}` : '';
  return [
    `Rank ${formatRank(rank)} by VKDNW_single among ${formatInteger(of)} models of the workspace for ${tasksText(tasks)} that were scored alike${tie}.${merged}`,
  ];
}

/** What keeps a number of the text as it is from being the last word. */
function stage({ known, score, state }: Extract<ModelScore, { state: 'current' | 'refining' }>): string {
  if (known.complete) return '';
  const more = state === 'refining' ? ', settling' : '';
  if (known.setting === 'live') return ` (live${more})`;
  return ` (${score.seeds.length} of ${plural(known.seeds, 'seed')}${more})`;
}

/** `3 errors`: what keeps a model from being scored. */
export function errorsOf({ errors }: Extract<ModelScore, { state: 'stale' | 'invalid' }>): string {
  return errors === 0 ? 'errors in an import' : plural(errors, 'error');
}

function staleNumber(score: Score): string {
  return `VKDNW ${entropyOf(score)} (stale)`;
}

function singleOf({ layers, vkdnw, vkdnwSe }: Score): string {
  return `single ${formatSingle(layers, vkdnw, vkdnwSe)}`;
}

function entropyOf(score: Score): string {
  return `${formatScore(score.vkdnw, score.vkdnwSe)}${marksBeside(score.marks)}`;
}

/** What takes something from the number, a line each. */
function markLines({ marks = [] }: Score): string[] {
  return marks.map(({ message }) => message);
}

/** With ℵ, where no VKDNW_single has it. */
function sizeParts(totals: NetworkTotals): string[] {
  return [`ℵ ${formatInteger(totals.layers)}`, ...costParts(totals)];
}

function costParts({ params, macs }: NetworkTotals): string[] {
  return [`${formatCount(params)} params`, `${formatCount(macs)} MACs`];
}

/** Settings, seed and engine in one line: what a number means without them is unknown. */
export function provenance(score: Score): string {
  return `${formatSettings(score.settings)} · ${engineWithThreads(score.engine)}`;
}

function join(...parts: readonly string[]): string {
  return parts.join(' · ');
}
