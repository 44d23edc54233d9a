import type { NetworkTotals } from '../network/network.ts';
import { formatCount, formatDifference } from '../base/quantities.ts';
import type { PairedDifference } from './paired.ts';
import type { Verdict } from './what-if.ts';

/** `+0.021 ± 0.008`, the margin being half of a 95 % interval. */
export function differenceText({ delta, margin }: PairedDifference): string {
  return formatDifference(delta, margin);
}

/** What a difference means; never `better` for one within noise. */
export function meaning({ withinNoise, delta }: PairedDifference): 'better' | 'worse' | 'within noise' {
  if (withinNoise) return 'within noise';
  return delta > 0 ? 'better' : 'worse';
}

/** `+0.021 ± 0.008, within noise`; why there is no score otherwise. */
export function verdictText(verdict: Verdict): string {
  if (verdict.state === 'failed') return verdict.message;
  const { difference } = verdict;
  const text = differenceText(difference);
  return difference.withinNoise ? `${text}, within noise` : text;
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
