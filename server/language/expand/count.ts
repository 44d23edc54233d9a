import type {
  BlockDecl,
  Body,
  CellDecl,
  ChoiceElement,
  Expr,
  Flow,
  FlowElement,
  ForStatement,
  OpCall,
  RepeatStatement,
  Span,
  Statement,
} from '../../../grammar/syntax.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { boundNames } from '../../../grammar/bound-names.ts';
import { bindBlock } from '../values/arguments.ts';
import { cellGraph } from './cells.ts';
import { silent } from '../check/diagnostics.ts';
import { callableOf, evaluate, type Environment } from '../values/evaluate.ts';
import { maxDepth } from './expansion.ts';
import { headerSpan } from './frame.ts';
import { iterations, repetitions } from './loops.ts';
import { type Module, Scope, type Callable, type Value } from '../names/meaning.ts';
import { formatValue, number, sizeOf, unknown } from '../values/values.ts';
import { Work, workPerStep } from '../work.ts';

/** How many ops a body expands to, found without expanding it. */
export interface OpCount {
  /** At least this many. */
  readonly ops: bigint;
  /** Exactly this many: nothing depended on shapes or choices, and no loop was cut short. */
  readonly exact: boolean;
}

export interface Counted {
  /** Absent when the body is small enough, as far as can be known. */
  readonly excess: Excess | undefined;
  /** What counting took. */
  readonly steps: number;
}

/** Where a body becomes too large. */
export interface Excess extends OpCount {
  readonly span: Span;
}

/** Statements and iterations looked at before giving a lower bound; calls with the same arguments count once. */
const maxSteps = 50_000;

/** Values computed, elements of flows, arguments, branches and edges looked at before giving a lower bound. */
const maxWork = 1_000_000;

/**
 * The innermost statement of the body, not looking into calls, that alone expands to more than `limit` ops, or the
 * whole body (at `name`) when only all together do. `undefined` when the body is small enough as far as can be known
 * without shapes and decisions: expansion keeps to the limit itself.
 */
export function findExcess(body: Body, module: Module, values: Scope, limit: number, name: Span): Counted {
  const counter = new OpCounter(BigInt(limit));
  const ops = counter.body(body, new Scope(values), module);
  const { exact, steps } = counter;
  const whole = ops > BigInt(limit) ? { ops, exact, span: name } : undefined;
  return { excess: counter.excess ?? whole, steps };
}

class OpCounter {
  excess: Excess | undefined;
  exact = true;
  readonly #limit: bigint;
  readonly #blocks = new Map<string, OpCount>();
  readonly #work = new Work(maxWork);
  #steps = 0;
  /** Calls and bodies around the current place. */
  #depth = 0;
  #calls = 0;

  constructor(limit: bigint) {
    this.#limit = limit;
  }

  get steps(): number {
    return this.#steps + Math.floor(this.#work.done / workPerStep);
  }

  body(body: Body, scope: Scope, module: Module): bigint {
    if (this.#depth >= maxDepth) return this.#guess();
    this.#depth += 1;
    let ops = 0n;
    for (const statement of body.statements) {
      if (this.#isEnough()) break;
      ops += this.#statement(statement, scope, module);
    }
    this.#depth -= 1;
    return ops;
  }

  /** Whether no more is looked at: what has been found is a lower bound. */
  #isEnough(): boolean {
    if (this.#steps <= maxSteps && !this.#work.exhausted) return false;
    this.exact = false;
    return true;
  }

  /** Nothing is known here: 0 is a lower bound. */
  #guess(): bigint {
    this.exact = false;
    return 0n;
  }

  #value(
    expr: Expr,
    scope: Scope,
    module: Module,
    onOptions: (options: readonly Value[]) => void = () => undefined,
  ): Value {
    const env: Environment = {
      module,
      scope,
      report: silent,
      work: this.#work,
      context: () => unknown,
      choose: (_call, options) => {
        onOptions(options);
        return unknown;
      },
    };
    return evaluate(expr, env);
  }

  #statement(statement: Statement, scope: Scope, module: Module): bigint {
    this.#steps += 1;
    switch (statement.kind) {
      case 'let':
        scope.setValue(statement.name.name, this.#value(statement.value, scope, module));
        return 0n;
      case 'flow-statement': {
        const ops = this.#flow(statement.flow, scope, module);
        for (const { name } of boundNames(statement)) scope.set(name, { kind: 'tensor', node: undefined });
        return ops;
      }
      case 'repeat':
        return this.#note(this.#repeat(statement, scope, module), headerSpan(statement));
      case 'for':
        return this.#note(this.#for(statement, scope, module), headerSpan(statement));
      case 'if': {
        const condition = this.#value(statement.condition, scope, module);
        const otherwise = (): bigint =>
          statement.otherwise === undefined ? 0n : this.body(statement.otherwise, new Scope(scope), module);
        if (condition.kind === 'boolean') {
          return condition.value ? this.body(statement.body, new Scope(scope), module) : otherwise();
        }
        this.exact = false;
        const then = this.body(statement.body, new Scope(scope), module);
        const other = otherwise();
        return then < other ? then : other;
      }
      case 'input':
      case 'classes':
      case 'constraint':
        return 0n;
    }
  }

  #note(ops: bigint, span: Span): bigint {
    if (ops > this.#limit && this.#calls === 0) this.excess ??= { ops, exact: this.exact, span };
    return ops;
  }

  #repeat(statement: RepeatStatement, scope: Scope, module: Module): bigint {
    const times = repetitions(this.#value(statement.count, scope, module), statement.count, silent);
    if (times === undefined) return this.#guess();
    const { variable } = statement;
    if (times === 0) return 0n;
    if (variable === undefined) return BigInt(times) * this.body(statement.body, new Scope(scope), module);
    let ops = 0n;
    for (let index = 0; index < times; index++) {
      this.#steps += 1;
      const inner = new Scope(scope);
      inner.setValue(variable.name, number(index));
      ops += this.body(statement.body, inner, module);
      if (index + 1 < times && (ops > this.#limit || this.#isEnough())) {
        this.exact = false;
        break;
      }
    }
    return ops;
  }

  #for(statement: ForStatement, scope: Scope, module: Module): bigint {
    const rows = iterations(this.#value(statement.iterable, scope, module), statement, silent);
    if (rows === undefined) return this.#guess();
    let ops = 0n;
    for (const row of rows) {
      if (this.#isEnough()) break;
      this.#steps += 1;
      const inner = new Scope(scope);
      for (const [column, name] of statement.pattern.entries()) inner.setValue(name.name, row[column]!);
      ops += this.body(statement.body, inner, module);
    }
    return ops;
  }

  #flow(flow: Flow, scope: Scope, module: Module): bigint {
    let ops = 0n;
    for (const element of flow.elements) {
      if (!this.#work.spend()) return ops + this.#guess();
      ops += this.#element(element, scope, module);
    }
    return ops;
  }

  #element(element: FlowElement, scope: Scope, module: Module): bigint {
    switch (element.kind) {
      case 'op-call': {
        const ops = this.#call(element, scope, module);
        return this.#note(ops, element.span);
      }
      case 'tensors':
        return 0n;
      case 'choice-element':
        return this.#note(this.#choice(element, scope, module), element.span);
      case 'missing':
        return this.#guess();
      case 'residual': {
        const body = this.body(element.body, new Scope(scope), module);
        const { shortcut } = element;
        return 1n + body + (shortcut === undefined ? 0n : this.body(shortcut, new Scope(scope), module));
      }
      case 'parallel': {
        let ops = element.branches.length > 1 ? 1n : 0n;
        for (const branch of element.branches) {
          if (!this.#work.spend()) return ops + this.#guess();
          ops += this.body(branch, new Scope(scope), module);
        }
        return ops;
      }
    }
  }

  /** The smallest option. */
  #choice({ choice }: ChoiceElement, scope: Scope, module: Module): bigint {
    let options: readonly Value[] = [];
    this.#value(choice, scope, module, (found) => {
      options = found;
    });
    let least: bigint | undefined;
    for (const option of options) {
      if (option.kind !== 'op' || !this.#work.spend()) return this.#guess();
      const ops = this.#target(option.target, option);
      if (least !== undefined && ops !== least) this.exact = false;
      if (least === undefined || ops < least) least = ops;
    }
    return least ?? this.#guess();
  }

  #call(call: OpCall, scope: Scope, module: Module): bigint {
    const { name } = call.callee;
    const binding = scope.lookup(name);
    if (binding?.kind === 'tensor') return 0n;
    const declaration = module.names.get(name);
    const value = binding?.value ?? (declaration?.decl.kind === 'let' ? declaration.value : undefined);
    if (value !== undefined) {
      if (value.kind !== 'op') return this.#guess();
      const own = call.args.length > 0;
      return this.#target(
        value.target,
        own
          ? { args: call.args, scope, module }
          : { args: value.args, scope: value.scope, module: value.module },
      );
    }
    const target = declaration === undefined ? undefined : callableOf(declaration);
    if (target !== undefined) return this.#target(target, { args: call.args, scope, module });
    return opRegistry.has(name) ? 1n : this.#guess();
  }

  #target(target: Callable, given: Given): bigint {
    if (target.kind === 'op') return 1n;
    const { damaged, recursive, module } = target.declaration;
    if (damaged || recursive) return this.#guess();
    this.#calls += 1;
    const ops = target.kind === 'block' ? this.#block(target, given) : this.#cell(target, module, given);
    this.#calls -= 1;
    return ops;
  }

  #block({ decl, declaration }: Callable & { readonly kind: 'block' }, given: Given): bigint {
    if (!this.#work.spend(decl.params.length + given.args.length)) return this.#guess();
    const { scope, values } = this.#bind(decl, declaration.module, given);
    // An op with arguments may mean something else wherever it is written, so its text is no key.
    if (values.some(hasClosure)) return this.body(decl.body, scope, declaration.module);
    const key = `${declaration.module.uri}#${decl.span.start}(${values.map((value) => `${value.kind} ${formatValue(value)}`).join()})`;
    const known = this.#blocks.get(key);
    if (known !== undefined) {
      this.exact &&= known.exact;
      return known.ops;
    }
    const before = this.exact;
    this.exact = true;
    const ops = this.body(decl.body, scope, declaration.module);
    this.#blocks.set(key, { ops, exact: this.exact });
    this.exact &&= before;
    return ops;
  }

  /** The parameters of a block or cell, and its tensors that have names. */
  #bind(
    decl: BlockDecl | CellDecl,
    module: Module,
    given: Given,
  ): { scope: Scope; values: readonly Value[] } {
    const scope = new Scope();
    const bound = bindBlock(decl, given.args, decl.name.span);
    const values = decl.params.map((param, index) => {
      const argument = bound.args[index];
      const value =
        argument !== undefined
          ? this.#value(argument.value, given.scope, given.module)
          : param.defaultValue === undefined
            ? unknown
            : this.#value(param.defaultValue, scope, module);
      scope.setValue(param.name.name, value);
      this.#work.spend(sizeOf(value));
      return value;
    });
    for (const { name } of decl.inputs?.names ?? []) scope.set(name, { kind: 'tensor', node: undefined });
    return { scope, values };
  }

  #cell({ decl }: Callable & { readonly kind: 'cell' }, module: Module, given: Given): bigint {
    if (this.#depth >= maxDepth) return this.#guess();
    this.#depth += 1;
    const incoming = new Map<number, number>();
    let ops = 0n;
    const { edges: all, output } = cellGraph(decl);
    const { scope } = this.#bind(decl, module, given);
    for (const edge of all) {
      if (!this.#work.spend()) break;
      // An edge from several nodes is several: at least one.
      if (edge.from.kind !== 'number') this.exact = false;
      ops += this.#flow(edge.flow, new Scope(scope), module);
      incoming.set(edge.to.value, (incoming.get(edge.to.value) ?? 0) + 1);
    }
    for (const edges of incoming.values()) if (edges > 1) ops += 1n;
    if (output.nodes.length > 1) ops += 1n;
    this.#depth -= 1;
    return ops;
  }
}

interface Given {
  readonly args: OpCall['args'];
  readonly scope: Scope;
  readonly module: Module;
}

function hasClosure(value: Value): boolean {
  if (value.kind === 'op') return value.args.length > 0 || value.target.kind !== 'op';
  return (value.kind === 'list' || value.kind === 'tuple') && value.elements.some(hasClosure);
}
