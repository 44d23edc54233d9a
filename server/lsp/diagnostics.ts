import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver/node';
import type { Diagnostic as LspDiagnostic } from 'vscode-languageserver/node';
import type { Diagnostic, Severity } from '../language/analysis.ts';
import { chosen } from '../language/severities.ts';
import { sameUri } from './documents.ts';
import { rangeOf } from './ranges.ts';
import type { Opened, Session } from './session.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What an open document shows, with the severities the user has chosen. */
export function shownDiagnostics(session: Session, { document, analysis }: Opened): readonly Diagnostic[] {
  const found = [...session.project.lint(document.uri), ...session.findings.of(sameUri(document.uri))];
  return chosen(found, analysis, session.settings.of(document.uri)?.severities);
}

/** Editors fade what can go without loss. */
const unnecessary = /^unused-|^unreachable-branch$/;

/** Sends what is wrong with an open document. */
export async function publishDiagnostics(session: Session, opened: Opened): Promise<void> {
  const { uri, version } = opened.document;
  await session.connection.sendDiagnostics({
    uri,
    version,
    diagnostics: shownDiagnostics(session, opened).map((diagnostic) => lspDiagnostic(session, diagnostic)),
  });
}

export function lspDiagnostic(session: Session, diagnostic: Diagnostic): LspDiagnostic {
  const { code, severity, message, location, related } = diagnostic;
  const href = session.documentation.of(code);
  return {
    source: 'archlens',
    code,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    ...(unnecessary.test(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    severity: severities[severity],
    message,
    range: rangeOf(session.textOf(location.uri), location.span),
    relatedInformation: related.map((place) => {
      const document = session.textOf(place.location.uri);
      return {
        location: { uri: document.uri, range: rangeOf(document, place.location.span) },
        message: place.message,
      };
    }),
  };
}
