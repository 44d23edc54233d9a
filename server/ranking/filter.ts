import { own } from '../base/own.ts';
import type { RankingEntry } from './entry.ts';
import { taskText } from './task.ts';

/** What narrows a ranking; what is absent narrows nothing. */
export interface RankingFilter {
  /** Words that must all be in the file's or the model's name, in any case. */
  readonly text?: string;
  /** Most parameters. */
  readonly maxParams?: number;
  /** Most multiply-accumulates for one sample. */
  readonly maxMacs?: number;
  /** The only task, as `taskText` names it. */
  readonly task?: string;
  /** The only family. */
  readonly family?: string;
}

/**
 * Whether a model competes: those over a budget, of another task or of another family do not, and are not counted in ranks. A model
 * whose size and task are not known has no network, and no rank either.
 */
export function competes(
  { params, macs, task: its, family: made }: Pick<RankingEntry, 'params' | 'macs' | 'task' | 'family'>,
  { maxParams = Infinity, maxMacs = Infinity, task, family }: RankingFilter,
): boolean {
  return (
    (params ?? 0) <= maxParams &&
    (macs ?? 0) <= maxMacs &&
    (task === undefined || its === undefined || taskText(its) === task) &&
    (family === undefined || made === undefined || made === family)
  );
}

/** Whether a model is shown. Hiding it does not change ranks. */
export function matchesText({ file, model }: RankingEntry, { text = '' }: RankingFilter): boolean {
  const name = `${file} ${model}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word));
}

const units: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** `1.5M`, `450 M`, `600m`, `2e6`. @returns undefined for what is no amount above 0 */
export function parseBudget(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?(?:e\d+)?)\s*([KMGT]?)\s*$/i.exec(text);
  const amount = Number(match?.[1]) * (own(units, match?.[2]?.toUpperCase() ?? '') ?? Number.NaN);
  return Number.isFinite(amount) && amount > 0 ? amount : undefined;
}
