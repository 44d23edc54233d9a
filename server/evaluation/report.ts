import { formatCorrelation, formatInteger } from '../base/quantities.ts';
import { csv } from '../base/csv.ts';
import { tauDeviation } from './kendall.ts';
import { fewestNetworks, type EvaluatedScore, type Evaluation } from './evaluation.ts';
import type { MetricValue } from './metrics.ts';

/** The paragraphs below the numbers: networks, intervals, how scores were made, what was left out. */
export function paragraphsOf({ source, target, targets, options, provenance, notes }: Evaluation): string[] {
  const intervals =
    options.resamples === 0
      ? ''
      : ` In brackets: 95 % intervals of ${formatInteger(options.resamples)} bootstrap resamples, seed ${options.seed}.`;
  return [
    `${formatInteger(targets.length)} networks of ${source}, against ${target}. More is better.${intervals}`,
    ...(provenance === undefined ? [] : [provenance]),
    ...(targets.length < 300 ? [smallSample(targets.length)] : []),
    ...notes,
  ];
}

/** How many networks a score was judged on. */
export function networksOf({ values }: Pick<EvaluatedScore, 'values'>): number {
  return values.filter((value) => value !== null).length;
}

/** The name of a row: which way is better, and how many networks it is about, where that is not as usual. */
export function rowTitle(score: EvaluatedScore, { targets }: Evaluation): string {
  const networks = networksOf(score);
  const remarks = [
    ...(score.better === 'lower' ? ['less is better'] : []),
    ...(networks < targets.length ? [`${formatInteger(networks)} networks`] : []),
  ];
  return remarks.length === 0 ? score.name : `${score.name} (${remarks.join(', ')})`;
}

/** What of tau is chance alone, where there are few networks. */
function smallSample(size: number): string {
  return `The sample is small: with ${formatInteger(size)} networks, tau of a score that says nothing has a standard deviation of ${formatCorrelation(tauDeviation(size))}.`;
}

/** `.578 [.551, .603]`; an accuracy as it is. */
export function metricText({ name, value, interval }: MetricValue): string {
  if (value === null) return 'not defined';
  const text = (number: number): string => (name === 'best' ? number.toFixed(2) : formatCorrelation(number));
  return interval === null ? text(value) : `${text(value)} [${text(interval.low)}, ${text(interval.high)}]`;
}

/** Why a score has no value of a metric. */
function undefinedReason(score: EvaluatedScore, { targets, target }: Evaluation): string {
  const known = targets.filter((_, index) => score.values[index] !== null);
  if (known.length < fewestNetworks) return `fewer than ${fewestNetworks} networks have a value`;
  if (new Set(score.values.filter((value) => value !== null)).size === 1)
    return `${score.name} is the same for all networks`;
  return new Set(known).size === 1 ? `${target} is the same for all networks` : 'not defined';
}

/** One line a score and metric (RFC 4180), the reason where it is not defined. */
export function evaluationCsv(evaluation: Evaluation): string {
  const { scores, target } = evaluation;
  const lines = scores.flatMap((score) =>
    score.metrics.map(({ title, value, interval }) => [
      score.name,
      score.better,
      title,
      value ?? undefined,
      interval?.low,
      interval?.high,
      networksOf(score),
      target,
      value === null ? undefinedReason(score, evaluation) : undefined,
    ]),
  );
  const columns = ['score', 'better', 'metric', 'value', 'low', 'high', 'networks', 'target', 'reason'];
  return csv([columns, ...lines]);
}

/** All but the values of the single networks. */
export function evaluationJson(evaluation: Evaluation): string {
  const { scores, targets, ...rest } = evaluation;
  const short = (score: EvaluatedScore): object => {
    const { name, better } = score;
    const metrics = score.metrics.map((metric) =>
      metric.value === null ? { ...metric, reason: undefinedReason(score, evaluation) } : metric,
    );
    return { name, better, networks: networksOf(score), metrics };
  };
  return `${JSON.stringify({ ...rest, networks: targets.length, scores: scores.map(short) }, null, 2)}\n`;
}
