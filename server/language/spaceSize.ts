import type {
  Argument,
  Body,
  Expr,
  Flow,
  FlowElement,
  ForStatement,
  IfStatement,
  LetDecl,
  RepeatStatement,
  SpaceDecl,
  Span,
  Statement,
} from '../../grammar/syntax.ts';
import { opRegistry } from '../network/ops/index.ts';
import { bindBlock } from './arguments.ts';
import { cellGraph } from './cells.ts';
import { controlNames } from './control.ts';
import { choiceCalls } from './decisions.ts';
import { callableOf } from './evaluate.ts';
import { silent } from './diagnostics.ts';
import { iterations, repetitions } from './loops.ts';
import { cellsOf, type Members, one, product, sum, times, Uncountable, using } from './members.ts';
import { type Declaration, mayChoose, mayChooseWithValues, type Module } from './module.ts';
import { type Outcome, outcomes } from './outcomes.ts';
import { Scope } from './scope.ts';
import { type Callable, formatValue, number, type OpReference, unknown, type Value } from './values.ts';

/**
 * The exact number of members of a space: of ways to make all decisions it meets. Nothing is enumerated: independent
 * decisions multiply, a body is counted once for every combination of the values that control decisions in it, and
 * combinations that no longer matter are merged. Throws `Uncountable`.
 */
export function countMembers(declaration: Declaration, classes: number): bigint {
  return new MemberCounter(classes).total(declaration);
}

/** Combinations of controlling values alive at one place. */
const maxStates = 10_000;
/** Statements counted in all. */
const maxSteps = 200_000;

/** A combination of controlling values, and the members that have it. */
interface State {
  readonly scope: Scope;
  readonly members: Members;
}

/** Where names are looked up, and which of them control decisions. */
interface Place {
  readonly module: Module;
  readonly control: ReadonlySet<string>;
  /** Whether ops that are values here may have choices. */
  readonly choosingOps: boolean;
}

function mayChooseAt(place: Place, span: Span): boolean {
  return place.choosingOps ? mayChooseWithValues(place.module, span) : mayChoose(place.module, span);
}

function placeOf(declaration: Declaration, choosingOps: boolean): Place {
  return { module: declaration.module, control: controlNames(declaration), choosingOps };
}

class MemberCounter {
  readonly #classes: number;
  readonly #blocks = new Map<Declaration, Map<string, Members>>();
  readonly #cellIds = new Map<Declaration, number>();
  readonly #cells: Members[] = [];
  #steps = 0;

  constructor(classes: number) {
    this.#classes = classes;
  }

  total(declaration: Declaration): bigint {
    const place = placeOf(declaration, declaration.makesChoosingOps);
    const { body } = declaration.decl as SpaceDecl;
    // Shared cells multiply in once, then the cells that these use.
    let open: Members = this.#body(body, new Scope(), place);
    let total = 0n;
    while (open.size > 0) {
      let next: Members = new Map<string, bigint>();
      for (const [key, count] of open) {
        const [pending = '', finished = ''] = key.split('|');
        const [cell, ...rest] = cellsOf(pending);
        if (cell === undefined) {
          total += count;
          continue;
        }
        const finishedCells = new Set([...cellsOf(finished), cell]);
        for (const [used, ways] of this.#cells[cell]!) {
          const left = new Set([...rest, ...cellsOf(used)].filter((id) => !finishedCells.has(id)));
          const nextKey = `${[...left].sort((a, b) => a - b).join(' ')}|${[...finishedCells].join(' ')}`;
          next = sum(next, new Map([[nextKey, count * ways]]));
        }
      }
      open = next;
    }
    return total;
  }

  #step(): void {
    this.#steps += 1;
    if (this.#steps > maxSteps) throw new Uncountable('it has too many parts');
  }

  #outcomes(expr: Expr, scope: Scope, module: Module): readonly Outcome[] {
    return outcomes(expr, scope, module, this.#classes);
  }

  /** Ways to decide the choices of an expression whose value does not matter. */
  #ways(expr: Expr, scope: Scope, module: Module): number {
    if (choiceCalls(expr).length === 0) return 1;
    return this.#outcomes(expr, scope, module).reduce((ways, outcome) => ways + outcome.ways, 0);
  }

  #body(body: Body, outer: Scope, place: Place): Members {
    let states: readonly State[] = [{ scope: new Scope(outer), members: one }];
    const forked: LetDecl[] = [];
    for (const [index, statement] of body.statements.entries()) {
      if (statement.kind === 'let') {
        states = states.flatMap((state) => this.#let(statement, state, place));
        if (states.length > 1 && place.control.has(statement.name.name)) forked.push(statement);
      } else if (mayChooseAt(place, statement.span)) {
        states = states.map((state) => ({
          scope: state.scope,
          members: product(state.members, this.#statement(statement, state.scope, place)),
        }));
      }
      if (statement.kind === 'flow-statement' && statement.name !== undefined) {
        for (const { scope } of states) scope.set(statement.name.name, { kind: 'tensor', node: undefined });
      }
      if (states.length > 1) states = merge(states, forked, body, index, place.module);
      if (states.length > maxStates) throw new Uncountable('too many values of its lets matter at once');
    }
    return states.reduce<Members>((total, state) => sum(total, state.members), new Map());
  }

  #let({ name, value }: LetDecl, state: State, { module, control }: Place): readonly State[] {
    this.#step();
    const found = this.#outcomes(value, state.scope, module);
    const bind = (bound: Value, ways: number): State => {
      const scope = new Scope(state.scope);
      scope.setValue(name.name, bound);
      return { scope, members: times(ways, state.members) };
    };
    if (control.has(name.name) || found.length === 1) return found.map((each) => bind(each.value, each.ways));
    return [
      bind(
        unknown,
        found.reduce((ways, outcome) => ways + outcome.ways, 0),
      ),
    ];
  }

  #statement(statement: Exclude<Statement, LetDecl>, scope: Scope, place: Place): Members {
    this.#step();
    const { module } = place;
    switch (statement.kind) {
      case 'flow-statement': {
        const members = this.#flow(statement.flow, scope, place);
        return statement.assertion === undefined
          ? members
          : times(this.#ways(statement.assertion, scope, module), members);
      }
      case 'repeat':
        return this.#repeat(statement, scope, place);
      case 'for':
        return this.#for(statement, scope, place);
      case 'if':
        return this.#if(statement, scope, place);
      case 'input':
        return times(this.#ways(statement.shape, scope, module), one);
      case 'classes':
        return times(this.#ways(statement.count, scope, module), one);
      case 'constraint':
        return times(this.#ways(statement.condition, scope, module), one);
    }
  }

  #repeat({ count, variable, body }: RepeatStatement, scope: Scope, place: Place): Members {
    let total: Members = new Map<string, bigint>();
    const runs = this.#outcomes(count, scope, place.module).map(({ value, ways }) => {
      const repeats = repetitions(value, count, silent);
      if (repeats === undefined)
        throw new Uncountable('how often something with choices repeats depends on a shape');
      return { repeats, ways };
    });
    runs.sort((a, b) => a.repeats - b.repeats);
    const varies = variable !== undefined && place.control.has(variable.name);
    const alike = varies || !mayChooseAt(place, body.span) ? undefined : this.#body(body, scope, place);
    let done = 0;
    let members = one;
    for (const { repeats, ways } of runs) {
      for (; done < repeats && mayChooseAt(place, body.span); done++) {
        this.#step();
        members = product(
          members,
          alike ?? this.#iteration(body, [variable!.name], [number(done)], scope, place),
        );
      }
      total = sum(total, times(ways, members));
    }
    return total;
  }

  #iteration(
    body: Body,
    names: readonly string[],
    values: readonly Value[],
    scope: Scope,
    place: Place,
  ): Members {
    const inner = new Scope(scope);
    for (const [index, name] of names.entries()) inner.setValue(name, values[index]!);
    return this.#body(body, inner, place);
  }

  #for(statement: ForStatement, scope: Scope, place: Place): Members {
    const names = statement.pattern.map((name) => name.name);
    let total: Members = new Map<string, bigint>();
    for (const { value, ways } of this.#outcomes(statement.iterable, scope, place.module)) {
      const rows = iterations(value, statement, silent);
      if (rows === undefined) throw new Uncountable('a loop with choices runs over an unknown list');
      let members = one;
      for (const row of rows) {
        this.#step();
        members = product(members, this.#iteration(statement.body, names, row, scope, place));
      }
      total = sum(total, times(ways, members));
    }
    return total;
  }

  #if({ condition, body, otherwise }: IfStatement, scope: Scope, place: Place): Members {
    let total: Members = new Map<string, bigint>();
    for (const { value, ways } of this.#outcomes(condition, scope, place.module)) {
      if (value.kind !== 'boolean') throw new Uncountable('a condition around a choice depends on a shape');
      const taken = value.value ? body : otherwise;
      total = sum(total, times(ways, taken === undefined ? one : this.#body(taken, scope, place)));
    }
    return total;
  }

  #flow(flow: Flow, scope: Scope, place: Place): Members {
    let members = one;
    for (const element of flow.elements) {
      if (mayChooseAt(place, element.span)) members = product(members, this.#element(element, scope, place));
    }
    return members;
  }

  #element(element: FlowElement, scope: Scope, place: Place): Members {
    const { module } = place;
    switch (element.kind) {
      case 'op-call': {
        const { callee, args } = element;
        const binding = scope.lookup(callee.name);
        if (binding?.kind === 'tensor') return one;
        const declaration = module.names.get(callee.name);
        const value = binding?.value ?? (declaration?.decl.kind === 'let' ? declaration.value : undefined);
        if (value !== undefined) return this.#value(value, args, scope, module);
        const target = declaration === undefined ? undefined : callableOf(declaration);
        if (target !== undefined) return this.#target(target, args, scope, module);
        return opRegistry.has(callee.name) ? this.#args(args, scope, module) : one;
      }
      case 'choice-element': {
        let total: Members = new Map<string, bigint>();
        for (const { value, ways } of this.#outcomes(element.choice, scope, module)) {
          total = sum(total, times(ways, this.#value(value, [], scope, module)));
        }
        return total;
      }
      case 'residual': {
        const body = this.#body(element.body, scope, place);
        return element.shortcut === undefined
          ? body
          : product(body, this.#body(element.shortcut, scope, place));
      }
      case 'parallel':
        return element.branches.reduce(
          (members, branch) => product(members, this.#body(branch, scope, place)),
          one,
        );
      case 'missing':
        return one;
    }
  }

  /** An op that is a value, applied. */
  #value(value: Value, args: readonly Argument[], scope: Scope, module: Module): Members {
    if (value.kind !== 'op')
      throw new Uncountable('which op stands at some place depends on an unknown value');
    const own: Pick<OpReference, 'args' | 'scope' | 'module'> =
      args.length > 0 ? { args, scope, module } : value;
    return this.#target(value.target, own.args, own.scope, own.module);
  }

  #args(args: readonly Argument[], scope: Scope, module: Module): Members {
    return args.reduce((members, { value }) => times(this.#ways(value, scope, module), members), one);
  }

  #target(target: Callable, args: readonly Argument[], scope: Scope, module: Module): Members {
    this.#step();
    switch (target.kind) {
      case 'op':
        return this.#args(args, scope, module);
      case 'block':
        return this.#block(target, args, scope, module);
      case 'cell':
        return target.declaration.mayChoose ? using(this.#cell(target)) : one;
    }
  }

  #cell({ decl, declaration }: Callable & { readonly kind: 'cell' }): number {
    const known = this.#cellIds.get(declaration);
    if (known !== undefined) return known;
    const id = this.#cellIds.size;
    this.#cellIds.set(declaration, id);
    const place = placeOf(declaration, declaration.makesChoosingOps);
    this.#cells[id] = cellGraph(decl).edges.reduce(
      (members, { flow }) => product(members, this.#flow(flow, new Scope(), place)),
      one,
    );
    return id;
  }

  #block(
    { decl, declaration }: Callable & { readonly kind: 'block' },
    args: readonly Argument[],
    scope: Scope,
    module: Module,
  ): Members {
    const control = controlNames(declaration);
    const bound = bindBlock(decl, args, decl.name.span);
    let states: readonly State[] = [{ scope: new Scope(), members: one }];
    for (const [index, param] of decl.params.entries()) {
      const argument = bound.args[index];
      states = states.flatMap((state) => {
        const found =
          argument === undefined
            ? this.#outcomes(param.defaultValue!, state.scope, declaration.module)
            : this.#outcomes(argument.value, scope, module);
        const controls = control.has(param.name.name);
        const kept: readonly Outcome[] =
          controls || found.length === 1
            ? found
            : [{ value: unknown, ways: found.reduce((ways, outcome) => ways + outcome.ways, 0) }];
        return kept.map(({ value, ways }) => {
          const inner = new Scope(state.scope);
          inner.setValue(param.name.name, value);
          return { scope: inner, members: times(ways, state.members) };
        });
      });
      if (states.length > maxStates) throw new Uncountable('too many arguments of a block matter at once');
    }
    return states.reduce<Members>(
      (total, state) =>
        sum(total, product(state.members, this.#blockBody(declaration, state.scope, control))),
      new Map(),
    );
  }

  /** A body is counted once for the values of the parameters that control it. */
  #blockBody(declaration: Declaration, scope: Scope, control: ReadonlySet<string>): Members {
    const decl = declaration.decl as Extract<Declaration['decl'], { kind: 'block' }>;
    const given = decl.params.some((param) => choosingOp(valueOf(scope, param.name.name)));
    if (!declaration.mayChoose && !given) return one;
    const place = placeOf(declaration, given || declaration.makesChoosingOps);
    const values = decl.params
      .filter((param) => control.has(param.name.name))
      .map((param) => valueOf(scope, param.name.name));
    if (values.some(holdsCall)) return this.#body(decl.body, scope, place);
    const key = values.map((value) => `${value.kind} ${formatValue(value)}`).join();
    const known = this.#blocks.get(declaration) ?? new Map<string, Members>();
    this.#blocks.set(declaration, known);
    const members = known.get(key) ?? this.#body(decl.body, scope, place);
    known.set(key, members);
    return members;
  }
}

function valueOf(scope: Scope, name: string): Value {
  const binding = scope.lookup(name);
  return binding?.kind === 'value' ? binding.value : unknown;
}

/** Whether a value is, or holds, an op that has choices. */
function choosingOp(value: Value): boolean {
  if (value.kind === 'list' || value.kind === 'tuple') return value.elements.some(choosingOp);
  if (value.kind !== 'op') return false;
  const { target, args, module } = value;
  if (target.kind !== 'op' && (target.declaration.mayChoose || target.declaration.makesChoosingOps))
    return true;
  return args.some(({ span }) => mayChooseWithValues(module, span));
}

/** An op with arguments may hold choices and names of its own, so its text does not tell it apart. */
function holdsCall(value: Value): boolean {
  if (value.kind === 'op') return value.args.length > 0;
  return (value.kind === 'list' || value.kind === 'tuple') && value.elements.some(holdsCall);
}

/** Merges states that differ only in lets nobody reads after the statement at `index`. */
function merge(
  states: readonly State[],
  forked: readonly LetDecl[],
  body: Body,
  index: number,
  module: Module,
): readonly State[] {
  const next = body.statements[index + 1];
  const live = next === undefined ? [] : forked.filter((decl) => isRead(decl, next.span.start, body, module));
  const merged = new Map<string, State>();
  for (const state of states) {
    const key = live
      .map(({ name }) => valueOf(state.scope, name.name))
      .map((value) => `${value.kind} ${formatValue(value)}`)
      .join();
    const known = merged.get(key);
    merged.set(
      key,
      known === undefined ? state : { scope: state.scope, members: sum(known.members, state.members) },
    );
  }
  return [...merged.values()];
}

/** Whether a let is read at or after an offset, or by another let of the body, whose value may depend on it. */
function isRead(decl: LetDecl, offset: number, body: Body, module: Module): boolean {
  const lets = body.statements.filter((statement) => statement.kind === 'let');
  return module.references.some(
    ({ span, target }) =>
      target.span.start === decl.name.span.start &&
      target.uri === module.uri &&
      span.start !== decl.name.span.start &&
      (span.start >= offset ||
        lets.some((other) => span.start >= other.value.span.start && span.end <= other.value.span.end)),
  );
}
