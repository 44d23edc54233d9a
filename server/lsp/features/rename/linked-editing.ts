import type { LinkedEditingRanges, Position } from 'vscode-languageserver/node';
import type { DeclaredKind } from '../../../language/names/declared-names.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened, Session } from '../../session.ts';
import { nameAt } from '../../uses.ts';

/** What no other file and no argument can name. */
const local: ReadonlySet<DeclaredKind> = new Set(['local let', 'loop variable', 'tensor']);

/** A name of a body is changed at all its places at once, where the editor's user wants that. */
export function linkedEditing(
  session: Session,
  opened: Opened,
  position: Position,
): LinkedEditingRanges | null {
  const { document, analysis } = opened;
  const found = nameAt(session, opened, position);
  if (found === undefined || !local.has(found.declared.kind)) return null;
  const spans = analysis.referencesAt(found.span.start);
  return { ranges: spans.map((span) => rangeOf(document, span)), wordPattern: '[A-Za-z_][A-Za-z0-9_]*' };
}
