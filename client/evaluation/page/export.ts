import type { Evaluation } from '../../../server/evaluation/evaluation.ts';
import { evaluationCsv, evaluationJson } from '../../../server/evaluation/report.ts';
import { evaluationFile } from '../../../server/plot/evaluation-figure.ts';
import type { Writers } from '../../webview/page/export.ts';

/** How an evaluation is written in each format. */
export function evaluationWriters(evaluation: Evaluation): Writers {
  return {
    svg: () => evaluationFile(evaluation),
    csv: () => evaluationCsv(evaluation),
    json: () => evaluationJson(evaluation),
  };
}
