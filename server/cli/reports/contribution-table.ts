import { formatDifference, formatScore, formatShare } from '../../base/quantities.ts';
import type { Estimate, Insight, OpInsight } from '../../score/insight/insight.ts';
import { formatSettings } from '../../score/settings.ts';
import type { ScoredModel } from '../scored-model.ts';
import { formatTable, type Column } from './table.ts';
import { shownName } from '../../language/names/shown-name.ts';

const columns: readonly Column[] = [
  { title: 'op', align: 'left' },
  { title: 'in', align: 'left' },
  { title: 'share of the trace', align: 'right' },
  { title: 'deciles', align: 'left' },
  { title: 'entropy without', align: 'right' },
  { title: '', align: 'left' },
];

/** What is inside a model's score, as lines below the table of scores; none where it was not asked for. */
export function contributionLines({ model, insight }: Pick<ScoredModel, 'model' | 'insight'>): string[] {
  if (insight === undefined) return [];
  if (insight.state === 'failed') return ['', `Contributions to ${shownName(model)}: ${insight.message}`];
  const shown = insight.ops.filter(({ tensors }) => tensors > 0);
  return [
    '',
    `Contributions to ${shownName(model)}`,
    ...formatTable(columns, shown.map(row)),
    ...explanation(insight),
  ];
}

function row({ label, calls, share, bands, entropyEffect, signal }: OpInsight): string[] {
  return [
    label,
    calls.join(' › '),
    shareText(share),
    bands === undefined ? '' : profile(bands),
    entropyEffect === undefined ? '' : formatDifference(entropyEffect.value, entropyEffect.se),
    signal.reaches ? '' : `no signal: ${signal.message}`,
  ];
}

function shareText({ value, se }: Estimate): string {
  return se === undefined ? formatShare(value) : `${formatShare(value)} ± ${formatShare(se)}`;
}

const levels = '▁▂▃▄▅▆▇█';

/** The bands from the smallest eigenvalues to the largest, drawn to the op's largest share among them. */
function profile(bands: readonly (number | null)[]): string {
  const top = Math.max(...bands.map((band) => band ?? 0)) || 1;
  return bands
    .map((band) => (band === null ? '·' : levels[Math.min(7, Math.floor((8 * band) / top))]!))
    .join('');
}

function explanation({ whole, sampled, sampling }: Insight): string[] {
  const entropy = whole === undefined ? '' : `; entropy over all of them ${formatScore(whole.entropy.value)}`;
  return [
    '',
    'Share of the trace of the Fisher information, with standard errors; deciles: profile over the spectrum, from its smallest tenth',
    'to its largest; entropy without: change when the weights of the op are left out.',
    `${sampled.weights} weights of ${sampled.tensors} tensors, ${formatSettings(sampling)}${entropy}.`,
  ];
}
