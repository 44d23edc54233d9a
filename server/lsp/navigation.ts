import type { DocumentHighlight, Location, Position } from 'vscode-languageserver/node';
import { rangeOf } from './ranges.ts';
import type { Opened, Session } from './session.ts';

/** Where the name, or the path of the import, at a position is declared. */
export function definition(
  session: Session,
  { document, analysis }: Opened,
  position: Position,
): Location | null {
  const target = analysis.definitionAt(document.offsetAt(position));
  if (target === undefined) return null;
  const file = session.textOf(target.uri);
  return { uri: file.uri, range: rangeOf(file, target.span) };
}

/** All uses, in this document, of the name at a position. */
export function highlights({ document, analysis }: Opened, position: Position): DocumentHighlight[] {
  return analysis
    .referencesAt(document.offsetAt(position))
    .map((span) => ({ range: rangeOf(document, span) }));
}
