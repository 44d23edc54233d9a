import type { Evaluation } from '../../../server/evaluation/evaluation.ts';
import { evaluationCsv, evaluationJson } from '../../../server/evaluation/report.ts';
import { evaluationFile } from '../../../server/plot/evaluation-figure.ts';
import type { EvaluationFormat, FromEvaluation } from '../protocol.ts';
import { toPng } from '../../webview/page/png.ts';

/** Writes the evaluation in a format, and hands it to the extension, which knows where to save it. */
export async function exportEvaluation(
  format: EvaluationFormat,
  evaluation: Evaluation,
  post: (message: FromEvaluation) => void,
): Promise<void> {
  const data = await (async () => {
    switch (format) {
      case 'svg':
        return evaluationFile(evaluation);
      case 'png':
        return await toPng(evaluationFile(evaluation));
      case 'csv':
        return evaluationCsv(evaluation);
      case 'json':
        return evaluationJson(evaluation);
    }
  })();
  post({ kind: 'exported', format, data });
}
