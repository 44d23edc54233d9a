import type { NetworkTotals } from '../network/network.ts';
import { failureText } from '../base/failure-reasons.ts';
import { formatCorrelation, formatCount, formatDifference } from '../base/quantities.ts';
import { marksBeside } from '../score/marks.ts';
import { better, comparisonTexts, verdictOf, worthOfMetric, type ComparisonKind } from '../worth/worth.ts';
import type { PairedDifference } from './paired.ts';
import type { Opinion, Vote } from './second-opinion.ts';
import { standingOf, type ScoredVerdict, type Verdict } from './what-if.ts';

/** `+0.021 ± 0.008`, the margin being half of a 95 % interval. */
export function differenceText({ delta, margin }: PairedDifference): string {
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
      return 'better by VKDNW';
    case 'unconfirmed':
      return refusalText((verdict as ScoredVerdict).opinion!);
    case 'failed':
      return failureText((verdict as Extract<Verdict, { state: 'failed' }>).reason);
  }
}

/** Why a change that VKDNW prefers is not called better. */
export function refusalText({ verdict, better, votes }: Opinion): string {
  if (verdict === 'none') return 'the other scores have no value';
  if (better === 0) return 'only VKDNW likes it';
  if (verdict === 'weak')
    return `only VKDNW and ${votes.find(({ says }) => says === 'better')!.name} like it`;
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
  const others = opinion === undefined ? [] : [`others ${opinionText(opinion)}`];
  const standing = standingOf(verdict);
  const said = standing === 'within noise' || standing === 'unconfirmed' ? [meaning(verdict)] : [];
  const text = `${differenceText(difference)}${marksBeside(marks)}`;
  return [text, ...others, ...said].join(', ');
}

/** What is known of VKDNW_single for networks that differ as two do, where that is little: docs/trust.md. */
export function worthNote(kind: ComparisonKind): string | undefined {
  const [ahead] = better(kind, 'vkdnw_single');
  const verdict = verdictOf(kind, 'vkdnw_single');
  if (verdict === 'orders' && ahead === undefined)
    return verdictOf(kind, 'vkdnw') === 'misleads'
      ? `${comparisonTexts[kind]}: VKDNW by itself orders them the wrong way round${tauOf(kind, 'vkdnw')}, counting layers does not`
      : undefined;
  const says =
    verdict === 'misleads'
      ? 'VKDNW_single orders them the wrong way round'
      : verdict === 'orders'
        ? 'VKDNW_single is not the best that is known'
        : 'of VKDNW_single it is not known that it says anything';
  const rival = ahead === undefined ? '' : `, ${ahead.metric} is better${tauOf(kind, ahead.metric)}`;
  return `${comparisonTexts[kind]}: ${says}${tauOf(kind, 'vkdnw_single')}${rival}`;
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
