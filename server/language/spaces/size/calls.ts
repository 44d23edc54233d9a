import type { BlockDecl } from '../../../../grammar/syntax.ts';
import { ShapeError, type ArgValue, type OpDefinition } from '../../../network/op.ts';
import { shapeOf } from '../../../network/assemble.ts';
import { sameShape, type Shape } from '../../../network/shape.ts';
import { bindBlock, bindOp, type EvaluatedArgument } from '../../values/arguments.ts';
import { cellGraph } from '../../expand/cells.ts';
import { type Declaration, Scope, type Callable, type OpReference, type Value } from '../../names/meaning.ts';
import { mayChooseWithValues } from '../../names/choice-marks.ts';
import { splitArguments } from '../../names/resolve-call.ts';
import { formatValue } from '../../values/values.ts';
import type { Inner } from './inner.ts';
import { type Members, one, product, times, Uncountable, using } from './members.ts';
import { onePath, type Path, type Paths, shapeKey, union } from './paths.ts';
import { type Place, placeOf, type Sizing, someOp, valueOf } from './sizing.ts';
import { both, oneWay, type Ways } from './ways.ts';

/** Arguments of a call, and where the names in them mean something. */
type Given = Pick<OpReference, 'args' | 'scope' | 'module'>;

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
      return countCell(sizing, target, shape, inner);
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

/** The shape an op gives; none when an input has none or the op does not fit. */
export function shapeAfter(
  definition: OpDefinition,
  args: Readonly<Record<string, ArgValue>>,
  inputs: readonly (Shape | undefined)[],
): Shape | undefined {
  const known = inputs.filter((input) => input !== undefined);
  if (known.length < inputs.length || known.length === 0) return undefined;
  try {
    return shapeOf(definition, { inputs: known, args });
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

/** A combination of arguments, and the ways to it. */
interface Entry {
  readonly scope: Scope;
  readonly members: Members;
}

function countBlock(
  sizing: Sizing,
  { decl, declaration }: Callable & { readonly kind: 'block' },
  { args, scope, module }: Given,
  shape: Shape | undefined,
  inner: Inner,
): Paths {
  const place = placeOf(declaration, false);
  sizing.look(decl.params.length + args.length);
  const bound = bindBlock(decl, args, decl.name.span);
  let entries: readonly Entry[] = [{ scope: new Scope(), members: one }];
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

/** A cell is decided once for all its uses: here it only says that it is used. */
function countCell(
  sizing: Sizing,
  { decl, declaration }: Callable & { readonly kind: 'cell' },
  shape: Shape | undefined,
  { countFlow }: Inner,
): Paths {
  const choosing = declaration.mayChoose || declaration.makesChoosingOps;
  if (!choosing && !sizing.followsShapes) return onePath(shape);
  const known = sizing.cellIds.get(declaration);
  if (known !== undefined && !sizing.followsShapes) return [{ shape, members: using(known) }];

  const place = placeOf(declaration, declaration.makesChoosingOps);
  const { edges, output } = cellGraph(decl);
  const shapes: (Shape | undefined)[] = [shape];
  let members = one;
  for (const { from, to, flow } of edges) {
    sizing.look();
    const paths = countFlow(sizing, flow, new Scope(), place, shapes[from.value]);
    const [path] = paths;
    if (path === undefined || paths.length > 1) {
      throw new Uncountable(`the shape after the cell \`${decl.name.name}\` depends on its decisions`);
    }
    const node = shapes[to.value];
    if (node === undefined || (path.shape !== undefined && sameShape(node, path.shape)))
      shapes[to.value] = path.shape;
    members = product(members, path.members);
  }
  if (!choosing) return [{ shape: shapes[output], members }];
  const id = known ?? sizing.cellIds.size;
  sizing.cellIds.set(declaration, id);
  const before = sizing.cells[id];
  if (before !== undefined && !sameMembers(before, members)) {
    throw new Uncountable(
      `the cell \`${decl.name.name}\` has other decisions where its input has another shape`,
    );
  }
  sizing.cells[id] = members;
  return [{ shape: shapes[output], members: using(id) }];
}

function sameMembers(a: Members, b: Members): boolean {
  return a.size === b.size && [...a].every(([cells, { count }]) => b.get(cells)?.count === count);
}
