import { evaluate, metrics, type MetricOptions, type MetricValue } from './metrics.ts';
import { pairKnown } from './pairs.ts';

/** A column of scores that is judged. */
export interface ScoreColumn {
  readonly name: string;
  readonly better: 'higher' | 'lower';
  /** One a network; undefined for one without. */
  readonly values: ArrayLike<number | undefined>;
}

/** A column that was judged. */
export interface EvaluatedScore {
  readonly name: string;
  readonly better: 'higher' | 'lower';
  readonly metrics: readonly MetricValue[];
  /** As they were given, one a network; null for one without. */
  readonly values: readonly (number | null)[];
}

/** How well scores predict a target, each on the networks that it has a value for. A plain value. */
export interface Evaluation {
  /** For people: where the numbers come from. */
  readonly source: string;
  /** Column of the targets. */
  readonly target: string;
  /** One a network, as the table has them: nDCG takes them for percent. */
  readonly targets: readonly number[];
  /** What each network is called: its genotype, or where it stands in the table. */
  readonly names: readonly string[];
  readonly scores: readonly EvaluatedScore[];
  readonly options: MetricOptions;
  /** How the scores were made, where they were made here. */
  readonly provenance?: string;
  /** For people: what was left out, and why. */
  readonly notes: readonly string[];
}

/** On fewer networks no metric is defined. */
export const fewestNetworks = 3;

/**
 * Judges columns, each on the networks that it has a value for; of those of which less is better, the negative. No metric is
 * defined on less than three networks.
 */
export function evaluateColumns(
  columns: readonly ScoreColumn[],
  targets: ArrayLike<number>,
  options: MetricOptions,
): readonly EvaluatedScore[] {
  return columns.map(({ name, better, values }) => {
    const directed = Array.from(values, (value) =>
      value === undefined || better === 'higher' ? value : -value,
    );
    const { pairs, rows } = pairKnown(directed, targets);
    return {
      name,
      better,
      metrics:
        rows.length < fewestNetworks
          ? undefinedMetrics(targets.length, options)
          : evaluate(pairs, options, { size: targets.length, rows }),
      values: Array.from(values, (value) => value ?? null),
    };
  });
}

function undefinedMetrics(size: number, options: MetricOptions): readonly MetricValue[] {
  return metrics(size, options).map(({ name, title }) => ({ name, title, value: null, interval: null }));
}
