import type { IToken } from 'chevrotain';
import { own } from '../server/base/own.ts';
import { dimsOf, numberValue, rangeProblem } from './numbers.ts';
import { precedenceOf } from './operators.ts';
import { spanOf } from './problem.ts';
import type {
  BinaryOperator,
  Body,
  Expr,
  IfStatement,
  DimsLiteral,
  Missing,
  NumberLiteral,
  Span,
  StringLiteral,
  UnaryExpr,
} from './syntax.ts';

/** How syntax trees are put together where a rule of the grammar is not simply a node. */

/** An operand and where it stands, with its parentheses. */
export interface Operand {
  readonly value: Expr;
  readonly extent: Span;
}

/** An operation from its operands in order and the operators between them, by precedence climbing. */
export function operation(operands: readonly Operand[], operators: readonly IToken[]): Expr {
  const pending: { readonly left: Operand; readonly operator: BinaryOperator }[] = [];
  /** Joins the operations that bind at least as tightly as `precedence`. */
  const join = (last: Operand, precedence: number): Operand => {
    let right = last;
    for (let top = pending.at(-1); top && precedenceOf[top.operator] >= precedence; top = pending.at(-1)) {
      pending.pop();
      const { left, operator } = top;
      const extent = { start: left.extent.start, end: right.extent.end };
      right = {
        extent,
        value: { kind: 'binary', span: extent, operator, left: left.value, right: right.value },
      };
    }
    return right;
  };
  let current = operands[0]!;
  operators.forEach((sign, index) => {
    const operator = sign.tokenType.LABEL as BinaryOperator;
    pending.push({ left: join(current, precedenceOf[operator]), operator });
    current = operands[index + 1]!;
  });
  return join(current, 0).value;
}

/** `- ! operand`: the signs in order; the operand ends at `end`. */
export function signed(signs: readonly IToken[], operand: Expr, end: number): Expr {
  return signs.reduceRight<Expr>(
    (inner, sign) => ({
      kind: 'unary',
      span: { start: sign.startOffset, end },
      operator: sign.tokenType.LABEL as UnaryExpr['operator'],
      operand: inner,
    }),
    operand,
  );
}

export interface IfPart {
  readonly start: number;
  readonly condition: Expr;
  readonly body: Body;
}

/** `if … else if … else …` that ends at `end`, innermost first: an `else if` is a body that holds one `if`. */
export function ifChain(parts: readonly IfPart[], otherwise: Body | undefined, end: number): IfStatement {
  return parts.reduceRight<{ readonly statement?: IfStatement; readonly otherwise?: Body | undefined }>(
    (inner, { start, condition, body }) => {
      const span = { start, end };
      const statement: IfStatement = {
        kind: 'if',
        span,
        condition,
        body,
        ...(inner.otherwise && { otherwise: inner.otherwise }),
      };
      return { statement, otherwise: { span, statements: [statement] } };
    },
    { otherwise },
  ).statement!;
}

/** A hole for a malformed number or one out of range, which the lexer has reported, and for one left out. */
export function numberLiteral(token: IToken): NumberLiteral | Missing {
  const { image } = token;
  const span = spanOf(token);
  const value = numberValue(image);
  // Malformed numbers that JavaScript would read: `.5`, `5.`, `0x3`.
  const malformed = Number.isNaN(value) || /^(?:|\.\d*|\d*\.|0x.*)$/.test(image);
  return malformed || rangeProblem(image) !== undefined
    ? { kind: 'missing', span }
    : { kind: 'number', span, value };
}

/** A hole for a size out of range, which the lexer has reported. */
export function dimsLiteral(token: IToken): DimsLiteral | Missing {
  const { image } = token;
  const span = spanOf(token);
  return rangeProblem(image) === undefined
    ? { kind: 'dims', span, values: dimsOf(image) }
    : { kind: 'missing', span };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

/** A hole for a string left out. */
export function stringLiteral(token: IToken): StringLiteral | Missing {
  const { image } = token;
  const span = spanOf(token);
  if (image === '') return { kind: 'missing', span };
  const inner = image.length > 1 && /['"\u201c\u201d]$/.test(image) ? image.slice(1, -1) : image.slice(1);
  const value = inner.replace(/\\(.)/gs, (_, character: string) => own(ESCAPES, character) ?? character);
  return { kind: 'string', span, value };
}

/** Whether a token was read, not made up for. */
export function isThere(token: IToken): boolean {
  return token.isInsertedInRecovery !== true;
}
