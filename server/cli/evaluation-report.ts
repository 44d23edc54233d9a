import type { EvaluatedScore, Evaluation } from '../evaluation/evaluation.ts';
import type { MetricValue } from '../evaluation/metrics.ts';
import { formatTable, type Column } from './table.ts';

/** The evaluation as people read it, a line each. */
export function evaluationLines(evaluation: Evaluation): string[] {
  const { scores, source, target, targets, options, provenance, notes } = evaluation;
  const titles = scores[0]?.metrics.map(({ title }) => title) ?? [];
  const columns: Column[] = [
    { title: 'score', align: 'left' },
    ...titles.map((title): Column => ({ title, align: 'left' })),
  ];
  const rows = scores.map(({ name, better, metrics }) => [
    better === 'higher' ? name : `${name} (less is better)`,
    ...metrics.map(metricText),
  ]);
  const intervals =
    options.resamples === 0
      ? ''
      : ` In brackets: 95 % intervals of ${options.resamples.toLocaleString('en')} bootstrap resamples, seed ${options.seed}.`;
  const noise = targets.length < 300 ? [smallSample(targets.length)] : [];
  return [
    ...formatTable(columns, rows),
    '',
    `${targets.length.toLocaleString('en')} networks of ${source}, against ${target}. More is better.${intervals}`,
    ...(provenance === undefined ? [] : [provenance]),
    ...noise,
    ...notes,
  ];
}

/** Noise of tau from the choice of networks alone: about .43 over the root of their number (reference §4). */
function smallSample(size: number): string {
  return `The sample is small: with ${size} networks, tau has a standard error of about ${(0.43 / Math.sqrt(size)).toFixed(2)}.`;
}

function metricText({ name, value, interval }: MetricValue): string {
  if (value === null) return 'not defined';
  const text = (number: number): string => (name === 'best' ? number.toFixed(2) : decimal(number));
  return interval === null ? text(value) : `${text(value)} [${text(interval.low)}, ${text(interval.high)}]`;
}

/** `.578`, `−.233`, `1.000`: as papers print correlations. */
function decimal(value: number): string {
  return value
    .toFixed(3)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');
}

/** One line a score and metric (RFC 4180). */
export function evaluationCsv({ scores, targets, target }: Evaluation): string {
  const lines = scores.flatMap(({ name, better, metrics }) =>
    metrics.map(({ title, value, interval }) => [
      name,
      better,
      title,
      value ?? '',
      interval?.low ?? '',
      interval?.high ?? '',
      targets.length,
      target,
    ]),
  );
  return csv([['score', 'better', 'metric', 'value', 'low', 'high', 'networks', 'target'], ...lines]);
}

/** All but the values of the single networks. */
export function evaluationJson({ scores, targets, ...rest }: Evaluation): string {
  const short = ({ name, better, metrics }: EvaluatedScore): object => ({ name, better, metrics });
  return `${JSON.stringify({ ...rest, networks: targets.length, scores: scores.map(short) }, null, 2)}\n`;
}

/** Comma-separated values as RFC 4180 has them. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map((cell) => quoted(String(cell))).join(',')}\r\n`).join('');
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
