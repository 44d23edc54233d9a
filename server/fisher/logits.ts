/** The size of the logits of some samples, and how near to 1 their softmax comes. */
export interface LogitSummary {
  /** Root mean square over samples, classes and seeds. */
  readonly rms: number;
  /** Largest magnitude. */
  readonly largest: number;
  /** Mean over samples of the largest probability of the plain softmax, 1/C … 1: near 1 it is saturated. */
  readonly confidence: number;
}

/** @param logits `[samples, classes]`, row-major, finite */
export function summariseLogits(logits: Float32Array | Float64Array, classes: number): LogitSummary {
  const samples = logits.length / classes;
  let largest = 0;
  for (const logit of logits) largest = Math.max(largest, Math.abs(logit));
  let squares = 0;
  let confidence = 0;
  for (let n = 0; n < samples; n++) {
    let top = -Infinity;
    for (let c = 0; c < classes; c++) top = Math.max(top, logits[n * classes + c]!);
    let total = 0;
    for (let c = 0; c < classes; c++) {
      const logit = logits[n * classes + c]!;
      total += Math.exp(logit - top);
      squares += logit ** 2 / logits.length;
    }
    confidence += 1 / total / samples;
  }
  return { rms: Math.sqrt(squares), largest, confidence };
}

/** The summary of several draws with equally many samples. */
export function mergeLogits(draws: readonly LogitSummary[]): LogitSummary {
  const mean = (value: (draw: LogitSummary) => number): number =>
    draws.reduce((sum, draw) => sum + value(draw) / draws.length, 0);
  return {
    rms: Math.sqrt(mean(({ rms }) => rms ** 2)),
    largest: Math.max(...draws.map(({ largest }) => largest)),
    confidence: mean((draw) => draw.confidence),
  };
}
