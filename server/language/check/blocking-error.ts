import type { FileAnalysis } from '../analysis.ts';
import type { Diagnostic } from './diagnostics.ts';

/** The error that keeps a model from being a network: the first inside it, else the first of the file. */
export function blockingError(
  { diagnostics }: FileAnalysis,
  { start, end }: Diagnostic['location']['span'],
): Diagnostic | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.find(({ location: { span } }) => span.start >= start && span.start <= end) ?? errors[0];
}
