/** The part of the syntax tree that is values. Offsets are UTF-16 code units from the start of the text. */

/** Half-open range of offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A declared or referenced name; `name` is empty (and the span too) where one is missing. */
export interface Identifier {
  readonly kind: 'identifier';
  readonly span: Span;
  readonly name: string;
}

export interface Argument {
  readonly span: Span;
  /** Present for `name = value`. */
  readonly name?: Identifier;
  readonly value: Expr;
}

export type Expr =
  | NumberLiteral
  | DimsLiteral
  | StringLiteral
  | BooleanLiteral
  | NameExpr
  | CallExpr
  | UnaryExpr
  | BinaryExpr
  | ConditionalExpr
  | ListExpr
  | TupleExpr
  | IndexExpr
  | Missing;

/** `12`, `0.5`, `450M`, `1e-5`; suffixes K, M, G multiply by 1e3, 1e6, 1e9. */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly span: Span;
  readonly value: number;
}

/** `3x3`, `32x32x3`: one token. */
export interface DimsLiteral {
  readonly kind: 'dims';
  readonly span: Span;
  readonly values: readonly number[];
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly span: Span;
  readonly value: string;
}

export interface BooleanLiteral {
  readonly kind: 'boolean';
  readonly span: Span;
  readonly value: boolean;
}

export interface NameExpr {
  readonly kind: 'name';
  readonly span: Span;
  readonly name: string;
}

/** `round8(x)`, `choice(a, b, c)`, `min(a, b)`; also an op with arguments inside a list of ops. */
export interface CallExpr {
  readonly kind: 'call';
  readonly span: Span;
  readonly callee: Identifier;
  readonly args: readonly Argument[];
}

export interface UnaryExpr {
  readonly kind: 'unary';
  readonly span: Span;
  readonly operator: '-' | '!';
  readonly operand: Expr;
}

export type BinaryOperator =
  '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||';

export interface BinaryExpr {
  readonly kind: 'binary';
  readonly span: Span;
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
}

/** `condition ? whenTrue : whenFalse` */
export interface ConditionalExpr {
  readonly kind: 'conditional';
  readonly span: Span;
  readonly condition: Expr;
  readonly whenTrue: Expr;
  readonly whenFalse: Expr;
}

export interface ListExpr {
  readonly kind: 'list';
  readonly span: Span;
  readonly elements: readonly Expr[];
}

/** `list[index]`, counted from 0 */
export interface IndexExpr {
  readonly kind: 'index';
  readonly span: Span;
  readonly list: Expr;
  readonly index: Expr;
}

export interface TupleExpr {
  readonly kind: 'tuple';
  readonly span: Span;
  readonly elements: readonly Expr[];
}

/** A hole left by error recovery: an error has already been reported here, later stages stay silent. */
export interface Missing {
  readonly kind: 'missing';
  readonly span: Span;
}
