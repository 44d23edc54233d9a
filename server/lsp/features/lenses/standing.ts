import { formatCount, formatInteger, ordinal } from '../../../base/quantities.ts';
import type { Percentile } from '../../../ranking/percentile.ts';
import { formatRank, isTie, type RankRange } from '../../../ranking/rank-range.ts';
import { mergedText, tasksText } from '../../../ranking/task.ts';
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
  /** Absent where too few networks of its task cost alike. */
  readonly percentile?: Percentile;
}

/** The places of models among those of the workspace. */
export interface Standings {
  /** Undefined where there is none for the score that is shown. */
  standingOf(uri: string, model: ModelScore): Standing | undefined;
  onRanks(listener: () => void): void;
}

/** On a lens: `above 62 %`. */
export function percentileText({ value }: Percentile): string {
  return `above ${value} %`;
}

/** In its tooltip, a line each. */
export function standingLines({ rank, of, tasks, task, percentile }: Standing): string[] {
  const tie = isTie(rank) ? ', a tie: their uncertainty does not tell them apart' : '';
  const merged = tasks.length > 1 ? ` ${mergedText}` : '';
  return [
    ...(percentile === undefined ? [] : [rivalsText(percentile, task)]),
    `Rank ${formatRank(rank)} by VKDNW_single among ${formatInteger(of)} models of the workspace for ${tasksText(tasks)} that were scored alike${tie}.${merged}`,
  ];
}

function rivalsText(percentile: Percentile, task: string): string {
  const [least, most] = percentile.macs.map(formatCount);
  return `${ordinal(percentile.value)} percentile: VKDNW is above that of ${percentile.value} % of the ${formatInteger(percentile.rivals)} other networks of the workspace for ${task} of similar cost, within a factor of 2 (${least} to ${most} MACs), that were scored alike.`;
}
