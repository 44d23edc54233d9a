import {
  formatCount,
  formatDifference,
  formatInteger,
  formatScore,
  formatShare,
  formatSingle,
  plural,
  textGauge,
} from '../../../base/quantities.ts';
import { engineWithThreads } from '../../../engine/engine-text.ts';
import { mostEntropy, quantileName } from '../../../fisher/deciles.ts';
import type { NetworkTotals } from '../../../network/network.ts';
import type { ScoreDifference } from '../../../score/difference.ts';
import { formatSettings, tensorsText } from '../../../score/settings.ts';
import type { Score } from '../../../score/types.ts';
import { amongText } from '../../../worth/worth.ts';

/** How far the entropy is on its scale. */
export function gaugeText(score: Score): string {
  return textGauge(shareOf(score));
}

/** Of the largest possible entropy. */
function shareOf({ vkdnw, settings }: Score): number {
  return vkdnw / mostEntropy(settings.norm);
}

export function scaleText(score: Score): string {
  const { norm } = score.settings;
  return `VKDNW: ${formatShare(shareOf(score))} of ${formatScore(mostEntropy(norm))}, the entropy of equal ${quantileName(norm)}s. Higher is better, ${amongText}.`;
}

export function differenceText({ vkdnw, vkdnwSe, withinNoise, layers, seeds }: ScoreDifference): string {
  const noise = withinNoise ? ', within noise' : '';
  const depth = layers === 0 ? '' : `, ${layers > 0 ? '+' : '−'}${plural(Math.abs(layers), 'layer')}`;
  return `To the last settled version: ${formatDifference(vkdnw, vkdnwSe)}${noise}${depth}; paired, of ${plural(seeds, 'seed')} that both have.`;
}

export function singleText({ layers, vkdnw, vkdnwSe }: Score): string {
  return `VKDNW_single: ${formatSingle(layers, vkdnw, vkdnwSe)}`;
}

export function sizeText({ layers, params, macs }: NetworkTotals): string {
  return `ℵ ${formatInteger(layers)} · ${formatCount(params)} params · ${formatCount(macs)} MACs`;
}

/** What takes something from the number, a line each. */
export function markLines({ marks = [] }: Score): string[] {
  return marks.map(({ message }) => message);
}

/** Settings, seed and engine in one line: what a number means without them is unknown. */
export function provenance(score: Score): string {
  return `${formatSettings(score.settings)} (P: ${tensorsText(score.settings)}, where there are more) · ${engineWithThreads(score.engine)}`;
}

export function lines(...parts: readonly string[]): string {
  return parts.join('\n');
}
