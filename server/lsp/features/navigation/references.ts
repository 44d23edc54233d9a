import type { Location, ReferenceParams } from 'vscode-languageserver/node';
import { sameLocation } from '../../../language/cursor/lookup.ts';
import type { Opened, Session } from '../../session.ts';
import { lspLocation, nameAt, usesOf } from '../../uses.ts';

/** All uses of the name at a position, in all files of the workspace. */
export async function references(
  session: Session,
  opened: Opened,
  { position, context }: Pick<ReferenceParams, 'position' | 'context'>,
): Promise<Location[]> {
  const found = nameAt(session, opened, position);
  if (found === undefined) return [];
  const { target } = found;
  const uses = await usesOf(session, target);
  return uses
    .filter((use) => context.includeDeclaration || !sameLocation(use, target))
    .map((use) => lspLocation(session, use));
}
