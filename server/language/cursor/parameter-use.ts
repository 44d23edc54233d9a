import { original } from '../../../grammar/incremental/moved.ts';
import type { BlockDecl } from '../../../grammar/syntax.ts';
import { matchArguments } from '../../network/arguments.ts';
import type { ArgSpec, OpDefinition } from '../../network/op.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { callsIn } from './syntax-search.ts';

/** An argument of an op that a parameter of a block becomes. */
export interface ParameterUse {
  readonly op: OpDefinition;
  readonly arg: ArgSpec;
}

const known = new WeakMap<BlockDecl, Map<string, ParameterUse | undefined>>();

/** The first argument of an op in a block's body that is a parameter as it is: tells what values make sense. */
export function usedAs(decl: BlockDecl, parameter: string): ParameterUse | undefined {
  // Completion asks for every block of the file at every keystroke.
  const block = original(decl);
  const uses = known.get(block) ?? new Map<string, ParameterUse | undefined>();
  known.set(block, uses);
  if (!uses.has(parameter)) uses.set(parameter, firstUse(block, parameter));
  return uses.get(parameter);
}

function firstUse(block: BlockDecl, parameter: string): ParameterUse | undefined {
  const file = { kind: 'file', span: block.body.span, items: [block] } as const;
  for (const { callee, args } of callsIn(file, block.body.span)) {
    const op = opRegistry.get(callee.name);
    if (op === undefined || op.extraInputs !== undefined) continue;
    const specs = matchArguments(
      op,
      args.map(({ name }) => (name === undefined ? {} : { name: name.name })),
    );
    const index = args.findIndex(({ value }) => value.kind === 'name' && value.name === parameter);
    const arg = specs[index];
    if (arg !== undefined) return { op, arg };
  }
  return undefined;
}
