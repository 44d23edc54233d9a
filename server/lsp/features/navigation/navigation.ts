import { DocumentHighlightKind } from 'vscode-languageserver/node';
import type { DocumentHighlight, Location, Position } from 'vscode-languageserver/node';
import { rangeOf } from '../../ranges.ts';
import type { Opened, Session } from '../../session.ts';
import { lspLocation } from '../../uses.ts';

/** Where the name, or the path of the import, at a position is declared. */
export function definition(
  session: Session,
  { document, analysis }: Opened,
  position: Position,
): Location | null {
  const target = analysis.definitionAt(document.offsetAt(position));
  return target === undefined ? null : lspLocation(session, target);
}

/** All uses, in this document, of the name at a position; where it is declared it is written. */
export function highlights({ document, analysis }: Opened, position: Position): DocumentHighlight[] {
  const offset = document.offsetAt(position);
  const target = analysis.definitionAt(offset);
  return analysis.referencesAt(offset).map((span) => ({
    range: rangeOf(document, span),
    kind:
      target?.uri === analysis.uri && target.span.start === span.start
        ? DocumentHighlightKind.Write
        : DocumentHighlightKind.Read,
  }));
}
