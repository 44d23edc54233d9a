import { CodeActionKind } from 'vscode-languageserver/node';
import type { CodeAction, CodeActionParams, WorkspaceEdit } from 'vscode-languageserver/node';
import type { TextChange } from '../../../../grammar/format/format.ts';
import type { Diagnostic } from '../../../language/analysis.ts';
import { declarationsOf, isExported } from '../../../language/exported.ts';
import { libraries, libraryPath } from '../../../language/library.ts';
import { fixAll, fixesOf } from '../../../language/fix/index.ts';
import { refactorings } from '../../../language/refactor/index.ts';
import type { RefactorContext, Refactoring } from '../../../language/refactor/index.ts';
import { importEdit, importPath } from '../completion/imports.ts';
import { lspDiagnostic, shownDiagnostics } from '../diagnostics/diagnostics.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened, Session } from '../../session.ts';
import { movesAt } from '../../../search/moves/moves.ts';
import { tryAlternativesCommand } from '../../../protocol/what-if.ts';
import { shownName } from '../../../language/names/shown-name.ts';

const kinds: Readonly<Record<Refactoring['kind'], CodeActionKind>> = {
  extract: CodeActionKind.RefactorExtract,
  inline: CodeActionKind.RefactorInline,
  rewrite: CodeActionKind.RefactorRewrite,
};

export const codeActionKinds = [
  CodeActionKind.QuickFix,
  ...Object.values(kinds),
  CodeActionKind.SourceFixAll,
] as const;

/**
 * Repairs of the diagnostics in a range, ways to write what is selected otherwise, and all safe repairs at once.
 *
 * @param listsAlternatives whether the client can open a list of alternatives
 */
export async function codeActions(
  session: Session,
  opened: Opened,
  { range, context: { only } }: Pick<CodeActionParams, 'range' | 'context'>,
  listsAlternatives: boolean,
): Promise<CodeAction[]> {
  const wanted = (kind: CodeActionKind): boolean =>
    only === undefined || only.some((each) => kind === each || kind.startsWith(`${each}.`));
  const { document, analysis } = opened;
  // What comes with the program is not changed.
  if (libraryPath(analysis.uri) !== undefined) return [];
  const selection = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const context: RefactorContext = {
    uri: analysis.uri,
    text: analysis.text,
    parse: analysis.parse,
    references: analysis.references,
    imported: session.project.importedNames(analysis.uri),
    module: session.project.module(analysis.uri),
  };
  const actions: CodeAction[] = [];
  if (wanted(CodeActionKind.QuickFix)) {
    for (const diagnostic of shownDiagnostics(session, opened)) {
      const { span } = diagnostic.location;
      if (span.start > selection.end || span.end < selection.start) continue;
      actions.push(...quickFixes(session, opened, diagnostic, context));
      if (diagnostic.code === 'unknown-name')
        actions.push(...(await addImports(session, opened, diagnostic)));
    }
  }
  for (const { title, kind, changes } of refactorings(selection, context))
    if (wanted(kinds[kind])) actions.push({ title, kind: kinds[kind], edit: editOf(opened, changes) });
  if (listsAlternatives && wanted(CodeActionKind.RefactorRewrite))
    actions.push(...tryAlternatives(opened, context.module, selection.start));
  // Only where it is asked for: in the menu it would stand behind every cursor.
  if (only !== undefined && wanted(CodeActionKind.SourceFixAll)) {
    const changes = fixAll(shownDiagnostics(session, opened), context);
    if (changes.length > 0)
      actions.push({
        title: 'Fix all that can be fixed safely',
        kind: CodeActionKind.SourceFixAll,
        edit: editOf(opened, changes),
      });
  }
  return actions;
}

/** Opens the list of alternatives to what stands at the cursor; scoring starts when it is chosen, not before. */
function tryAlternatives(
  { document, analysis }: Opened,
  module: RefactorContext['module'],
  offset: number,
): CodeAction[] {
  const found = movesAt(module, offset);
  if (found === undefined) return [];
  const text = analysis.text.slice(found.span.start, found.span.end);
  const about = shownName(text.replaceAll(/\s+/g, ' '));
  const title = `Try alternatives to \`${about.length > 40 ? `${about.slice(0, 39)}…` : about}\`…`;
  const command = {
    title,
    command: tryAlternativesCommand,
    arguments: [document.uri, document.positionAt(offset)],
  };
  return [{ title, kind: CodeActionKind.RefactorRewrite, command }];
}

function quickFixes(
  session: Session,
  opened: Opened,
  diagnostic: Diagnostic,
  context: RefactorContext,
): CodeAction[] {
  return fixesOf(diagnostic, context).map(({ title, changes, preferred }) => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [lspDiagnostic(session, diagnostic)],
    ...(preferred ? { isPreferred: true } : {}),
    edit: editOf(opened, changes),
  }));
}

/** Imports of an unknown name from the files of the workspace that declare it. */
async function addImports(session: Session, opened: Opened, diagnostic: Diagnostic): Promise<CodeAction[]> {
  const { start, end } = diagnostic.location.span;
  const { analysis, document } = opened;
  const name = analysis.text.slice(start, end);
  const actions: CodeAction[] = [];
  const modules = new Set(await session.workspace.modules());
  for (const uri of libraries.values()) modules.add(session.project.module(uri));
  for (const module of modules) {
    const path = importPath(analysis.uri, module.uri);
    const declaration = declarationsOf(module).get(name);
    const exported = declaration !== undefined && isExported(declaration);
    if (!exported || path === undefined || module.uri === analysis.uri) continue;
    // It imports this file, directly or through others: a circle.
    if (reaches(session, module.uri, analysis.uri)) continue;
    actions.push({
      title: `Import \`${name}\` from "${path}"`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [lspDiagnostic(session, diagnostic)],
      edit: { changes: { [document.uri]: [importEdit(opened, path, name)] } },
    });
  }
  // With several there is no telling which is meant.
  return actions.map((action) => (actions.length === 1 ? { ...action, isPreferred: true } : action));
}

function reaches(session: Session, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const uri of seen) for (const next of session.project.module(uri).imports) seen.add(next);
  return seen.has(to);
}

function editOf({ document }: Opened, changes: readonly TextChange[]): WorkspaceEdit {
  const edits = changes.map(({ span, text }) => ({ range: rangeOf(document, span), newText: text }));
  return { changes: { [document.uri]: edits } };
}
