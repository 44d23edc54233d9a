import { CodeActionKind } from 'vscode-languageserver/node';
import type { CodeAction, Range } from 'vscode-languageserver/node';
import { lspDiagnostic, shownDiagnostics } from './diagnostics.ts';
import { rangeOf } from './ranges.ts';
import type { Opened, Session } from './session.ts';

/** The mechanical repairs of the diagnostics in a range. */
export function quickFixes(session: Session, opened: Opened, range: Range): CodeAction[] {
  const { document } = opened;
  const start = document.offsetAt(range.start);
  const end = document.offsetAt(range.end);
  return shownDiagnostics(session, opened).flatMap((diagnostic) => {
    const { fix, location } = diagnostic;
    if (fix === undefined || location.span.start > end || location.span.end < start) return [];
    return [
      {
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [lspDiagnostic(session, diagnostic)],
        isPreferred: true,
        edit: { changes: { [document.uri]: [{ range: rangeOf(document, fix.span), newText: fix.text }] } },
      },
    ];
  });
}
