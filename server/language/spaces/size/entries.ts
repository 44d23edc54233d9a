import type { BlockDecl, CellDecl } from '../../../../grammar/syntax.ts';
import type { Shape } from '../../../network/shape.ts';
import { bindBlock } from '../../values/arguments.ts';
import { type Declaration, type OpReference, Scope } from '../../names/meaning.ts';
import { type Members, one, times } from './members.ts';
import type { Place, Sizing } from './sizing.ts';

/** Arguments of a call, and where the names in them mean something. */
export type Given = Pick<OpReference, 'args' | 'scope' | 'module'>;

/** A combination of arguments, and the ways to it. */
export interface Entry {
  /** The parameters, and the tensors that have a name. */
  readonly scope: Scope;
  readonly members: Members;
}

/** The combinations of values that the parameters of a block or cell may have at a call. */
export function entriesOf(
  sizing: Sizing,
  decl: BlockDecl | CellDecl,
  declaration: Declaration,
  { args, scope, module }: Given,
  place: Place,
  shape: Shape | undefined,
): readonly Entry[] {
  sizing.look(decl.params.length + args.length);
  const bound = bindBlock(decl, args, decl.name.span);
  const outer = new Scope();
  const names = decl.inputs?.names ?? [];
  // The shapes of several tensors are not followed.
  for (const { name } of names)
    outer.set(name, { kind: 'tensor', node: undefined, shape: names.length === 1 ? shape : undefined });
  let entries: readonly Entry[] = [{ scope: outer, members: one }];
  for (const [index, param] of decl.params.entries()) {
    const argument = bound.args[index];
    const matters = sizing.controls(place, param.name.name);
    entries = entries.flatMap((entry) => {
      const found =
        argument === undefined
          ? sizing.relevantOutcomes(matters, param.defaultValue!, entry.scope, declaration.module, shape)
          : sizing.relevantOutcomes(matters, argument.value, scope, module, shape);
      return found.map(({ value, ways }) => {
        const inner = new Scope(entry.scope);
        inner.setValue(param.name.name, value);
        return { scope: inner, members: times(ways, entry.members) };
      });
    });
    sizing.checkStates(entries.length);
  }
  return entries;
}
