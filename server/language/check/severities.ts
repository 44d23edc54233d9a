import type { Diagnostic, Severity } from './diagnostics.ts';
import { suppressionsOf } from './suppressions.ts';
import type { ParseResult } from '../../../grammar/syntax.ts';

/** What a user may set for a code. */
export type SeverityChoice = Severity | 'off';

/** By code; codes that are not in it keep their own severity, or stay off. */
export type SeverityChoices = ReadonlyMap<string, SeverityChoice>;

/** Shown only where the user sets a severity: nearly every deep network whose norms have seen no data is like this. */
const offByDefault: ReadonlySet<string> = new Set(['saturated-softmax']);

/** The diagnostics of a file as the user wants them: without those turned off by a comment or a setting. */
export function chosen(
  diagnostics: readonly Diagnostic[],
  file: { readonly text: string; readonly parse: ParseResult },
  choices: SeverityChoices = new Map(),
): Diagnostic[] {
  const suppressed = suppressionsOf(file.text, file.parse.comments);
  return diagnostics.flatMap((diagnostic) => {
    const severity =
      choices.get(diagnostic.code) ?? (offByDefault.has(diagnostic.code) ? 'off' : diagnostic.severity);
    if (severity === 'off' || suppressed(diagnostic.code, diagnostic.location.span.start)) return [];
    return [severity === diagnostic.severity ? diagnostic : { ...diagnostic, severity }];
  });
}
