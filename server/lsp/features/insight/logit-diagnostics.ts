import { formatScientific, formatShare } from '../../../base/quantities.ts';
import type { Diagnostic, FileAnalysis, ModelAnalysis } from '../../../language/analysis.ts';
import type { LogitSummary } from '../../../score/insight/insight.ts';

/** The mean largest probability from which a softmax counts as saturated. */
const saturated = 0.99;
/** Root mean square from which logits count as exploding: their squares leave float32 no room to sum gradients. */
const exploding = 1e5;

/**
 * What the logits at initialisation say, at the op that gives them (at the model's name, where that is not in the model).
 *
 * @param logitsOf of a model's score as it is; undefined where they are not known
 */
export function logitDiagnostics(
  analysis: FileAnalysis,
  logitsOf: (model: string) => LogitSummary | undefined,
): Diagnostic[] {
  return analysis.models.flatMap((model) => {
    const logits = logitsOf(model.name);
    if (logits === undefined) return [];
    const location = { uri: analysis.uri, span: outputSpan(analysis.uri, model) };
    const found: Diagnostic[] = [];
    if (logits.rms >= exploding) {
      found.push({
        code: 'exploding-logits',
        severity: 'info',
        message: `The logits of \`${model.name}\` explode at initialisation: root mean square ${formatScientific(logits.rms)}, at most ${formatScientific(logits.largest)}. Normalise inside residual branches, scale them down, or use fewer layers.`,
        location,
        related: [],
      });
    }
    if (logits.confidence >= saturated) {
      found.push({
        code: 'saturated-softmax',
        severity: 'hint',
        message: `The softmax of \`${model.name}\` is saturated at initialisation: its largest probability is ${formatShare(logits.confidence)} on average, so training starts with almost no gradient. Smaller logits help: scale the last layer or the residual branches down.`,
        location,
        related: [],
      });
    }
    return found;
  });
}

function outputSpan(uri: string, { network, nameSpan, span }: ModelAnalysis): ModelAnalysis['span'] {
  const output = network?.nodes[network.output];
  if (output === undefined) return nameSpan;
  const places = [...output.origin.calls.filter(({ kind }) => kind === 'call'), output.origin];
  const place = places.find((each) => each.uri === uri);
  return place !== undefined && span.start <= place.span.start && place.span.end <= span.end
    ? place.span
    : nameSpan;
}
