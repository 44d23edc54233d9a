import type { BlockDecl, Item, ModelDecl } from '../../../grammar/syntax.ts';
import type { Declaration } from './meaning.ts';

/** A declaration whose calls have arguments: a block, or a model that is made into others. */
export type ParametricDecl = BlockDecl | ModelDecl;

export function isParametric(decl: Declaration['decl'] | undefined): decl is ParametricDecl {
  return decl?.kind === 'block' || decl?.kind === 'model';
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
