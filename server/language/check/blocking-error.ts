import type { Span } from '../../../grammar/syntax.ts';
import type { FileAnalysis } from '../analysis.ts';
import type { Diagnostic } from './diagnostics.ts';

/**
 * The error that keeps the model at `span` from being a network: the first inside it, else the first that it runs into
 * where it uses something, else the first that stands in no other model, else the first of the file.
 */
export function blockingError(
  { uri, diagnostics, models }: FileAnalysis,
  span: Span,
): Diagnostic | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const isUsed = ({ related }: Diagnostic): boolean =>
    related.some(({ location }) => location.uri === uri && startsIn(location.span, span));
  const isOfOther = ({ location }: Diagnostic): boolean =>
    models.some((model) => startsIn(location.span, model.span));
  return (
    errors.find(({ location }) => startsIn(location.span, span)) ??
    errors.find(isUsed) ??
    errors.find((error) => !isOfOther(error)) ??
    errors[0]
  );
}

function startsIn({ start }: Span, around: Span): boolean {
  return start >= around.start && start <= around.end;
}
