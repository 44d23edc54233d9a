import type { BlockDecl, CellDecl, Identifier, Item, ModelDecl } from '../../../grammar/syntax.ts';
import type { Declaration } from './meaning.ts';

/** A declaration whose calls have arguments: a block, a cell, or a model that is made into others. */
export type ParametricDecl = BlockDecl | CellDecl | ModelDecl;

export function isParametric(decl: { readonly kind?: string } | undefined): decl is ParametricDecl {
  return decl?.kind === 'block' || decl?.kind === 'model' || decl?.kind === 'cell';
}

/** The names of the tensors that come in; none where one comes in without a name. */
export function inputsOf(decl: ParametricDecl): readonly Identifier[] {
  return decl.kind === 'model' ? [] : (decl.inputs?.names ?? []);
}

/** Whether a declaration is a model whose parameters need values: no network by itself, but others are made of it. */
export function isTemplate(decl: Declaration['decl']): boolean {
  return decl.kind === 'model' && decl.params.some(({ defaultValue }) => defaultValue === undefined);
}

/** Whether a declaration is a network, which is expanded and scored: a model that needs no values, or an instance. */
export function isNetwork(decl: Declaration['decl']): boolean {
  return (decl.kind === 'model' && !isTemplate(decl)) || decl.kind === 'instance';
}

/** What people call it. */
export function kindOf<Kind extends Item['kind']>({
  kind,
}: {
  readonly kind: Kind;
}): Exclude<Kind, 'instance'> | 'model' {
  return kind === 'instance' ? 'model' : (kind as Exclude<Kind, 'instance'>);
}
