import { CompletionItemKind } from 'vscode-languageserver/node';
import type { TextEdit } from 'vscode-languageserver/node';
import { Utils } from 'vscode-uri';
import { stringText } from '../../../../grammar/print/literals.ts';
import { printItem } from '../../../../grammar/print/print.ts';
import { isExported } from '../../../language/exported.ts';
import type { Module } from '../../../language/names/meaning.ts';
import type { Cursor } from '../../../language/cursor/cursor.ts';
import { libraries, libraryPath } from '../../../language/library.ts';
import { resolveImportPath } from '../../../language/names/import-path.ts';
import { parsedUri, sameUri } from '../../../base/uris.ts';
import type { Opened, Session } from '../../session.ts';
import { ranks } from './item.ts';
import type { Suggestion } from './item.ts';
import { declarationSuggestion, type NameUse } from './names.ts';

/** Files are linked for so many milliseconds per request; the rest is for the next. */
const budget = 12;

/** What other files export, as far as they have been read. */
export interface ForeignNames {
  readonly suggestions: readonly Suggestion[];
  readonly incomplete: boolean;
}

/**
 * `"./blocks.arch"`, or `"archlens:blocks"`, as an import of `from` writes it; undefined between different schemes, and for what no
 * string can hold.
 */
export function importPath(from: string, to: string): string | undefined {
  const library = libraryPath(to);
  if (library !== undefined) return library;
  const [a, b] = [parsedUri(from), parsedUri(to)];
  if (a === undefined || b === undefined) return undefined;
  if (a.scheme !== b.scheme || a.authority !== b.authority) return undefined;
  const base = Utils.dirname(a)
    .path.split('/')
    .filter((part) => part !== '');
  const target = b.path.split('/').filter((part) => part !== '');
  let common = 0;
  while (common < base.length && common < target.length - 1 && base[common] === target[common]) common += 1;
  const up = base.slice(common).map(() => '..');
  const path = [...(up.length === 0 ? ['.'] : up), ...target.slice(common)].join('/');
  return path.includes('\r') ? undefined : path;
}

/** Paths of the workspace's other files, the nearest first; what comes with the program stands behind those of this folder. */
export function importPaths(session: Session, { document }: Opened): readonly Suggestion[] {
  const own = sameUri(document.uri);
  return importable(session)
    .flatMap((uri) => (uri === own ? [] : (importPath(own, uri) ?? [])))
    .map((path) =>
      libraries.has(path)
        ? { label: path, kind: CompletionItemKind.Module, rank: 3, description: 'comes with Archlens' }
        : {
            label: path,
            insert: stringText(path).slice(1, -1),
            kind: CompletionItemKind.File,
            rank: Math.min(path.split('/').length, ranks.unfitting),
          },
    );
}

/** Uris of the files that are known to be there, what comes with the program last. */
export function importable(session: Session): readonly string[] {
  return [...new Set([...session.workspace.known(), ...libraries.values()])];
}

/** What the file of an import exports and the list does not hold yet. */
export function importNames(session: Session, opened: Opened, cursor: Cursor): readonly Suggestion[] {
  const { analysis } = opened;
  const path = /^[^{}"]*\}\s*from\s*"([^"\n]*)"/.exec(analysis.text.slice(cursor.word.end))?.[1];
  if (path === undefined) return [];
  const resolved = resolveImportPath({ kind: 'string', span: cursor.word, value: path }, analysis.uri);
  if ('problem' in resolved) return [];
  const list = /^[^{}"]*/.exec(analysis.text.slice(cursor.word.end))![0];
  const given = new Set([...cursor.before, ...list.split(/[\s,]+/)]);
  return session.project
    .module(resolved.uri)
    .declarations.filter((declaration) => isExported(declaration) && !given.has(declaration.name))
    .flatMap((declaration) => declarationSuggestion(declaration, 'import', true, undefined) ?? [])
    .map((suggestion) => ({ ...suggestion, rank: ranks.expected }));
}

/** Blocks and cells (and lets, as values) of other files, with the edit that imports them. */
export function foreignNames(
  session: Session,
  opened: Opened,
  use: NameUse,
  called: boolean,
  width: number | undefined,
): ForeignNames {
  const own = session.project.module(opened.analysis.uri);
  const suggestions: Suggestion[] = [];
  const started = performance.now();
  const files = importable(session);
  for (const uri of files) {
    if (performance.now() - started > budget) return { suggestions, incomplete: true };
    if (uri === own.uri) continue;
    const path = importPath(own.uri, uri);
    const module = session.project.module(uri);
    if (path === undefined || leadsTo(session, module, own.uri)) continue;
    for (const declaration of module.declarations) {
      if (declaration.name === '' || own.names.has(declaration.name) || !isExported(declaration)) continue;
      const suggestion = declarationSuggestion(declaration, use, called, width);
      if (suggestion === undefined) continue;
      suggestions.push({
        ...suggestion,
        rank: ranks.foreign,
        description: path,
        edits: [importEdit(opened, path, declaration.name)],
      });
    }
  }
  return { suggestions, incomplete: session.workspace.incomplete };
}

/** Whether a file imports another, directly or not: importing it there would be a circle. */
function leadsTo(session: Session, module: Module, uri: string): boolean {
  const seen = new Set([module.uri]);
  for (const each of seen) for (const next of session.project.module(each).imports) seen.add(next);
  return seen.has(uri);
}

/** Adds a name to the import of a path, or a new import below the others, or at the top below the head comment. */
export function importEdit({ document, analysis }: Opened, path: string, name: string): TextEdit {
  const imports = analysis.parse.file.items.filter((item) => item.kind === 'import');
  const at = (offset: number, newText: string): TextEdit => {
    const position = document.positionAt(offset);
    return { range: { start: position, end: position }, newText };
  };
  const same = imports.find((item) => item.path.kind === 'string' && item.path.value === path);
  const last = same?.names.findLast((each) => each.name !== '');
  if (last !== undefined) return at(last.span.end, `, ${name}`);
  const text = printItem({
    kind: 'import',
    names: [{ kind: 'identifier', name }],
    path: { kind: 'string', value: path },
  });
  const before = imports.at(-1);
  if (before !== undefined) return at(before.span.end, `\n${text}`);
  return at(afterHead(analysis.text), `${text}\n\n`);
}

/** Where the first line is that is no ordinary comment. */
function afterHead(text: string): number {
  return /^(?:[ \t]*(?:\/\/(?!\/)[^\n]*)?\r?\n)*/.exec(text)![0].length;
}
