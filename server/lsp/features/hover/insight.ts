import { bandsTogether, strongestBand } from '../../../plot/bands.ts';
import type { Insight, OpInsight } from '../../../score/insight/insight.ts';
import { formatSettings, tensorsText } from '../../../score/settings.ts';
import type { ScoreSettings } from '../../../score/types.ts';
import { formatDifference, formatInteger, formatShare, plural, textBar } from '../../../base/quantities.ts';
import { code, plain } from '../../../base/markdown.ts';

/** What is known of the inside of the score of a model. */
export interface InsightSource {
  readonly state: 'current' | 'computing' | 'absent' | 'failed';
  /** Of an earlier text or score unless `state` is `current`. */
  readonly insight?: Insight;
  /** Why there is none, for people. */
  readonly message?: string;
}

/** The insights into the places of one model that the text under the cursor stands for. */
export interface ModelSites {
  readonly model: string;
  readonly source: InsightSource;
  /** In the order of the network; shorter than `places` while the text is newer than the insight. */
  readonly ops: readonly OpInsight[];
  readonly places: number;
  /** Trainable tensors at all places. */
  readonly tensors: number;
}

/** Three lines for each model: share of the trace, share of the bands and effect on the entropy, where it is from. */
export function insightText(models: readonly ModelSites[]): string {
  const several = models.length > 1;
  return models.map((model) => modelText(model, several)).join('\n\n');
}

function modelText(sites: ModelSites, several: boolean): string {
  const { model, source, ops, tensors } = sites;
  const mark = source.state !== 'current' && source.insight !== undefined ? ' **(stale)**' : '';
  const title = `Fisher information${mark}${several ? ` of ${code(model)}` : ''}`;
  if (tensors === 0) return `${title}: ${weightless(ops)}`;
  if (source.insight === undefined || ops.length === 0) return `${title}: ${waiting(source)}`;
  const silent = ops.filter(({ signal }) => !signal.reaches);
  if (silent.length === ops.length) return `${title}: **none.** ${silenceText(silent)}`;
  const { settings, sampling, engine } = source.insight;
  return [
    `${title}: ${shareText(ops)}`,
    [bandText(ops), effectText(ops)].filter((part) => part !== undefined).join(' · '),
    ...(silent.length === 0
      ? []
      : [`**No signal at ${silent.length} of ${plural(ops.length, 'place')}.** ${silenceText(silent)}`]),
    `*${plural(
      ops.reduce((sum, { weights }) => sum + weights, 0),
      'weight',
    )} of ${plural(tensors, 'tensor')} sampled · ${formatSettings({ ...sampling, seed: settings.seed })}${tensorsNote(sampling, settings)} · ${plain(engine.name)} (${plain(engine.version)})*`,
  ]
    .filter((line) => line !== '')
    .join('  \n');
}

/** Where P is not that of the score: the inside is looked at in all tensors. */
function tensorsNote(sampling: ScoreSettings, settings: ScoreSettings): string {
  return sampling.weights === settings.weights
    ? ''
    : ` (P: all tensors of the model; its score reads ${tensorsText(settings)})`;
}

function weightless(ops: readonly OpInsight[]): string {
  const silent = ops.filter(({ signal }) => !signal.reaches);
  const none = 'none of its own, it has no weights.';
  return silent.length === 0 ? none : `${none} **No signal passes here.** ${silenceText(silent)}`;
}

function silenceText(silent: readonly OpInsight[]): string {
  const [first] = silent;
  return first === undefined || first.signal.reaches ? '' : plain(first.signal.message);
}

function waiting({ state, message }: InsightSource): string {
  switch (state) {
    case 'computing':
    case 'current':
      return '*computing…*';
    case 'failed':
      return `unknown. ${plain(message ?? '')}`;
    case 'absent':
      return 'not known yet: it is looked into once the model has a score.';
  }
}

function shareText(ops: readonly OpInsight[]): string {
  const shares = ops.map(({ share }) => share.value);
  const total = sum(shares);
  const bar = code(textBar(total));
  const [only] = ops;
  if (ops.length === 1 && only !== undefined) {
    const { se } = only.share;
    return `${bar} **${formatShare(total)}**${se === undefined ? '' : ` ± ${formatShare(se)}`} of the trace`;
  }
  return `${bar} **${formatShare(total)}** of the trace at ${formatInteger(ops.length)} places (${formatShare(Math.min(...shares))} to ${formatShare(Math.max(...shares))} each)`;
}

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** The bands from the smallest eigenvalues to the largest, drawn to the largest share among them. */
function bandText(ops: readonly OpInsight[]): string | undefined {
  const bands = bandsTogether(ops);
  if (bands === undefined) return undefined;
  const { name, share } = strongestBand(bands);
  const profile = bands
    .map((band) => (band === null ? '·' : levels[Math.min(7, Math.floor((band / (share || 1)) * 8))]!))
    .join('');
  return `deciles ${code(profile)} most in the ${name} (${formatShare(share)})`;
}

function effectText(ops: readonly OpInsight[]): string | undefined {
  const effects = ops.flatMap(({ entropyEffect }) => (entropyEffect === undefined ? [] : [entropyEffect]));
  const [only] = effects;
  if (only === undefined) return undefined;
  if (effects.length === 1) {
    const { value, se } = only;
    return `entropy ${formatDifference(value, se)} without it`;
  }
  const values = effects.map(({ value }) => value);
  return `entropy ${formatDifference(Math.min(...values))} to ${formatDifference(Math.max(...values))} without one of them`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
