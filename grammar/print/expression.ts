import { precedenceOf } from '../operators.ts';
import type { Argument, Expr } from '../syntax.ts';
import { numberText, stringText } from './literals.ts';
import type { Unplaced } from './unplaced.ts';

/**
 * The text of an expression, on one line, with the parentheses that it needs. A hole is `…`, and so is what is beyond `limit`
 * characters, about.
 *
 * @throws RangeError for a number or string that the language cannot write; the parser gives none
 */
export function expressionText(expr: Unplaced<Expr>, limit = Infinity): string {
  const printer = new Printer(limit);
  printer.expr(expr);
  return printer.text;
}

/** Arguments with their parentheses. */
export function argumentsText(args: Unplaced<readonly Argument[]>): string {
  const printer = new Printer(Infinity);
  printer.args(args);
  return printer.text;
}

/** How tightly what is no operation binds. */
const tight = Infinity;

class Printer {
  text = '';
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  expr(expr: Unplaced<Expr>): void {
    if (this.text.length > this.#limit) {
      if (!this.text.endsWith('…')) this.text += '…';
      return;
    }
    switch (expr.kind) {
      case 'number':
        this.text += numberText(expr.value);
        return;
      case 'boolean':
        this.text += String(expr.value);
        return;
      case 'dims':
        this.text += expr.values.map(numberText).join('x');
        return;
      case 'string':
        this.text += stringText(expr.value);
        return;
      case 'name':
        this.text += expr.name;
        return;
      case 'call':
        this.text += expr.callee.name;
        this.args(expr.args);
        return;
      case 'unary':
        this.text += expr.operator;
        this.#operand(expr.operand, tight);
        return;
      case 'binary': {
        const precedence = precedenceOf[expr.operator];
        this.#operand(expr.left, precedence);
        this.text += ` ${expr.operator} `;
        // From the left: what is on the right has to bind more tightly.
        this.#operand(expr.right, precedence + 1);
        return;
      }
      case 'conditional':
        this.#operand(expr.condition, 1);
        this.text += ' ? ';
        this.expr(expr.whenTrue);
        this.text += ' : ';
        this.expr(expr.whenFalse);
        return;
      case 'list':
        this.text += '[';
        this.#list(expr.elements, (element) => {
          this.expr(element);
        });
        this.text += ']';
        return;
      case 'tuple':
        this.text += '(';
        this.#list(expr.elements, (element) => {
          this.expr(element);
        });
        this.text += expr.elements.length === 1 ? ',)' : ')';
        return;
      case 'index':
        this.#indexed(expr.list);
        this.text += '[';
        this.expr(expr.index);
        this.text += ']';
        return;
      case 'missing':
        this.text += '…';
        return;
    }
  }

  args(args: Unplaced<readonly Argument[]>): void {
    this.text += '(';
    this.#list(args, ({ name, value }) => {
      if (name !== undefined) this.text += `${name.name} = `;
      this.expr(value);
    });
    this.text += ')';
  }

  /** In parentheses where it binds less tightly than `least`. */
  #operand(expr: Unplaced<Expr>, least: number): void {
    const binds =
      expr.kind === 'binary' ? precedenceOf[expr.operator] : expr.kind === 'conditional' ? 0 : tight;
    if (binds < least) this.text += '(';
    this.expr(expr);
    if (binds < least) this.text += ')';
  }

  /** What an index stands behind: only behind names, calls and parentheses `[` is one. */
  #indexed(expr: Unplaced<Expr>): void {
    const bare = expr.kind === 'name' || expr.kind === 'call' || expr.kind === 'index';
    if (!bare) this.text += '(';
    this.expr(expr);
    if (!bare) this.text += ')';
  }

  #list<Item>(items: readonly Item[], print: (item: Item) => void): void {
    for (const [index, item] of items.entries()) {
      if (index > 0) this.text += ', ';
      if (index > 0 && this.text.length > this.#limit) {
        this.text += '…';
        return;
      }
      print(item);
    }
  }
}
