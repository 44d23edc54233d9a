import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver/node';
import type { Diagnostic as LspDiagnostic } from 'vscode-languageserver/node';
import { Pacer } from '../../../base/pacer.ts';
import type { Diagnostic, Severity } from '../../../language/analysis.ts';
import { chosen } from '../../../language/check/severities.ts';
import { sameUri } from '../../../base/uris.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened, Session } from '../../session.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What an open document shows, with the severities the user has chosen. */
export function shownDiagnostics(session: Session, opened: Opened): readonly Diagnostic[] {
  return shown(session, opened, session.project.lint(opened.document.uri));
}

function shown(
  session: Session,
  { document: { uri }, analysis }: Opened,
  checked: readonly Diagnostic[],
): readonly Diagnostic[] {
  const found = [...checked, ...session.signalDiagnostics.of(sameUri(uri))];
  return chosen(found, analysis, session.settings.of(uri)?.severities);
}

/** Editors fade what can go without loss. */
const unnecessary = /^unused-|^unreachable-branch$/;

/** Milliseconds of work between which requests are answered. */
const slice = 4;

/** Gives up when the text changes. */
export function unlessChanged(session: Session, { document }: Opened): () => Promise<boolean> {
  const pacer = new Pacer(slice);
  // Changes are made in the document itself.
  const { uri, version } = document;
  return async () => {
    await pacer.pause();
    return session.documents.get(uri)?.version === version;
  };
}

/**
 * Runs the linter over an open document in slices, so that no request waits for it. What it found is then known to the project.
 *
 * @returns undefined when the document was closed or changed meanwhile
 */
export async function lintBetweenRequests(session: Session, uri: string): Promise<Opened | undefined> {
  const opened = session.opened(uri);
  if (opened === undefined) return undefined;
  const goOn = unlessChanged(session, opened);
  const steps = session.project.lintSteps(uri);
  while (steps.next().done !== true) if (!(await goOn())) return undefined;
  return opened;
}

/** Sends what is wrong with an open document. */
export async function publishDiagnostics(session: Session, opened: Opened): Promise<void> {
  const { document, analysis } = opened;
  const checked = session.project.lint(document.uri);
  const errors = new Set(analysis.diagnostics);
  session.lintDiagnostics.set(
    sameUri(document.uri),
    checked.filter((diagnostic) => !errors.has(diagnostic)),
  );
  await send(session, opened, checked);
}

/** The same before the linter has looked at the text: what it found in the one before, where that is now. */
export async function publishErrors(session: Session, opened: Opened): Promise<void> {
  const { document, analysis } = opened;
  await send(session, opened, [
    ...analysis.diagnostics,
    ...session.lintDiagnostics.of(sameUri(document.uri)),
  ]);
}

async function send(session: Session, opened: Opened, checked: readonly Diagnostic[]): Promise<void> {
  const { uri, version } = opened.document;
  await session.connection.sendDiagnostics({
    uri,
    version,
    diagnostics: shown(session, opened, checked).map((diagnostic) => lspDiagnostic(session, diagnostic)),
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
