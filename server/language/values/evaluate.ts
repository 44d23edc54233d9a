import type {
  BinaryExpr,
  BinaryOperator,
  CallExpr,
  Expr,
  IndexExpr,
  NameExpr,
  Span,
} from '../../../grammar/syntax.ts';
import { keywordsOf } from '../../network/arguments.ts';
import { opRegistry } from '../../network/ops/index.ts';
import { type ContextName, isContextName } from './builtins.ts';
import { callFunction, functions } from './functions.ts';
import type { Report } from '../check/diagnostics.ts';
import type { Declaration, Module, Scope, Callable, OpReference, Value } from '../names/meaning.ts';
import { kindOf } from '../names/templates.ts';
import { expressionText } from '../../../grammar/print/expression.ts';
import { noContext, notATensorValue, unresolved } from '../check/problems.ts';
import {
  boolean,
  describeValue,
  formatValue,
  isUnknown,
  maxListSize,
  number,
  sameValue,
  sequence,
  sizeOf,
  string,
  unknown,
} from './values.ts';
import type { Work } from '../work.ts';

/** What an expression can see. */
export interface Environment {
  readonly module: Module;
  readonly scope: Scope;
  readonly report: Report;
  /** What evaluating may still cost: a value that takes more is unknown. Whoever gives it says so when it is exhausted. */
  readonly work: Work;
  /** The value of `channels`, `classes` or, in a constraint, a total here; `undefined` where there is none. */
  context(name: ContextName): Value | undefined;
  /** The option decided for a `choice`, given its options; `undefined` where nothing can be decided. */
  choose(call: CallExpr, options: readonly Value[]): Value;
  /** The options of a `choice` that are known already. */
  optionsOf?(call: CallExpr): readonly Value[] | undefined;
}

/** Most characters of the text of an op with arguments, by which messages and genotypes name it. */
const longestText = 400;

/** Words that op arguments take: `same`, `valid`, `sigmoid` …; they are strings that need no quotes. */
const argumentWords: ReadonlySet<string> = new Set(
  [...opRegistry.values()].flatMap((op) => op.args.flatMap((spec) => keywordsOf(spec.type))),
);

/** The value of an expression; `unknown` after an error, which has been reported. Never throws: the parser limits depth. */
export function evaluate(expr: Expr, env: Environment): Value {
  if (!env.work.spend()) return unknown;
  switch (expr.kind) {
    case 'number':
      return number(expr.value);
    case 'boolean':
      return boolean(expr.value);
    case 'string':
      return string(expr.value);
    case 'dims':
      return { kind: 'dims', values: expr.values };
    case 'name':
      return evaluateName(expr, env);
    case 'call':
      return evaluateCall(expr, env);
    case 'unary': {
      const operand = evaluate(expr.operand, env);
      if (operand.kind === 'unknown') return unknown;
      if (expr.operator === '-' && operand.kind === 'number') return number(-operand.value);
      if (expr.operator === '!' && operand.kind === 'boolean') return boolean(!operand.value);
      env.report({
        code: 'type-mismatch',
        message: `\`${expr.operator}\` needs ${expr.operator === '-' ? 'a number' : 'true or false'}, not ${describeValue(operand)}.`,
        span: expr.operand.span,
      });
      return unknown;
    }
    case 'binary':
      return evaluateBinary(expr, env);
    case 'conditional': {
      const condition = evaluateCondition(expr.condition, env);
      if (condition === undefined) return unknown;
      return evaluate(condition ? expr.whenTrue : expr.whenFalse, env);
    }
    case 'list':
    case 'tuple': {
      const elements = expr.elements.map((element) => evaluate(element, env));
      if (elements.some(isUnknown)) return unknown;
      const value = sequence(expr.kind, elements);
      if (value.size <= maxListSize) return value;
      env.report({
        code: 'list-too-large',
        message: `This ${expr.kind} holds ${value.size} values; at most ${maxListSize} are allowed.`,
        span: expr.span,
      });
      return unknown;
    }
    case 'index':
      return evaluateIndex(expr, env);
    case 'missing':
      return unknown;
  }
}

function evaluateIndex({ list, index }: IndexExpr, env: Environment): Value {
  const [from, at] = [evaluate(list, env), evaluate(index, env)];
  if (isUnknown(from) || isUnknown(at)) return unknown;
  const elements =
    from.kind === 'dims'
      ? from.values.map(number)
      : from.kind === 'list' || from.kind === 'tuple'
        ? from.elements
        : undefined;
  if (elements === undefined) {
    env.report({
      code: 'type-mismatch',
      message: `\`[…]\` takes an element of a list, not of ${describeValue(from)}.`,
      span: list.span,
    });
    return unknown;
  }
  const element = at.kind === 'number' ? elements[at.value] : undefined;
  if (element !== undefined) return element;
  const last = elements.length - 1;
  env.report({
    code: 'list-index',
    message: `There is no element ${at.kind === 'number' ? formatValue(at) : describeValue(at)} here: the elements of this ${from.kind === 'dims' ? 'size' : from.kind} are ${last < 0 ? 'none' : `0 to ${last}`}.`,
    span: index.span,
  });
  return unknown;
}

/** A condition's value; `undefined` after an error or when it is unknown. */
export function evaluateCondition(expr: Expr, env: Environment): boolean | undefined {
  const value = evaluate(expr, env);
  if (value.kind === 'boolean') return value.value;
  if (value.kind !== 'unknown') {
    env.report({
      code: 'type-mismatch',
      message: `A condition must be true or false, not ${describeValue(value)}: compare it, for instance \`${expressionText(expr, 24)} != 0\`.`,
      span: expr.span,
    });
  }
  return undefined;
}

function evaluateName(expr: NameExpr, env: Environment): Value {
  env.work.spend(env.scope.depth >> 3);
  const binding = env.scope.lookup(expr.name);
  if (binding?.kind === 'value') return binding.value;
  if (binding?.kind === 'tensor') {
    env.report(notATensorValue(expr.name, expr.span));
    return unknown;
  }
  if (env.module.names.has(expr.name)) {
    const declaration = env.module.names.get(expr.name);
    if (declaration === undefined) return unknown;
    if (declaration.decl.kind === 'let') return declaration.value;
    const target = callableOf(declaration);
    if (target !== undefined) return reference(target, expr.name, env);
    env.report({
      code: 'not-a-value',
      message: `\`${expr.name}\` is a ${kindOf(declaration.decl)}, which cannot be used inside another: make it a \`block\`.`,
      span: expr.span,
    });
    return unknown;
  }
  if (isContextName(expr.name)) {
    const value = env.context(expr.name);
    if (value === undefined) env.report(noContext(expr.name, expr.span));
    return value ?? unknown;
  }
  const definition = opRegistry.get(expr.name);
  if (definition !== undefined) return reference({ kind: 'op', definition }, expr.name, env);
  if (argumentWords.has(expr.name)) return string(expr.name);
  env.report(unresolved(expr.name, expr.span));
  return unknown;
}

export function callableOf(declaration: Declaration): Callable | undefined {
  const { decl } = declaration;
  if (decl.kind === 'block') return { kind: 'block', decl, declaration };
  if (decl.kind === 'cell') return { kind: 'cell', decl, declaration };
  return undefined;
}

/** Whether a name nobody has declared is a word for op arguments, such as `same`. */
export function isWord(name: string): boolean {
  return argumentWords.has(name);
}

function reference(target: Callable, text: string, env: Environment): OpReference {
  return { kind: 'op', target, args: [], scope: env.scope, module: env.module, text };
}

function evaluateCall(expr: CallExpr, env: Environment): Value {
  const name = expr.callee.name;
  const binding = env.scope.lookup(name);
  if (binding === undefined && !env.module.names.has(name)) {
    if (name === 'choice') return evaluateChoice(expr, env);
    const fn = functions.get(name);
    if (fn !== undefined) {
      const args = expr.args.map((argument) => evaluate(argument.value, env));
      if (args.some(isUnknown)) return unknown;
      // `min` and `max` also take one list.
      const [only] = args;
      const operands =
        args.length === 1 && only?.kind === 'list' && fn.spreads === true ? only.elements : args;
      if (!env.work.spend(operands.length)) return unknown;
      const result = callFunction(name, fn, operands);
      if (typeof result !== 'string' && !env.work.spend(sizeOf(result))) return unknown;
      if (typeof result !== 'string') return inRange(result, undefined, expr.span, env);
      env.report({ code: 'function-argument', message: result, span: expr.span });
      return unknown;
    }
  }
  const callee = evaluateName({ kind: 'name', name, span: expr.callee.span }, env);
  if (callee.kind === 'unknown') return unknown;
  if (callee.kind !== 'op' || callee.args.length > 0) {
    env.report({
      code: 'not-callable',
      message: `\`${name}\` is ${describeValue(callee)}, which takes no arguments.`,
      span: expr.callee.span,
    });
    return unknown;
  }
  return {
    kind: 'op',
    target: callee.target,
    args: expr.args,
    scope: env.scope,
    module: env.module,
    text: expressionText(expr, longestText),
  };
}

/** The options of a `choice`: its arguments, or the elements of its only argument when that is a list. */
function evaluateChoice(expr: CallExpr, env: Environment): Value {
  const known = writtenOut.get(expr) ?? env.optionsOf?.(expr);
  if (known !== undefined) return env.choose(expr, known);
  const values = expr.args.map((argument) => evaluate(argument.value, env));
  if (values.some(isUnknown)) return unknown;
  const [only] = values;
  const options = values.length === 1 && only?.kind === 'list' ? only.elements : values;
  if (options.length === 0) {
    env.report({
      code: 'empty-choice',
      message: 'A choice needs at least one option: `choice(16, 24, 32)`.',
      span: expr.span,
    });
    return unknown;
  }
  const seen = new Set<string>();
  for (const [index, option] of options.entries()) {
    if (!env.work.spend(sizeOf(option))) return unknown;
    const key = `${option.kind} ${formatValue(option)}`;
    if (!seen.has(key)) {
      seen.add(key);
      continue;
    }
    env.report({
      code: 'duplicate-option',
      message: `This choice offers ${describeValue(option)} twice: remove one of them.`,
      span: expr.args.length === options.length ? expr.args[index]!.span : expr.span,
    });
    return unknown;
  }
  if (expr.args.every(({ value: { kind } }) => kind === 'number' || kind === 'dims' || kind === 'string'))
    writtenOut.set(expr, options);
  return env.choose(expr, options);
}

/** Options that are the same wherever a choice is decided: a space is expanded once for each of them. */
const writtenOut = new WeakMap<CallExpr, readonly Value[]>();

function evaluateBinary(expr: BinaryExpr, env: Environment): Value {
  const left = evaluate(expr.left, env);
  const { operator } = expr;
  if (operator === '&&' || operator === '||') {
    if (left.kind === 'unknown') {
      evaluate(expr.right, env);
      return unknown;
    }
    if (left.kind !== 'boolean') return operandError(expr, expr.left, left, 'true or false', env);
    if (left.value === (operator === '||')) return left;
    const right = evaluate(expr.right, env);
    if (right.kind === 'boolean' || right.kind === 'unknown') return right;
    return operandError(expr, expr.right, right, 'true or false', env);
  }
  const right = evaluate(expr.right, env);
  if (isUnknown(left) || isUnknown(right)) return unknown;
  if (operator === '==' || operator === '!=') {
    if (!env.work.spend(sizeOf(left))) return unknown;
    return boolean(sameValue(left, right) === (operator === '=='));
  }
  if (left.kind !== 'number') return operandError(expr, expr.left, left, 'numbers', env);
  if (right.kind !== 'number') return operandError(expr, expr.right, right, 'numbers', env);
  if ((operator === '/' || operator === '%') && right.value === 0) {
    env.report({
      code: 'division-by-zero',
      message: `This divides by zero: \`${expressionText(expr.right, 40)}\` is 0 here.`,
      span: expr.right.span,
    });
    return unknown;
  }
  const operation = { operator, operands: [left.value, right.value] };
  return inRange(arithmetic(operator, left.value, right.value), operation, expr.span, env);
}

function operandError(
  expr: BinaryExpr,
  operand: Expr,
  value: Value,
  expected: string,
  env: Environment,
): Value {
  env.report({
    code: 'type-mismatch',
    message: `\`${expr.operator}\` needs ${expected}, not ${describeValue(value)}.`,
    span: operand.span,
  });
  return unknown;
}

function arithmetic(
  operator: Exclude<BinaryOperator, '&&' | '||' | '==' | '!='>,
  a: number,
  b: number,
): Value {
  switch (operator) {
    case '+':
      return number(a + b);
    case '-':
      return number(a - b);
    case '*':
      return number(a * b);
    case '/':
      return number(a / b);
    case '%':
      return number(a % b);
    case '<':
      return boolean(a < b);
    case '<=':
      return boolean(a <= b);
    case '>':
      return boolean(a > b);
    case '>=':
      return boolean(a >= b);
  }
}

interface Operation {
  readonly operator: BinaryOperator;
  readonly operands: readonly number[];
}

/** The result of a computation; `unknown`, and a report, where it is not the number it should be. */
function inRange(result: Value, operation: Operation | undefined, span: Span, env: Environment): Value {
  const message = result.kind === 'number' ? rangeProblem(result.value, operation) : undefined;
  if (message === undefined) return result;
  env.report({ code: 'number-range', message, span });
  return unknown;
}

function rangeProblem(result: number, operation: Operation | undefined): string | undefined {
  if (!Number.isFinite(result)) return 'This number is too large to compute with.';
  if (operation === undefined) return undefined;
  const { operator, operands } = operation;
  if (result === 0 && (operator === '*' || operator === '/') && !operands.includes(0))
    return 'This number is too small to be told from 0.';
  // Whole numbers are counts, others are approximations from the start.
  if (
    Math.abs(result) > Number.MAX_SAFE_INTEGER &&
    operands.every((operand) => Number.isSafeInteger(operand))
  )
    return `This whole number, about ${result.toPrecision(3)}, is too large to be exact: whole numbers go up to 9007199254740991.`;
  return undefined;
}
