import type {
  Body,
  Expr,
  ForStatement,
  IfStatement,
  RepeatStatement,
  Span,
  Statement,
} from '../../../grammar/syntax.ts';
import { silent } from '../check/diagnostics.ts';
import { type Environment, evaluate } from '../values/evaluate.ts';
import { type Module, Scope, type Value } from '../names/meaning.ts';
import { isParametric } from '../names/templates.ts';
import { number, unknown } from '../values/values.ts';
import { childrenOf, type SyntaxNode } from '../../../grammar/walk.ts';
import { Work } from '../work.ts';
import { type LintRule, sound } from './rule.ts';

/** A branch that no value of the loops around it leads into, and a loop without rounds. */
export const unreachableBranch: LintRule = {
  code: 'unreachable-branch',
  check({ module }, report) {
    const found = new Reach(module);
    for (const { decl, recursive } of sound(module)) {
      if (decl.kind === 'let' || decl.kind === 'cell' || decl.kind === 'instance' || recursive) continue;
      const scope = new Scope();
      // What callers give is not known.
      if (isParametric(decl)) for (const { name } of decl.params) scope.setValue(name.name, unknown);
      found.body(decl.body, scope);
    }
    for (const { span, message } of found.unreached()) {
      report({ code: 'unreachable-branch', severity: 'hint', message, span });
    }
  },
};

/** Values, rounds and branches looked at in a file: enough for what people write, and an end for what they do not. */
const budget = 1_000_000;
/** How many of them a statement weighs. */
const stepWeight = 50;

/** Rounds of one loop. */
const mostRounds = 64;

interface Seen {
  readonly statement: IfStatement | RepeatStatement | ForStatement;
  /** The body may be entered. */
  entered: boolean;
  /** The body may be left out. */
  passed: boolean;
}

/** Follows the bodies of a file with the values that do not depend on a caller; whatever does counts as anything. */
class Reach {
  readonly #module: Module;
  readonly #seen = new Map<Statement, Seen>();
  readonly #work = new Work(budget);

  constructor(module: Module) {
    this.#module = module;
  }

  body(body: Body, scope: Scope): void {
    for (const statement of body.statements) {
      if (this.#work.exhausted) return;
      this.#statement(statement, scope);
    }
  }

  *unreached(): Generator<{ readonly span: Span; readonly message: string }> {
    if (this.#work.exhausted) return;
    for (const { statement, entered, passed } of this.#seen.values()) {
      if (statement.kind !== 'if') {
        const what = statement.kind === 'repeat' ? 'repeats nothing' : 'goes through an empty list';
        if (!entered)
          yield { span: statement.span, message: `This ${what}: remove it, or correct its count.` };
      } else if (!entered) {
        yield { span: statement.body.span, message: 'The condition never holds: this body is never used.' };
      } else if (!passed && statement.otherwise !== undefined) {
        yield {
          span: statement.otherwise.span,
          message: 'The condition always holds: this body is never used.',
        };
      }
    }
  }

  #statement(statement: Statement, scope: Scope): void {
    if (!this.#work.spend(stepWeight)) return;
    switch (statement.kind) {
      case 'let':
        scope.setValue(statement.name.name, this.#value(statement.value, scope));
        return;
      case 'if':
        this.#if(statement, scope);
        return;
      case 'repeat': {
        const count = this.#value(statement.count, scope);
        const times =
          count.kind === 'number' && count.value >= 0 ? Math.min(count.value, mostRounds + 1) : undefined;
        const rounds = times === undefined ? [unknown] : Array.from({ length: times }, (_, i) => number(i));
        const { variable } = statement;
        this.#loop(statement, scope, rounds, (inner, round) => {
          if (variable !== undefined) inner.setValue(variable.name, round);
        });
        return;
      }
      case 'for': {
        const list = this.#value(statement.iterable, scope);
        this.#loop(statement, scope, list.kind === 'list' ? list.elements : [unknown], (inner, round) => {
          for (const [index, { name }] of statement.pattern.entries())
            inner.setValue(name, statement.destructures ? element(round, index) : round);
        });
        return;
      }
      case 'flow-statement':
        this.#inside(statement, scope);
        return;
      case 'input':
      case 'classes':
      case 'constraint':
        return;
    }
  }

  #if(statement: IfStatement, scope: Scope): void {
    const value = this.#value(statement.condition, scope);
    const seen = this.#note(statement);
    if (value.kind !== 'boolean' || value.value) {
      seen.entered = true;
      this.body(statement.body, new Scope(scope));
    }
    if (value.kind === 'boolean' && value.value) return;
    seen.passed = true;
    if (statement.otherwise !== undefined) this.body(statement.otherwise, new Scope(scope));
  }

  #loop(
    statement: RepeatStatement | ForStatement,
    scope: Scope,
    rounds: readonly Value[],
    bind: (scope: Scope, round: Value) => void,
  ): void {
    const seen = this.#note(statement);
    for (const round of firstRounds(rounds)) {
      if (!this.#work.spend()) return;
      seen.entered = true;
      const inner = new Scope(scope);
      bind(inner, round);
      this.body(statement.body, inner);
    }
  }

  /** Bodies inside a flow. */
  #inside(node: SyntaxNode, scope: Scope): void {
    for (const child of childrenOf(node)) {
      if (!this.#work.spend()) return;
      if ('statements' in child) this.body(child as Body, new Scope(scope));
      else if (child.kind === 'residual' || child.kind === 'parallel' || 'elements' in child)
        this.#inside(child, scope);
    }
  }

  #note(statement: Seen['statement']): Seen {
    let seen = this.#seen.get(statement);
    if (seen === undefined) {
      seen = { statement, entered: false, passed: false };
      this.#seen.set(statement, seen);
    }
    return seen;
  }

  #value(expr: Expr, scope: Scope): Value {
    const environment: Environment = {
      module: this.#module,
      scope,
      report: silent,
      work: this.#work,
      context: () => unknown,
      choose: () => unknown,
    };
    return evaluate(expr, environment);
  }
}

/** The first rounds; whatever comes behind them stands for all the others. */
function firstRounds(rounds: readonly Value[]): readonly Value[] {
  return rounds.length > mostRounds ? [...rounds.slice(0, mostRounds), unknown] : rounds;
}

function element(value: Value, index: number): Value {
  return (value.kind === 'tuple' ? value.elements[index] : undefined) ?? unknown;
}
