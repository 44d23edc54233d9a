import type { CallExpr, Expr } from '../../../grammar/syntax.ts';
import type { Location } from '../../network/network.ts';
import { functions } from '../values/functions.ts';
import type { Json } from '../values/values.ts';
import type { Value } from '../names/meaning.ts';

/** A choice of a space: what can be decided, under a name that unrelated edits leave alone. */
export interface Decision {
  /**
   * Built from declared names: `k` for a let, `InvertedResidual.expand` for an argument, `Nb201Cell.0->1` for the edge of
   * a cell, below `for[c=24]` or `repeat[i=0]` inside a loop; `conv#2.out` for the second conv of a body that has a choice.
   */
  readonly path: string;
  readonly options: readonly Json[];
  /** The `choice(…)`. */
  readonly location: Location;
  /** Decisions and their options under which this one exists at all; empty: it always does. */
  readonly condition: Readonly<Record<string, Json>>;
}

/** A choice that is about to be decided. */
export interface ChoicePoint {
  readonly path: string;
  readonly call: CallExpr;
  readonly location: Location;
  readonly options: readonly Value[];
}

/** Index of the option taken. */
export type Decide = (point: ChoicePoint) => number;

/**
 * The names of decisions inside a body. Only what may choose takes a name, so statements without choices can come and
 * go without renaming a decision.
 */
export class DecisionNames {
  readonly prefix: string;
  readonly #unnamed: string | undefined;
  readonly #used = new Map<string, number>();

  /** The first statement labelled `unnamed` goes by the prefix alone. */
  constructor(prefix: string, unnamed?: string) {
    this.prefix = prefix;
    this.#unnamed = unnamed;
  }

  /** `prefix.label`, `prefix.label#2` for the second of that label … */
  take(label: string): string {
    const count = (this.#used.get(label) ?? 0) + 1;
    this.#used.set(label, count);
    if (count > 1) return joinName(this.prefix, `${label}#${count}`);
    return label === this.#unnamed ? this.prefix : joinName(this.prefix, label);
  }
}

export function joinName(prefix: string, label: string): string {
  if (prefix === '') return label;
  return label === '' ? prefix : `${prefix}.${label}`;
}

/** `path` for the first choice of an expression in the text, `path#2` for the second … */
export function choiceName(path: string, root: Expr, call: CallExpr): string {
  const index = choicesIn(root).get(call) ?? 0;
  return index === 0 ? path : `${path}#${index + 1}`;
}

const known = new WeakMap<Expr, ReadonlyMap<CallExpr, number>>();

function choicesIn(root: Expr): ReadonlyMap<CallExpr, number> {
  let calls = known.get(root);
  if (calls === undefined) {
    calls = new Map(findChoices(root).map((call, index) => [call, index]));
    known.set(root, calls);
  }
  return calls;
}

/**
 * The number of `choice(…)` decided when an expression is evaluated: not those in the arguments of an op
 * that is a value, which are decided where it is applied.
 */
export function choiceCount(root: Expr): number {
  return choicesIn(root).size;
}

function findChoices(root: Expr): readonly CallExpr[] {
  const found: CallExpr[] = [];
  const pending: Expr[] = [root];
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    if (expr.kind === 'call') {
      if (expr.callee.name === 'choice') found.push(expr);
      else if (!functions.has(expr.callee.name)) continue;
    }
    for (const operand of operands(expr).toReversed()) pending.push(operand);
  }
  return found;
}

/** The expressions directly inside an expression, in the order of the text. */
export function operands(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'call':
      return expr.args.map((argument) => argument.value);
    case 'unary':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'conditional':
      return [expr.condition, expr.whenTrue, expr.whenFalse];
    case 'list':
    case 'tuple':
      return expr.elements;
    case 'index':
      return [expr.list, expr.index];
    case 'number':
    case 'dims':
    case 'string':
    case 'boolean':
    case 'name':
    case 'missing':
      return [];
  }
}
