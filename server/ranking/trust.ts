import { formatCorrelation, formatShare } from '../base/quantities.ts';
import { formatSettings } from '../score/settings.ts';
import type { ScoreSettings } from '../score/types.ts';
import {
  better,
  comparisonTexts,
  measuredSettings,
  verdictOf,
  worthOfMetric,
  worthText,
  type ComparisonKind,
} from '../worth/worth.ts';
import type { Measure } from './columns.ts';
import type { ComparisonShare } from './comparisons.ts';

/** What ranks are made by, as its worth was measured. The aggregate of a ranking was not. */
export type JudgedScore = 'vkdnw_single' | 'vkdnw';

export function judgedScore(measure: Measure): JudgedScore | undefined {
  return measure === 'aggregate' ? undefined : measure === 'single' ? 'vkdnw_single' : 'vkdnw';
}

const scoreTexts: Readonly<Record<JudgedScore, string>> = { vkdnw_single: 'VKDNW_single', vkdnw: 'VKDNW' };

/** What needs no score at all: a score that orders no better says nothing of its own. */
const rivals = [
  ['macs', 'MACs'],
  ['params', 'parameters'],
  ['layers', 'ℵ'],
] as const;

/** Pairs of a kind that are fewer do not decide what an order is worth. */
const leastShare = 0.1;

/** The kinds of comparison that decide what an order is worth. */
function decisive(comparisons: readonly ComparisonShare[]): readonly ComparisonShare[] {
  return comparisons.filter(({ share }) => share >= leastShare);
}

/** Whether an order by a score is no evidence for a kind of comparison: it says nothing, misleads, was not measured, or a count is better. */
function isPoor(kind: ComparisonKind, score: JudgedScore): boolean {
  return verdictOf(kind, score) !== 'orders' || better(kind, score).some(({ metric }) => isCount(metric));
}

function isCount(metric: string): boolean {
  return rivals.some(([name]) => name === metric);
}

/** The kinds, among those that decide, for which an order by a score is no evidence of accuracy. */
export function poorKinds(
  comparisons: readonly ComparisonShare[],
  score: JudgedScore,
): readonly ComparisonKind[] {
  return decisive(comparisons).flatMap(({ kind }) => (isPoor(kind, score) ? [kind] : []));
}

/** The kinds, among those that decide, for which a score says nothing, orders the wrong way round, or was not measured. */
export function worthlessKinds(
  comparisons: readonly ComparisonShare[],
  score: JudgedScore,
): readonly ComparisonKind[] {
  return decisive(comparisons).flatMap(({ kind }) => (verdictOf(kind, score) === 'orders' ? [] : [kind]));
}

/** What an order by a score is worth as a prediction of accuracy, a line for each kind of comparison in it. */
export function trustLines(comparisons: readonly ComparisonShare[], score: JudgedScore): readonly string[] {
  return decisive(comparisons).map(({ kind, share }) => {
    const part = share > 0.99 ? '' : ` (${formatShare(share)} of pairs)`;
    return `${capital(comparisonTexts[kind])}${part}: ${worthOfScore(kind, score)}${rivalText(kind, score)}.${betterText(kind, score)}`;
  });
}

/** The same in a few words: `different width: VKDNW_single orders the wrong way round`; undefined where nothing is to be said against it. */
export function trustWarning(
  comparisons: readonly ComparisonShare[],
  score: JudgedScore,
): string | undefined {
  const poor = poorKinds(comparisons, score);
  if (poor.length === 0) return undefined;
  return poor.map((kind) => `${capital(comparisonTexts[kind])}: ${inShort(kind, score)}.`).join(' ');
}

function inShort(kind: ComparisonKind, score: JudgedScore): string {
  const [best] = better(kind, score);
  const name = best === undefined ? undefined : metricText(best.metric);
  switch (verdictOf(kind, score)) {
    case undefined:
      return `what ${scoreTexts[score]} is worth was not measured`;
    case 'misleads':
      return `${scoreTexts[score]} orders the wrong way round${name === undefined ? '' : `, ${name} better`}`;
    case 'nothing':
      return `${scoreTexts[score]} says nothing${name === undefined ? '' : `, ${name} more`}`;
    case 'orders':
      return `${name ?? ''} ${name === 'parameters' || name === 'MACs' ? 'order' : 'orders'} better than ${scoreTexts[score]}`;
  }
}

function worthOfScore(kind: ComparisonKind, score: JudgedScore): string {
  const worth = worthOfMetric(kind, score);
  if (worth === undefined) return `what ${scoreTexts[score]} is worth was not measured`;
  const verdict = verdictOf(kind, score);
  const meaning = verdict === 'misleads' ? ', the wrong way round' : verdict === 'nothing' ? ', nothing' : '';
  return `${scoreTexts[score]} ${worthText(worth)}${meaning}`;
}

/** `, beside MACs .373, parameters .677` */
function rivalText(kind: ComparisonKind, score: JudgedScore): string {
  const known = rivals.flatMap(([metric, text]) => {
    const worth = worthOfMetric(kind, metric);
    return worth === undefined ? [] : [`${text} ${formatCorrelation(worth.tau)}`];
  });
  if (known.length === 0) return '; counts were not measured';
  const to = worthOfMetric(kind, score) === undefined ? '; τ of ' : ', beside ';
  return `${to}${known.join(', ')}`;
}

function betterText(kind: ComparisonKind, score: JudgedScore): string {
  const found = better(kind, score);
  return found.length === 0
    ? ''
    : ` Measurably better: ${found.map(({ metric }) => metricText(metric)).join(', ')}.`;
}

function metricText(metric: string): string {
  return rivals.find(([name]) => name === metric)?.[1] ?? metric;
}

/**
 * What to rank by instead where a score is poor: the aggregate, or else the count, that is measurably better for the kind of comparison
 * that is the most frequent of those.
 */
export function betterScore(comparisons: readonly ComparisonShare[], score: JudgedScore): string | undefined {
  for (const { kind } of decisive(comparisons)) {
    const found = better(kind, score);
    const aggregate = found.find(({ metric }) => !isCount(metric) && metric !== 'vkdnw_single');
    if (aggregate !== undefined) return aggregate.metric;
    if (found[0] !== undefined) return found[0].metric;
  }
  return undefined;
}

/**
 * For which of the kinds that decide a score is known to be better, where it is not for all of them: ` (different depth)`, behind its name.
 *
 * @param found of `betterScore`
 */
export function betterWhere(
  comparisons: readonly ComparisonShare[],
  score: JudgedScore,
  found: string,
): string {
  const all = decisive(comparisons);
  const where = all.filter(({ kind }) => better(kind, score).some(({ metric }) => metric === found));
  return where.length === all.length ? '' : ` (${where.map(({ kind }) => comparisonTexts[kind]).join('; ')})`;
}

/**
 * What is to be said where scores were made in another way than those whose worth was measured. The number of draws and of index sets makes
 * no other score of them, only a noisier one (docs/score.md#comparable-scores).
 *
 * @returns undefined where they were made alike
 */
export function otherwiseMade(settings: ScoreSettings): string | undefined {
  const biasOf = (own: ScoreSettings): string =>
    formatSettings({ ...own, indexSets: measuredSettings.indexSets, seeds: measuredSettings.seeds, seed: 0 });
  const measured = biasOf(measuredSettings);
  return biasOf(settings) === measured
    ? undefined
    : `Measured with ${measured}: what scores of other settings, as these are, are worth was not measured.`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
