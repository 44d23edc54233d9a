import type { SoftmaxMode } from './settings.ts';
import type { ProgramBuilder, Value } from '../tensor/builder.ts';

/** α: the share of the uniform distribution mixed into the softmax (docs/score.md#smoothed-probabilities). */
export const smoothing = 0.05;

/**
 * The normalised softmax has no scale for a sample whose logits are all equal: one whose spread is below this share of
 * its largest logit counts as such and contributes nothing. Rounding alone makes a share of 1e-7.
 */
const leastSpread = 1e-6;
/** Least value of the largest logit where something is divided by it: it may be 0. */
const leastLogit = 1e-30;

/** Probabilities of one sample, and the derivative of the softmax's argument by the logit (1 in the paper). */
export interface Smoothed {
  readonly probabilities: Float64Array;
  readonly scale: number;
}

/**
 * p = (1 − α)·softmax(z) + α/C of one sample in float64 (docs/score.md#smoothed-probabilities), or with softmax(T·z / sd(z))
 * (docs/score.md#normalised-softmax). sd is the population standard deviation over the classes of the sample, held
 * constant when differentiating.
 *
 * @param logits `[C]`
 */
export function smoothedProbabilities(logits: ArrayLike<number>, mode: SoftmaxMode): Smoothed {
  const classes = logits.length;
  const probabilities = Float64Array.from(logits);
  let scale = 1;
  if (mode.kind === 'normalised') {
    const largest = probabilities.reduce((most, logit) => Math.max(most, Math.abs(logit)), leastLogit);
    const deviation = standardDeviation(probabilities);
    scale = deviation > leastSpread * largest ? mode.temperature / deviation : 0;
  }
  let largest = -Infinity;
  for (const logit of probabilities) {
    largest = Math.max(largest, logit);
  }
  let total = 0;
  for (let c = 0; c < classes; c++) {
    probabilities[c] = Math.exp(scale * (probabilities[c]! - largest));
    total += probabilities[c]!;
  }
  for (let c = 0; c < classes; c++) {
    probabilities[c] = ((1 - smoothing) * probabilities[c]!) / total + smoothing / classes;
  }
  return { probabilities, scale };
}

/** Whether float32 rounds the softmax behind smoothed probabilities to one class: the others are below 2⁻²⁵ together. */
export function isOneClass(probabilities: Float64Array): boolean {
  const top = Math.max(...probabilities);
  const others = 1 - (top - smoothing / probabilities.length) / (1 - smoothing);
  return others < 2 ** -25;
}

function standardDeviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) {
    mean += value / values.length;
  }
  let variance = 0;
  for (const value of values) {
    variance += (value - mean) ** 2 / values.length;
  }
  return Math.sqrt(variance);
}

/** The same as tensor program: `probabilities` `[batch, C]`, and `scale` `[batch, 1]` unless it is 1. */
export interface SmoothedValues {
  readonly probabilities: Value;
  readonly scale?: Value;
}

/** Writes `smoothedProbabilities` of the logits `[batch, C]` into a program. */
export function smoothedProbabilityValues(
  builder: ProgramBuilder,
  logits: Value,
  mode: SoftmaxMode,
): SmoothedValues {
  const classes = logits.shape[1]!;
  const smooth = (argument: Value): Value =>
    builder.affine(builder.softmax(argument), 1 - smoothing, smoothing / classes);
  if (mode.kind === 'paper') {
    return { probabilities: smooth(logits) };
  }
  // Logits are divided by the largest magnitude first, because their squares overflow float32 long before they do.
  const largest = builder.clip(builder.reduce('max', builder.unary('abs', logits), [1]), leastLogit, 3e38);
  const unit = builder.binary('div', logits, largest);
  const centred = builder.sub(unit, builder.reduce('mean', unit, [1]));
  const variance = builder.reduce('mean', builder.unary('square', centred), [1]);
  const spread = builder.unary('sqrt', variance);
  const hasSpread = builder.unary('step', builder.affine(spread, 1, -leastSpread));
  const deviation = builder.clip(spread, leastSpread, 1);
  const argument = builder.mul(
    builder.affine(builder.binary('div', centred, deviation), mode.temperature),
    hasSpread,
  );
  const scale = builder.mul(
    builder.affine(builder.unary('reciprocal', builder.mul(deviation, largest)), mode.temperature),
    hasSpread,
  );
  return { probabilities: smooth(argument), scale };
}
