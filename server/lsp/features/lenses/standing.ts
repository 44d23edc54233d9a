import { formatCount, formatInteger, ordinal } from '../../../base/quantities.ts';
import { comparisonsWith } from '../../../ranking/comparisons.ts';
import { isScored, type RankingEntry } from '../../../ranking/entry.ts';
import { percentileOf, rivalsOf, type Percentile } from '../../../ranking/percentile.ts';
import { formatRank, isTie, type RankRange } from '../../../ranking/rank-range.ts';
import type { RankedEntry } from '../../../ranking/ranked-entry.ts';
import { mergedText, tasksText, taskText } from '../../../ranking/task.ts';
import {
  betterScore,
  betterWhere,
  otherwiseMade,
  trustLines,
  trustWarning,
  worthlessKinds,
} from '../../../ranking/trust.ts';
import type { ModelScore } from '../../../scoring/model-score.ts';

/** The place of a model among its rivals in the workspace. */
export interface Standing {
  readonly rank: RankRange;
  /** How many models it is among. */
  readonly of: number;
  /** Names of the tasks it is within; more than one where the user merges them. */
  readonly tasks: readonly string[];
  /** Its own task. */
  readonly task: string;
  /** What the rank is worth as a prediction of accuracy, a line for each kind of comparison in it. */
  readonly trust: readonly string[];
  /** Which score is known to order these models better. */
  readonly better?: string;
  /** Absent where too few networks of its task cost alike. */
  readonly percentile?: Percentile;
  /** What speaks against the percentile as a prediction of accuracy; absent where nothing does. */
  readonly percentileWarning?: string;
  /** VKDNW is known to be worth nothing for what the rivals differ in: a lens would mislead with a place by it. */
  readonly percentileMisleads?: true;
}

/** The places of models among those of the workspace. */
export interface Standings {
  /** Undefined where there is none for the score that is shown. */
  standingOf(uri: string, model: ModelScore): Standing | undefined;
  onRanks(listener: () => void): void;
}

/**
 * The place of a model, and what it is worth.
 *
 * @param comparable the models of its group
 * @returns undefined for one that is among none
 */
export function standingOf(
  { entry, rank, of = 0, tasks = [] }: RankedEntry,
  comparable: readonly RankingEntry[],
): Standing | undefined {
  if (!isScored(entry) || entry.task === undefined || rank === undefined || of < 2) return undefined;
  const comparisons = comparisonsWith(entry, comparable);
  const better = betterScore(comparisons, 'vkdnw_single');
  const rivals = rivalsOf(entry, comparable);
  const made = otherwiseMade(entry.score.settings);
  const percentile = percentileOf(entry, rivals);
  const amongRivals = comparisonsWith(entry, rivals);
  const percentileWarning = trustWarning(amongRivals, 'vkdnw');
  const misleads = worthlessKinds(amongRivals, 'vkdnw').length > 0;
  return {
    rank,
    of,
    tasks,
    task: taskText(entry.task),
    trust: [...trustLines(comparisons, 'vkdnw_single'), ...(made === undefined ? [] : [made])],
    ...(better === undefined
      ? {}
      : { better: `${better} orders these better${betterWhere(comparisons, 'vkdnw_single', better)}` }),
    ...(percentile === undefined ? {} : { percentile }),
    ...(percentileWarning === undefined ? {} : { percentileWarning }),
    ...(misleads ? { percentileMisleads: true } : {}),
  };
}

/** On a lens: `above 62 %`. */
export function percentileText({ value }: Percentile): string {
  return `above ${value} %`;
}

/** In its tooltip, a line each. */
export function standingLines(standing: Standing): string[] {
  const { rank, of, tasks, task, trust, better, percentile, percentileWarning } = standing;
  const tie = isTie(rank) ? ', a tie: their uncertainty does not tell them apart' : '';
  const merged = tasks.length > 1 ? ` ${mergedText}` : '';
  return [
    ...(percentile === undefined ? [] : [rivalsText(percentile, task)]),
    ...(percentile === undefined || percentileWarning === undefined
      ? []
      : [`A place on the scale, no evidence of accuracy. ${percentileWarning}`]),
    `Rank ${formatRank(rank)} by VKDNW_single among ${formatInteger(of)} models of the workspace for ${tasksText(tasks)} that were scored alike${tie}.${merged}`,
    ...trust,
    ...(better === undefined
      ? []
      : [`${better}: Archlens: Sort by What Orders Better shows it beside the score.`]),
  ];
}

function rivalsText(percentile: Percentile, task: string): string {
  const [least, most] = percentile.macs.map(formatCount);
  return `${ordinal(percentile.value)} percentile: VKDNW is above that of ${percentile.value} % of the ${formatInteger(percentile.rivals)} other networks of the workspace for ${task} of similar cost, within a factor of 2 (${least} to ${most} MACs), that were scored alike.`;
}
