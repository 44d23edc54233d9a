import type { ModelDecl, SpaceDecl } from '../../../grammar/syntax.ts';
import { isUnusable } from './apply.ts';
import type { Expansion } from './expansion.ts';
import { bindingText, enteredFrame, type Frame, rootFrame } from './frame.ts';
import { type Declaration, Scope } from '../names/meaning.ts';
import { enter } from './parameters.ts';

/** A network whose body is about to be expanded. */
export interface EnteredNetwork {
  /** What has the body: of an instance the model that it is made of. */
  readonly decl: ModelDecl | SpaceDecl;
  /** Has the values of the parameters. */
  readonly scope: Scope;
  readonly frame: Frame;
}

/**
 * Gives the parameters of a model their values: their defaults, or the arguments of an instance. What an instance consists of has the
 * same addresses as if it were written out. `undefined` after an error.
 */
export function enterNetwork(expansion: Expansion, declaration: Declaration): EnteredNetwork | undefined {
  const { decl, module } = declaration;
  const root = rootFrame(module);
  const given = { scope: new Scope(), module, names: '' } as const;
  if (decl.kind === 'space') return { decl, scope: given.scope, frame: root };
  if (decl.kind === 'model') {
    const call = { ...given, args: [], callee: decl.name, span: decl.name.span };
    const entry = enter(expansion, decl, declaration, call, root, undefined);
    return entry && { decl, scope: entry.scope, frame: root };
  }
  if (decl.kind !== 'instance') return undefined;
  const { callee, args, span } = decl.of;
  const template = module.names.get(callee.name);
  if (template?.decl.kind !== 'model' || isUnusable(expansion, template)) return undefined;
  const entry = enter(expansion, template.decl, template, { ...given, args, callee, span }, root, undefined);
  if (entry === undefined) return undefined;
  const { scope, site, values } = entry;
  const names = template.decl.params.map(({ name }) => name.name);
  const message = `\`${decl.name.name}\` is made here${values.length === 0 ? '' : ` with ${bindingText(names, values)}`}`;
  const frame = { ...enteredFrame(root, '', '', site, message, template.module), path: '' };
  return { decl: template.decl, scope, frame };
}
