import type { Argument, Expr } from '../../../grammar/syntax.ts';
import { formatNumber } from './values.ts';

/** The text of an expression with normalised spaces: names it in messages and in genotypes. Cut at `limit` characters. */
export function expressionText(expr: Expr, limit = 400): string {
  const printer = new Printer(limit);
  printer.expr(expr);
  return printer.text;
}

class Printer {
  text = '';
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  expr(expr: Expr): void {
    if (this.text.length > this.#limit) {
      if (!this.text.endsWith('…')) this.text += '…';
      return;
    }
    switch (expr.kind) {
      case 'number':
        this.text += formatNumber(expr.value);
        return;
      case 'boolean':
        this.text += String(expr.value);
        return;
      case 'dims':
        this.text += expr.values.map(formatNumber).join('x');
        return;
      case 'string':
        this.text += `"${expr.value}"`;
        return;
      case 'name':
        this.text += expr.name;
        return;
      case 'call':
        this.text += `${expr.callee.name}(`;
        this.list(expr.args);
        this.text += ')';
        return;
      case 'unary':
        this.text += expr.operator;
        this.operand(expr.operand);
        return;
      case 'binary':
        this.operand(expr.left);
        this.text += ` ${expr.operator} `;
        this.operand(expr.right);
        return;
      case 'conditional':
        this.operand(expr.condition);
        this.text += ' ? ';
        this.operand(expr.whenTrue);
        this.text += ' : ';
        this.operand(expr.whenFalse);
        return;
      case 'list':
        this.text += '[';
        this.list(expr.elements);
        this.text += ']';
        return;
      case 'tuple':
        this.text += '(';
        this.list(expr.elements);
        this.text += ')';
        return;
      case 'missing':
        this.text += '…';
        return;
    }
  }

  /** Parenthesised wherever it could be misread: precedence is not worth knowing here. */
  operand(expr: Expr): void {
    const compound = expr.kind === 'binary' || expr.kind === 'conditional';
    if (compound) this.text += '(';
    this.expr(expr);
    if (compound) this.text += ')';
  }

  list(items: readonly (Expr | Argument)[]): void {
    for (const [index, item] of items.entries()) {
      if (index > 0) this.text += ', ';
      if ('kind' in item) {
        this.expr(item);
        continue;
      }
      if (item.name !== undefined) this.text += `${item.name.name} = `;
      this.expr(item.value);
    }
  }
}
