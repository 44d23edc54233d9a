import { evaluate, type MetricOptions, type MetricValue } from './metrics.ts';
import { pair } from './pairs.ts';

/** A column of scores that is judged. */
export interface ScoreColumn {
  readonly name: string;
  readonly better: 'higher' | 'lower';
  readonly values: ArrayLike<number>;
}

export interface EvaluatedScore {
  readonly name: string;
  readonly better: 'higher' | 'lower';
  readonly metrics: readonly MetricValue[];
  /** As they were given, one a network. */
  readonly values: readonly number[];
}

/** How well scores predict a target, all on the same networks. A plain value. */
export interface Evaluation {
  /** For people: where the numbers come from. */
  readonly source: string;
  readonly target: string;
  readonly targets: readonly number[];
  readonly scores: readonly EvaluatedScore[];
  readonly options: MetricOptions;
  /** How the scores were made, where they were made here. */
  readonly provenance?: string;
  /** For people: what was left out, and why. */
  readonly notes: readonly string[];
}

/** Judges columns; of those of which less is better, the negative. */
export function evaluateColumns(
  columns: readonly ScoreColumn[],
  targets: ArrayLike<number>,
  options: MetricOptions,
): readonly EvaluatedScore[] {
  return columns.map(({ name, better, values }) => ({
    name,
    better,
    metrics: evaluate(
      pair(better === 'higher' ? values : Float64Array.from(values, (value) => -value), targets),
      options,
    ),
    values: Array.from(values),
  }));
}
