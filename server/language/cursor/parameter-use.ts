import { original } from '../../../grammar/incremental/moved.ts';
import { matchArguments } from '../../network/arguments.ts';
import type { ArgSpec, OpDefinition } from '../../network/op.ts';
import { opRegistry } from '../../network/ops/index.ts';
import type { ParametricDecl } from '../names/templates.ts';
import { callsIn } from './syntax-search.ts';

/** An argument of an op that a parameter of a block or model becomes. */
export interface ParameterUse {
  readonly op: OpDefinition;
  readonly arg: ArgSpec;
}

const known = new WeakMap<ParametricDecl, ReadonlyMap<string, ParameterUse>>();

/** The first argument of an op in a body that is a parameter as it is: tells what values make sense. */
export function usedAs(decl: ParametricDecl, parameter: string): ParameterUse | undefined {
  // Completion asks for every block of the file at every keystroke.
  const block = original(decl);
  const uses = known.get(block) ?? firstUses(block);
  known.set(block, uses);
  return uses.get(parameter);
}

/** By name, of everything that is an argument of an op. */
function firstUses(block: ParametricDecl): ReadonlyMap<string, ParameterUse> {
  const uses = new Map<string, ParameterUse>();
  const file = { kind: 'file', span: block.span, items: [block] } as const;
  for (const { callee, args } of callsIn(file, block.span)) {
    const op = opRegistry.get(callee.name);
    if (op === undefined || op.extraInputs !== undefined) continue;
    const specs = matchArguments(
      op,
      args.map(({ name }) => (name === undefined ? {} : { name: name.name })),
    );
    const here = new Set<string>();
    for (const [index, { value }] of args.entries()) {
      if (value.kind !== 'name' || here.has(value.name)) continue;
      here.add(value.name);
      const arg = specs[index];
      if (arg !== undefined && !uses.has(value.name)) uses.set(value.name, { op, arg });
    }
  }
  return uses;
}
