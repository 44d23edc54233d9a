import type { Location as LspLocation, Position } from 'vscode-languageserver/node';
import type { Location } from '../network/network.ts';
import { declaredNames } from '../language/names/declared-names.ts';
import type { DeclaredName } from '../language/names/declared-names.ts';
import { around, sameLocation } from '../language/cursor/lookup.ts';
import type { Module } from '../language/names/meaning.ts';
import { rangeOf } from './ranges.ts';
import type { Opened, Session } from './session.ts';

/** A name of the text: its place, and what it stands for. */
export interface NameAt {
  /** The name as it stands at the cursor. */
  readonly span: Location['span'];
  readonly target: Location;
  readonly declared: DeclaredName;
}

/** The declared name at a position; undefined on ops, keywords, paths of imports and what is not declared. */
export function nameAt(
  session: Session,
  { document, analysis }: Opened,
  position: Position,
): NameAt | undefined {
  const reference = around(analysis.references, document.offsetAt(position));
  if (reference === undefined) return undefined;
  const { span, target } = reference;
  const declared = declaredAt(session, target);
  return declared === undefined ? undefined : { span, target, declared };
}

export function declaredAt(session: Session, { uri, span }: Location): DeclaredName | undefined {
  const declared = declaredNames(session.project.module(uri).parse.file).get(span.start);
  return declared?.span.end === span.end ? declared : undefined;
}

/** All uses of a declared name in the workspace, its declaration and imports included. */
export async function usesOf(session: Session, target: Location): Promise<readonly Location[]> {
  return usesIn(await session.workspace.modules(), target);
}

export function usesIn(modules: readonly Module[], target: Location): readonly Location[] {
  return modules.flatMap(({ uri, imports, references }) =>
    // Only imports make a name of another file known.
    uri === target.uri || imports.includes(target.uri)
      ? references
          .filter((reference) => sameLocation(reference.target, target))
          .map(({ span }) => ({ uri, span }))
      : [],
  );
}

export function lspLocation(session: Session, { uri, span }: Location): LspLocation {
  const file = session.textOf(uri);
  return { uri: file.uri, range: rangeOf(file, span) };
}
