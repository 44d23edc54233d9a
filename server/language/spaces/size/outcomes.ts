import type { CallExpr, Expr } from '../../../../grammar/syntax.ts';
import type { Shape } from '../../../network/shape.ts';
import { choiceCount, operands } from '../decisions.ts';
import { silent } from '../../check/diagnostics.ts';
import { extentOf } from '../../values/builtins.ts';
import { type Environment, evaluate } from '../../values/evaluate.ts';
import { Uncountable } from './members.ts';
import type { Module, Scope, Value } from '../../names/meaning.ts';
import { formatValue, isUnknown, number, sizeOf, unknown } from '../../values/values.ts';
import type { Work } from '../../work.ts';
import { free, listed, oneWay, type Taken, type Ways } from './ways.ts';

/** A value an expression may have, and the ways to it. */
export interface Outcome {
  readonly value: Value;
  readonly ways: Ways;
}

/** What `classes` and `channels` are. */
export interface KnownHere {
  readonly classes: number;
  /** Of the current tensor; absent where shapes are not followed. */
  readonly shape: Shape | undefined;
  /** What counting may still take. */
  readonly work: Work;
}

/** Ways to evaluate one expression that are walked through. */
const maxWays = 20_000;

/** All values of an expression over the choices in it. Throws `Uncountable` when the choices cannot be known. */
export function outcomes(expr: Expr, scope: Scope, module: Module, known: KnownHere): readonly Outcome[] {
  const choices = choiceCount(expr);
  if (choices === 0) return [{ value: evaluateWith(expr, scope, module, known, []), ways: oneWay }];
  const found = new Map<string, { readonly value: Value; readonly ways: (readonly Taken[])[] }>();
  const digits: Digit[] = [];
  const options: Options = new Map();
  for (let ways = 0; ; ways++) {
    if (ways >= maxWays) throw new Uncountable('one expression has too many outcomes');
    const value = evaluateWith(expr, scope, module, known, digits, options);
    if (isUnknown(value)) return [{ value: unknown, ways: independentWays(expr, scope, module, known) }];
    known.work.spend(sizeOf(value));
    const key = `${value.kind} ${formatValue(value)}`;
    const outcome = found.get(key) ?? { value, ways: [] };
    outcome.ways.push(digits.map(({ call, option }): Taken => [call, option]));
    found.set(key, outcome);
    if (!advance(digits)) return [...found.values()].map((each) => ({ ...each, ways: listed(each.ways) }));
  }
}

/** A choice met during one evaluation: which option, of how many. */
interface Digit {
  readonly call: CallExpr;
  readonly option: number;
  readonly options: number;
}

/** The next combination, in the order in which the choices are met; `false` after the last. */
function advance(digits: Digit[]): boolean {
  for (let last = digits.pop(); last !== undefined; last = digits.pop()) {
    if (last.option + 1 < last.options) {
      digits.push({ ...last, option: last.option + 1 });
      return true;
    }
  }
  return false;
}

/** Options of choices that are the same whatever is chosen: found once, not for every combination. */
type Options = Map<CallExpr, readonly Value[]>;

function evaluateWith(
  expr: Expr,
  scope: Scope,
  module: Module,
  known: KnownHere,
  digits: Digit[],
  fixed: Options = new Map(),
): Value {
  let met = 0;
  const env: Environment = {
    module,
    scope,
    report: silent,
    work: known.work,
    context: (name) => {
      if (name === 'classes') return number(known.classes);
      const extent = known.shape === undefined ? undefined : extentOf(name, known.shape);
      return extent === undefined ? unknown : number(extent);
    },
    optionsOf: (call) => fixed.get(call),
    choose: (call, options) => {
      if (!fixed.has(call) && call.args.every((argument) => choiceCount(argument.value) === 0))
        fixed.set(call, options);
      if (met === digits.length) digits.push({ call, option: 0, options: options.length });
      return options[digits[met++]!.option] ?? unknown;
    },
  };
  const value = evaluate(expr, env);
  if (known.work.exhausted) throw new Uncountable('it has too many parts');
  return value;
}

/** When values are not known (they may depend on `channels`), choices can still be counted if nothing decides about them. */
function independentWays(expr: Expr, scope: Scope, module: Module, known: KnownHere): Ways {
  const choices: Taken[] = [];
  const pending: Expr[] = [expr];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (choiceCount(next) === 0) continue;
    if (next.kind === 'conditional' || (next.kind === 'binary' && /&&|\|\|/.test(next.operator))) {
      throw new Uncountable('whether there is a choice depends on a shape or another unknown value', true);
    }
    if (next.kind === 'call' && next.callee.name === 'choice') {
      const [only] = next.args;
      if (next.args.length !== 1 || only === undefined) {
        choices.push([next, next.args.length]);
        continue;
      }
      const value = evaluateWith(only.value, scope, module, known, []);
      if (value.kind === 'unknown') throw new Uncountable('the options of a choice depend on a shape', true);
      choices.push([next, value.kind === 'list' ? value.elements.length : 1]);
      continue;
    }
    pending.push(...operands(next));
  }
  return free(choices);
}
