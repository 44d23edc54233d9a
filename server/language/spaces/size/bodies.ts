import type {
  Body,
  ConstraintDecl,
  Flow,
  FlowElement,
  ForStatement,
  Identifier,
  IfStatement,
  LetDecl,
  OpCall,
  ParallelElement,
  RepeatStatement,
  Statement,
} from '../../../../grammar/syntax.ts';
import { boundNames } from '../../../../grammar/bound-names.ts';
import { opRegistry } from '../../../network/ops/index.ts';
import type { Shape } from '../../../network/shape.ts';
import { silent } from '../../check/diagnostics.ts';
import { callableOf } from '../../values/evaluate.ts';
import { iterations, repetitions, shapeOf } from '../../expand/loops.ts';
import { type Module, Scope, type Value } from '../../names/meaning.ts';
import { formatValue, number } from '../../values/values.ts';
import { shapeAfter } from './after.ts';
import { countTarget, countValue } from './calls.ts';
import type { Inner } from './inner.ts';
import { type Members, one, product, sum, Uncountable } from './members.ts';
import { lastRead } from './last-read.ts';
import { follow, onePath, type Path, type Paths, shapeKey, union, weighted } from './paths.ts';
import { type Place, type Sizing, valueOf } from './sizing.ts';

const inner: Inner = { countBody, countFlow };

/** A combination of values, and the members that have it. */
interface State extends Path {
  readonly scope: Scope;
}

/**
 * The members of a body that is entered with a tensor of `shape`. Combinations of values that decide about decisions
 * further down are kept apart as long as somebody reads them, and merged then.
 */
export function countBody(
  sizing: Sizing,
  body: Body,
  outer: Scope,
  place: Place,
  shape: Shape | undefined,
): Paths {
  let states: readonly State[] = [{ scope: new Scope(outer), shape, members: one }];
  let bound: Identifier[] = [];
  for (const [index, statement] of body.statements.entries()) {
    if (statement.kind === 'let') {
      const alone = states.length === 1;
      states = states.flatMap((state) => bindLet(sizing, statement, state, place, alone));
      bound.push(statement.name);
    } else if (statement.kind === 'constraint' || sizing.concerns(place, statement.span)) {
      states = states.flatMap((state) => statementStates(sizing, statement, state, place));
    }
    const named = statement.kind === 'flow-statement' ? boundNames(statement) : [];
    if (named.length > 0) {
      states = states.map((state) => bindTensors(named, state));
      bound.push(...named);
    }
    if (states.length > 1) {
      const next = body.statements[index + 1]?.span.start ?? Infinity;
      // What is not read from here on is not read further down either.
      bound = bound.filter((name) => lastRead(name, body, place.module) >= next);
      sizing.look(states.length * bound.length);
      states = merge(states, bound, outer);
    }
    sizing.checkStates(states.length);
    sizing.checkTotals(states);
  }
  return union(states.map(({ shape: last, members }) => ({ shape: last, members })));
}

/** @param alone no other state shares the scope */
function bindLet(
  sizing: Sizing,
  { name, value }: LetDecl,
  state: State,
  place: Place,
  alone: boolean,
): State[] {
  sizing.step();
  const matters = sizing.controls(place, name.name);
  const found = sizing.relevantOutcomes(matters, value, state.scope, place.module, state.shape);
  return found.map((outcome) => {
    // Scopes in one another would make every lookup longer.
    const scope = alone && found.length === 1 ? state.scope : new Scope(state.scope);
    scope.setValue(name.name, outcome.value);
    return { ...weighted(outcome.ways, [state])[0]!, scope };
  });
}

/** The shapes of several tensors are not followed. */
function bindTensors(names: readonly Identifier[], state: State): State {
  const scope = new Scope(state.scope);
  const shape = names.length === 1 ? state.shape : undefined;
  for (const { name } of names) scope.set(name, { kind: 'tensor', node: undefined, shape });
  return { ...state, scope };
}

function statementStates(
  sizing: Sizing,
  statement: Exclude<Statement, LetDecl>,
  { scope, shape, members }: State,
  place: Place,
): State[] {
  return countStatement(sizing, statement, scope, place, shape).map((path) => ({
    scope,
    shape: path.shape,
    members: product(members, path.members),
  }));
}

/** Merges states that differ only in names nobody reads further down: `live` are those that somebody does. */
function merge(states: readonly State[], live: readonly Identifier[], outer: Scope): readonly State[] {
  const merged = new Map<string, State>();
  for (const state of states) {
    const key = [shapeKey(state.shape), ...live.map((name) => bindingKey(state.scope, name.name))].join();
    const known = merged.get(key);
    merged.set(key, known === undefined ? state : { ...state, members: sum(known.members, state.members) });
  }
  return [...merged.values()].map((state) => ({ ...state, scope: shallow(state.scope, live, outer) }));
}

/** Scopes in one another before one with the names that are still read takes their place. */
const mostScopes = 8;

function shallow(scope: Scope, live: readonly Identifier[], outer: Scope): Scope {
  if (scope.depth - outer.depth <= mostScopes) return scope;
  const flat = new Scope(outer);
  for (const { name } of live) {
    const binding = scope.lookup(name);
    if (binding !== undefined) flat.set(name, binding);
  }
  return flat;
}

function bindingKey(scope: Scope, name: string): string {
  const binding = scope.lookup(name);
  if (binding?.kind === 'tensor') return shapeKey(binding.shape);
  const value = valueOf(scope, name);
  return `${value.kind} ${formatValue(value)}`;
}

function countStatement(
  sizing: Sizing,
  statement: Exclude<Statement, LetDecl>,
  scope: Scope,
  place: Place,
  shape: Shape | undefined,
): Paths {
  sizing.step();
  const { module } = place;
  switch (statement.kind) {
    case 'flow-statement': {
      const paths = countFlow(sizing, statement.flow, scope, place, shape);
      return statement.assertion === undefined
        ? paths
        : weighted(sizing.ways(statement.assertion, scope, module, shape), paths);
    }
    case 'repeat':
      return countRepeat(sizing, statement, scope, place, shape);
    case 'for':
      return countFor(sizing, statement, scope, place, shape);
    case 'if':
      return countIf(sizing, statement, scope, place, shape);
    case 'input':
      return union(
        sizing.outcomes(statement.shape, scope, module, undefined).map(({ value, ways }) => {
          const input = sizing.followsShapes ? shapeOf(value, statement.shape, silent) : undefined;
          return weighted(ways, onePath(input))[0]!;
        }),
      );
    case 'classes':
      return weighted(sizing.ways(statement.count, scope, module, shape), onePath(shape));
    case 'constraint':
      return countConstraint(sizing, statement, scope, place, shape);
  }
}

/** The members that keep to a constraint, and those of which that is not known before they are networks. */
function countConstraint(
  sizing: Sizing,
  constraint: ConstraintDecl,
  scope: Scope,
  { module }: Place,
  shape: Shape | undefined,
): Paths {
  const kept = sizing
    .outcomes(constraint.condition, scope, module, undefined)
    .filter(({ value }) => value.kind !== 'boolean' || value.value);
  if (kept.some(({ value }) => value.kind !== 'boolean')) sizing.open.add(constraint);
  return union(kept.flatMap(({ ways }) => weighted(ways, onePath(shape))));
}

function countRepeat(
  sizing: Sizing,
  { count, variable, body }: RepeatStatement,
  scope: Scope,
  place: Place,
  shape: Shape | undefined,
): Paths {
  const runs = sizing.outcomes(count, scope, place.module, shape).map(({ value, ways }) => {
    const repeats = repetitions(value, count, silent);
    if (repeats === undefined) {
      throw new Uncountable('how often something with choices repeats depends on a shape', true);
    }
    return { repeats, ways };
  });
  runs.sort((a, b) => a.repeats - b.repeats);
  const varies = variable !== undefined && sizing.controls(place, variable.name);
  const same = new Map<string, Paths>();
  const iteration = (index: number, entry: Shape | undefined): Paths => {
    const names = variable === undefined ? [] : [variable.name];
    if (varies) return countIteration(sizing, body, names, [number(index)], scope, place, entry);
    const key = shapeKey(entry);
    const paths = same.get(key) ?? countIteration(sizing, body, names, [number(index)], scope, place, entry);
    same.set(key, paths);
    return paths;
  };
  const all: Path[] = [];
  let done = 0;
  let paths = onePath(shape);
  for (const { repeats, ways } of runs) {
    for (; done < repeats && sizing.concerns(place, body.span); done++) {
      sizing.step();
      paths = follow(paths, (entry) => iteration(done, entry));
    }
    all.push(...weighted(ways, paths));
  }
  return union(all);
}

function countIteration(
  sizing: Sizing,
  body: Body,
  names: readonly string[],
  values: readonly Value[],
  scope: Scope,
  place: Place,
  shape: Shape | undefined,
): Paths {
  const inner = new Scope(scope);
  for (const [index, name] of names.entries()) inner.setValue(name, values[index]!);
  return countBody(sizing, body, inner, place, shape);
}

function countFor(
  sizing: Sizing,
  statement: ForStatement,
  scope: Scope,
  place: Place,
  shape: Shape | undefined,
): Paths {
  const names = statement.pattern.map((name) => name.name);
  const all: Path[] = [];
  for (const { value, ways } of sizing.outcomes(statement.iterable, scope, place.module, shape)) {
    const rows = iterations(value, statement, silent);
    if (rows === undefined) throw new Uncountable('a loop with choices runs over an unknown list', true);
    let paths = onePath(shape);
    for (const row of rows) {
      sizing.step();
      paths = follow(paths, (entry) =>
        countIteration(sizing, statement.body, names, row, scope, place, entry),
      );
    }
    all.push(...weighted(ways, paths));
  }
  return union(all);
}

function countIf(
  sizing: Sizing,
  { condition, body, otherwise }: IfStatement,
  scope: Scope,
  place: Place,
  shape: Shape | undefined,
): Paths {
  const all: Path[] = [];
  for (const { value, ways } of sizing.outcomes(condition, scope, place.module, shape)) {
    if (value.kind !== 'boolean')
      throw new Uncountable('a condition around a choice depends on a shape', true);
    const taken = value.value ? body : otherwise;
    const paths = taken === undefined ? onePath(shape) : countBody(sizing, taken, scope, place, shape);
    all.push(...weighted(ways, paths));
  }
  return union(all);
}

/** The members of `a -> b -> c`. */
export function countFlow(
  sizing: Sizing,
  flow: Flow,
  scope: Scope,
  place: Place,
  shape: Shape | undefined,
): Paths {
  let paths = onePath(shape);
  for (const element of flow.elements) {
    sizing.look();
    if (!sizing.concerns(place, element.span)) continue;
    paths = follow(paths, (entry) => countElement(sizing, element, scope, place, entry));
  }
  return paths;
}

function countElement(
  sizing: Sizing,
  element: FlowElement,
  scope: Scope,
  place: Place,
  shape: Shape | undefined,
): Paths {
  const { module } = place;
  switch (element.kind) {
    case 'op-call':
      return countCall(sizing, element, scope, module, shape);
    case 'tensors': {
      const [only, ...others] = element.names;
      const binding = others.length === 0 ? scope.lookup(only!.name) : undefined;
      return onePath(binding?.kind === 'tensor' ? binding.shape : undefined);
    }
    case 'choice-element':
      return union(
        sizing
          .outcomes(element.choice, scope, module, shape)
          .flatMap(({ value, ways }) =>
            weighted(ways, countValue(sizing, value, { args: [], scope, module }, shape, inner)),
          ),
      );
    case 'residual': {
      const body = countBody(sizing, element.body, scope, place, shape);
      if (element.shortcut === undefined) return body;
      // The shapes of both are the same, or the member is an error.
      const shortcut = allMembers(countBody(sizing, element.shortcut, scope, place, shape));
      return body.map((path) => ({ shape: path.shape, members: product(path.members, shortcut) }));
    }
    case 'parallel':
      return countParallel(sizing, element, scope, place, shape);
    case 'missing':
      return onePath(shape);
  }
}

function countCall(
  sizing: Sizing,
  { callee, args }: OpCall,
  scope: Scope,
  module: Module,
  shape: Shape | undefined,
): Paths {
  const binding = scope.lookup(callee.name);
  if (binding?.kind === 'tensor') return onePath(binding.shape);
  const declaration = module.names.get(callee.name);
  const value = binding?.value ?? (declaration?.decl.kind === 'let' ? declaration.value : undefined);
  if (value !== undefined) return countValue(sizing, value, { args, scope, module }, shape, inner);
  const target = declaration === undefined ? undefined : callableOf(declaration);
  if (target !== undefined) return countTarget(sizing, target, { args, scope, module }, shape, inner);
  const definition = opRegistry.get(callee.name);
  return definition === undefined
    ? onePath(undefined)
    : countTarget(sizing, { kind: 'op', definition }, { args, scope, module }, shape, inner);
}

function allMembers(paths: Paths): Members {
  return paths.reduce<Members>((total, { members }) => sum(total, members), new Map());
}

function countParallel(
  sizing: Sizing,
  element: ParallelElement,
  scope: Scope,
  place: Place,
  shape: Shape | undefined,
): Paths {
  const merge = opRegistry.get(element.merge)!;
  let combinations: { readonly shapes: readonly (Shape | undefined)[]; readonly members: Members }[] = [
    { shapes: [], members: one },
  ];
  for (const branch of element.branches) {
    sizing.look();
    const paths = countBody(sizing, branch, scope, place, shape);
    combinations = combinations.flatMap(({ shapes, members }) =>
      paths.map((path) => ({ shapes: [...shapes, path.shape], members: product(members, path.members) })),
    );
    sizing.checkStates(combinations.length);
  }
  return union(
    combinations.map(({ shapes, members }) => ({
      shape: shapes.length === 1 ? shapes[0] : shapeAfter(merge, {}, shapes),
      members,
    })),
  );
}
