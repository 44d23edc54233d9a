import type { BlockDecl } from '../../../../grammar/syntax.ts';
import type { OpDefinition } from '../../../network/op.ts';
import type { Shape } from '../../../network/shape.ts';
import { bindOp, type EvaluatedArgument } from '../../values/arguments.ts';
import type { Declaration, Scope, Callable, OpReference, Value } from '../../names/meaning.ts';
import { mayChooseWithValues } from '../../names/choice-marks.ts';
import { splitArguments } from '../../names/resolve-call.ts';
import { formatValue } from '../../values/values.ts';
import { shapeAfter } from './after.ts';
import { countCell } from './cells.ts';
import { entriesOf, type Given } from './entries.ts';
import type { Inner } from './inner.ts';
import { one, product, times, Uncountable } from './members.ts';
import { onePath, type Path, type Paths, shapeKey, union } from './paths.ts';
import { type Place, placeOf, type Sizing, someOp, valueOf } from './sizing.ts';
import { both, oneWay, type Ways } from './ways.ts';

/** The members of an op that is a value, applied. */
export function countValue(
  sizing: Sizing,
  value: Value,
  given: Given,
  shape: Shape | undefined,
  inner: Inner,
): Paths {
  if (value.kind !== 'op')
    throw new Uncountable('which op stands at some place depends on an unknown value', true);
  return countTarget(sizing, value.target, given.args.length > 0 ? given : value, shape, inner);
}

/** The members of an op, block or cell applied to a tensor of `shape`. */
export function countTarget(
  sizing: Sizing,
  target: Callable,
  given: Given,
  shape: Shape | undefined,
  inner: Inner,
): Paths {
  sizing.step();
  switch (target.kind) {
    case 'op':
      return countOp(sizing, target.definition, given, shape);
    case 'block':
      return countBlock(sizing, target, given, shape, inner);
    case 'cell':
      return countCell(sizing, target, given, shape, inner);
  }
}

function countOp(
  sizing: Sizing,
  definition: OpDefinition,
  { args, scope, module }: Given,
  shape: Shape | undefined,
): Paths {
  const split = splitArguments(definition, args, (name) => scope.lookup(name)?.kind === 'tensor');
  if (!sizing.followsShapes) {
    const ways = split.values.reduce(
      (before, { value }) => both(before, sizing.ways(value, scope, module, shape)),
      oneWay,
    );
    return [{ shape: undefined, members: times(ways, one) }];
  }
  let combinations: { readonly given: readonly EvaluatedArgument[]; readonly ways: Ways }[] = [
    { given: [], ways: oneWay },
  ];
  for (const argument of split.values) {
    const found = sizing.outcomes(argument.value, scope, module, shape);
    combinations = combinations.flatMap(({ given, ways }) =>
      found.map((outcome) => ({
        given: [...given, { argument, value: outcome.value.kind === 'unknown' ? undefined : outcome.value }],
        ways: both(ways, outcome.ways),
      })),
    );
    sizing.checkStates(combinations.length);
  }
  const tensors = split.tensors.map(({ value }) => {
    const binding = value.kind === 'name' ? scope.lookup(value.name) : undefined;
    return binding?.kind === 'tensor' ? binding.shape : undefined;
  });
  return union(
    combinations.map(({ given, ways }): Path => {
      const bound = bindOp(definition, given, { start: 0, end: 0 }).args;
      const output = bound === undefined ? undefined : shapeAfter(definition, bound, [shape, ...tensors]);
      const inputs = [shape, ...tensors].filter((input) => input !== undefined);
      const context = bound === undefined || output === undefined ? undefined : { inputs, args: bound };
      return { shape: output, members: times(ways, sizing.adds(definition, context)) };
    }),
  );
}

function countBlock(
  sizing: Sizing,
  { decl, declaration }: Callable & { readonly kind: 'block' },
  { args, scope, module }: Given,
  shape: Shape | undefined,
  inner: Inner,
): Paths {
  const place = placeOf(declaration, false);
  const entries = entriesOf(sizing, decl, declaration, { args, scope, module }, place, shape);
  return union(
    entries.flatMap((entry) =>
      countBlockBody(sizing, declaration, decl, entry.scope, place, shape, inner).map((path) => ({
        shape: path.shape,
        members: product(entry.members, path.members),
      })),
    ),
  );
}

/** A body is counted once for the shape and the values of parameters that matter in it. */
function countBlockBody(
  sizing: Sizing,
  declaration: Declaration,
  decl: BlockDecl,
  scope: Scope,
  place: Place,
  shape: Shape | undefined,
  { countBody }: Inner,
): Paths {
  const given = decl.params.some((param) => someOp(valueOf(scope, param.name.name), hasChoices));
  if (!sizing.followsShapes && !declaration.mayChoose && !given) return onePath(shape);
  const inside: Place = { ...place, choosingOps: given || declaration.makesChoosingOps };
  const values = decl.params
    .filter((param) => sizing.controls(place, param.name.name))
    .map((param) => valueOf(scope, param.name.name));
  // An op with arguments may hold choices and names of its own, so its text does not tell it apart.
  const comparable = !values.some((value) =>
    someOp(value, (op) => op.args.length > 0 || op.target.kind !== 'op'),
  );
  if (!comparable) return countBody(sizing, decl.body, scope, inside, shape);
  const key = `${shapeKey(shape)} ${values.map((value) => `${value.kind} ${formatValue(value)}`).join()}`;
  const known = sizing.blocks.get(declaration) ?? new Map<string, Paths>();
  sizing.blocks.set(declaration, known);
  const paths = known.get(key) ?? countBody(sizing, decl.body, scope, inside, shape);
  known.set(key, paths);
  return paths;
}

function hasChoices({ target, args, module }: OpReference): boolean {
  if (target.kind !== 'op' && (target.declaration.mayChoose || target.declaration.makesChoosingOps))
    return true;
  return args.some(({ span }) => mayChooseWithValues(module, span));
}
