import type { NetworkTotals } from '../network/network.ts';
import { failureText } from '../base/failure-reasons.ts';
import { formatCorrelation, formatCount, formatDifference } from '../base/quantities.ts';
import { marksBeside } from '../score/marks.ts';
import { better, comparisonTexts, verdictOf, worthOfMetric, type ComparisonKind } from '../worth/worth.ts';
import type { Difference } from './paired.ts';
import type { Opinion, Vote } from './second-opinion.ts';
import { standingOf, type ScoredVerdict, type Verdict } from './what-if.ts';

/** `+0.021 ± 0.008`, the margin being half of a 95 % interval. */
export function differenceText({ delta, margin }: Difference): string {
  return formatDifference(delta, margin);
}

/** What a difference means; `better` is only what the other scores agree to. */
export function meaning(verdict: Verdict): string {
  const standing = standingOf(verdict);
  switch (standing) {
    case 'better':
    case 'worse':
    case 'within noise':
      return standing;
    case 'unasked':
      return `better by ${nameOf(verdict as ScoredVerdict)}`;
    case 'unconfirmed':
      return refusalText((verdict as ScoredVerdict).opinion!, nameOf(verdict as ScoredVerdict));
    case 'failed':
      return failureText((verdict as Extract<Verdict, { state: 'failed' }>).reason);
  }
}

function nameOf({ by = 'VKDNW' }: ScoredVerdict): string {
  return by;
}

/**
 * Why a change that a score prefers is not called better.
 *
 * @param name of that score
 */
export function refusalText({ verdict, better, votes, ofParts }: Opinion, name = 'VKDNW'): string {
  const only = votes.find(({ says }) => says === 'better')?.name;
  if (ofParts === true) {
    if (verdict === 'none') return 'most parts have no value';
    if (better === 0) return 'no part likes it beyond its noise';
    if (verdict === 'weak') return `of its parts only ${only!} likes it`;
    return verdict === 'against' ? 'most parts are against it' : 'its parts are divided';
  }
  if (verdict === 'none') return 'the other scores have no value';
  if (better === 0) return `only ${name} likes it`;
  if (verdict === 'weak') return `only ${name} and ${only!} like it`;
  return verdict === 'against' ? 'most other scores are against it' : 'the other scores are divided';
}

/** The votes of the other scores: `3 for, 1 against`. */
export function opinionText({ better, worse, votes }: Opinion): string {
  const silent = votes.filter(({ says }) => says === 'none').length;
  return `${better} for, ${worse} against${silent === 0 ? '' : `, ${silent} without a value`}`;
}

const signs: Readonly<Record<Vote['says'], string>> = { better: '+', worse: '−', equal: '±', none: '?' };

/** What the signs of votes mean. */
export const votesLegend = '+ for, − against, ± neither, ? without a value';

/** `params +, synflow +, expressivity ±, jacov −` */
export function votesText({ votes }: Opinion): string {
  return votes.map(({ name, says }) => `${name} ${signs[says]}`).join(', ');
}

/** `+0.021 ± 0.008`, what takes something from it, what the other scores say, and what that means; why there is no score otherwise. */
export function verdictText(verdict: Verdict): string {
  if (verdict.state === 'failed') return `${failureText(verdict.reason)}: ${verdict.message}`;
  const { difference, marks, opinion } = verdict;
  const voters = opinion?.ofParts === true ? 'parts' : 'others';
  const others = opinion === undefined ? [] : [`${voters} ${opinionText(opinion)}`];
  const standing = standingOf(verdict);
  const said = standing === 'within noise' || standing === 'unconfirmed' ? [meaning(verdict)] : [];
  const text = `${differenceText(difference)}${marksBeside(marks)}`;
  return [text, ...others, ...said].join(', ');
}

/**
 * What is known of a score for networks that differ as two do, where that is little: docs/trust.md.
 *
 * @param metric as `--by` names it
 */
export function worthNote(kind: ComparisonKind, metric = 'vkdnw_single'): string | undefined {
  const [ahead] = better(kind, metric);
  const verdict = verdictOf(kind, metric);
  const name = metric === 'vkdnw_single' ? 'VKDNW_single' : metric;
  if (verdict === 'orders' && ahead === undefined)
    return metric === 'vkdnw_single' && verdictOf(kind, 'vkdnw') === 'misleads'
      ? `${comparisonTexts[kind]}: VKDNW by itself orders them the wrong way round${tauOf(kind, 'vkdnw')}, counting layers does not`
      : undefined;
  if (verdict === undefined) return `${comparisonTexts[kind]}: what ${name} is worth was not measured`;
  const says =
    verdict === 'misleads'
      ? `${name} orders them the wrong way round`
      : verdict === 'orders'
        ? `${name} is not the best that is known`
        : `of ${name} it is not known that it says anything`;
  const rival = ahead === undefined ? '' : `, ${ahead.metric} is better${tauOf(kind, ahead.metric)}`;
  return `${comparisonTexts[kind]}: ${says}${tauOf(kind, metric)}${rival}`;
}

/** The same in a few words, for a row: `params orders such changes better`. */
export function shortWorth(kind: ComparisonKind): string | undefined {
  const [ahead] = better(kind, 'vkdnw_single');
  if (ahead !== undefined) return `${ahead.metric} orders such changes better`;
  const isPoor = verdictOf(kind, 'vkdnw_single') !== 'orders' || verdictOf(kind, 'vkdnw') === 'misleads';
  return isPoor ? 'VKDNW does not order such changes' : undefined;
}

/** ` (τ .753)` */
function tauOf(kind: ComparisonKind, metric: string): string {
  const worth = worthOfMetric(kind, metric);
  return worth === undefined ? '' : ` (τ ${formatCorrelation(worth.tau)})`;
}

/** `+1.2 K`, `−3.4 M`, `±0`. */
export function changeText(from: number, to: number): string {
  const sign = to > from ? '+' : to < from ? '−' : '±';
  return `${sign}${formatCount(Math.abs(to - from))}`;
}

/** `+1.2 K params · ±0 MACs · +2 layers`; the layers only where they change. */
export function costText(from: NetworkTotals, to: NetworkTotals): string {
  const parts = [
    `${changeText(from.params, to.params)} params`,
    `${changeText(from.macs, to.macs)} MACs`,
    ...(to.layers === from.layers
      ? []
      : [
          `${changeText(from.layers, to.layers)} ${Math.abs(to.layers - from.layers) === 1 ? 'layer' : 'layers'}`,
        ]),
  ];
  return parts.join(' · ');
}
