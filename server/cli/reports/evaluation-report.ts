import type { Evaluation } from '../../evaluation/evaluation.ts';
import { metricText, paragraphsOf, rowTitle } from '../../evaluation/report.ts';
import { formatTable, type Column } from './table.ts';

/** The evaluation as people read it, a line each. */
export function evaluationLines(evaluation: Evaluation): string[] {
  const { scores } = evaluation;
  const titles = scores[0]?.metrics.map(({ title }) => title) ?? [];
  const columns: Column[] = [
    { title: 'score', align: 'left' },
    ...titles.map((title): Column => ({ title, align: 'left' })),
  ];
  const rows = scores.map((score) => [rowTitle(score, evaluation), ...score.metrics.map(metricText)]);
  return [...formatTable(columns, rows), '', ...paragraphsOf(evaluation)];
}
