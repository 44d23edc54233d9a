import type { SymbolInformation } from 'vscode-languageserver/node';
import { fileNameOf } from '../../../base/uris.ts';
import { declaredNames } from '../../../language/names/declared-names.ts';
import type { DeclaredKind } from '../../../language/names/declared-names.ts';
import { symbolKinds } from './outline.ts';
import type { Session } from '../../session.ts';
import { lspLocation } from '../../uses.ts';

/** Editors filter further; more than this is not read by anybody. */
const most = 500;

/** The declarations of all files whose name holds the letters of `query` in this order. */
export async function workspaceSymbols(session: Session, query: string): Promise<SymbolInformation[]> {
  const found: SymbolInformation[] = [];
  for (const { uri, parse } of await session.workspace.modules()) {
    for (const { kind, name, span } of declaredNames(parse.file).values()) {
      if (!isTopLevel(kind) || !matches(name, query)) continue;
      found.push({
        name,
        kind: symbolKinds[kind],
        location: lspLocation(session, { uri, span }),
        containerName: fileNameOf(uri),
      });
      if (found.length === most) return found;
    }
  }
  return found;
}

type TopLevel = 'model' | 'space' | 'block' | 'cell' | 'let';

function isTopLevel(kind: DeclaredKind): kind is TopLevel {
  return ['model', 'space', 'block', 'cell', 'let'].includes(kind);
}

function matches(name: string, query: string): boolean {
  const letters = name.toLowerCase();
  let from = 0;
  for (const letter of query.toLowerCase()) {
    const at = letters.indexOf(letter, from);
    if (at === -1) return false;
    from = at + 1;
  }
  return true;
}
