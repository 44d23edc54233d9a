/**
 * The syntax tree of the `.arch` language. Parsing never fails: it always returns a tree (possibly with
 * holes, see `Missing`) and the errors found. Offsets are UTF-16 code units from the start of the text.
 */

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

/** A `///` comment block above a declaration, markers and common indent removed. */
export interface DocComment {
  readonly span: Span;
  readonly text: string;
}

/** The root of the tree: the declarations of a file in the order of the text. */
export interface SourceFile {
  readonly kind: 'file';
  readonly span: Span;
  readonly items: readonly Item[];
}

export type Item = ImportDecl | LetDecl | BlockDecl | ModelDecl | InstanceDecl | SpaceDecl | CellDecl;

/** `import { A, B } from "./blocks.arch"` */
export interface ImportDecl {
  readonly kind: 'import';
  readonly span: Span;
  readonly names: readonly Identifier[];
  readonly path: StringLiteral | Missing;
}

/** `let name = value`, at file level or as a statement. */
export interface LetDecl {
  readonly kind: 'let';
  readonly span: Span;
  readonly doc?: DocComment;
  readonly name: Identifier;
  readonly value: Expr;
}

export interface Param {
  readonly span: Span;
  readonly name: Identifier;
  readonly defaultValue?: Expr;
}

export interface BlockDecl {
  readonly kind: 'block';
  readonly span: Span;
  readonly doc?: DocComment;
  readonly name: Identifier;
  readonly params: readonly Param[];
  readonly body: Body;
}

/** A network, or (with parameters) a template of networks. */
export interface ModelDecl {
  readonly kind: 'model';
  readonly span: Span;
  readonly doc?: DocComment;
  readonly name: Identifier;
  readonly params: readonly Param[];
  readonly body: Body;
}

/** `model Name = Template(arguments)`: a network of its own, made of a model with parameters. */
export interface InstanceDecl {
  readonly kind: 'instance';
  readonly span: Span;
  readonly doc?: DocComment;
  readonly name: Identifier;
  /** The template and its arguments; without a name where that is missing. */
  readonly of: OpCall;
}

export interface SpaceDecl {
  readonly kind: 'space';
  readonly span: Span;
  readonly doc?: DocComment;
  readonly name: Identifier;
  readonly body: Body;
}

/** `cell Name { 0 -> 1: op … }` or `cell Name = "|op~0|+…|"`. */
export interface CellDecl {
  readonly kind: 'cell';
  readonly span: Span;
  readonly doc?: DocComment;
  readonly name: Identifier;
  readonly definition: CellEdges | StringLiteral | Missing;
}

export interface CellEdges {
  readonly kind: 'edges';
  readonly span: Span;
  readonly edges: readonly CellEdge[];
}

/** `0 -> 1: flow`; `op` may be a `choice(…)` expression over op names. */
export interface CellEdge {
  readonly span: Span;
  readonly from: NumberLiteral;
  readonly to: NumberLiteral;
  readonly flow: Flow;
}

/** A braced list of statements. */
export interface Body {
  readonly span: Span;
  readonly statements: readonly Statement[];
}

export type Statement =
  | FlowStatement
  | LetDecl
  | InputDecl
  | ClassesDecl
  | ConstraintDecl
  | RepeatStatement
  | ForStatement
  | IfStatement;

/** `[name =] flow [: shape]` */
export interface FlowStatement {
  readonly kind: 'flow-statement';
  readonly span: Span;
  readonly name?: Identifier;
  readonly flow: Flow;
  readonly assertion?: Expr;
}

/** `a -> b -> c`; elements in order, each fed by the one before. */
export interface Flow {
  readonly span: Span;
  readonly elements: readonly FlowElement[];
}

export type FlowElement = OpCall | ResidualElement | ParallelElement | ChoiceElement | Missing;

/** `name` or `name(args)`: an op, a block, a cell, or (first in a flow, no arguments) a named tensor. */
export interface OpCall {
  readonly kind: 'op-call';
  readonly span: Span;
  readonly callee: Identifier;
  /** Whether parentheses were written. */
  readonly called: boolean;
  readonly args: readonly Argument[];
}

/** `choice(a, b)` or `choice(list)` in op position: one op of several. */
export interface ChoiceElement {
  readonly kind: 'choice-element';
  readonly span: Span;
  readonly choice: CallExpr;
}

/** `residual { … } [shortcut { … }]`: the sum of both, the shortcut being the identity by default. */
export interface ResidualElement {
  readonly kind: 'residual';
  readonly span: Span;
  readonly body: Body;
  readonly shortcut?: Body;
}

/** `parallel add|concat|mul { branch { … } … }` */
export interface ParallelElement {
  readonly kind: 'parallel';
  readonly span: Span;
  readonly merge: 'add' | 'concat' | 'mul';
  readonly branches: readonly Body[];
}

export interface Argument {
  readonly span: Span;
  /** Present for `name = value`. */
  readonly name?: Identifier;
  readonly value: Expr;
}

/** `input 32x32x3` (height × width × channels) or `input 128x64` / `input 64`. */
export interface InputDecl {
  readonly kind: 'input';
  readonly span: Span;
  readonly shape: Expr;
}

/** `classes 10` */
export interface ClassesDecl {
  readonly kind: 'classes';
  readonly span: Span;
  readonly count: Expr;
}

/** `constraint flops <= 450M` */
export interface ConstraintDecl {
  readonly kind: 'constraint';
  readonly span: Span;
  readonly condition: Expr;
}

/** `repeat n [as i] { … }` */
export interface RepeatStatement {
  readonly kind: 'repeat';
  readonly span: Span;
  readonly count: Expr;
  readonly variable?: Identifier;
  readonly body: Body;
}

/** `for x in list { … }` or `for (a, b) in list { … }` */
export interface ForStatement {
  readonly kind: 'for';
  readonly span: Span;
  readonly pattern: readonly Identifier[];
  /** Whether the pattern was written as a tuple. */
  readonly destructures: boolean;
  readonly iterable: Expr;
  readonly body: Body;
}

/** `if (c) { … } [else { … } | else if …]`; an `else if` is an `otherwise` body of one `if`. */
export interface IfStatement {
  readonly kind: 'if';
  readonly span: Span;
  readonly condition: Expr;
  readonly body: Body;
  readonly otherwise?: Body;
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

/** A mechanical repair of a problem: replace `span` by `text`. */
export interface SyntaxFix {
  /** What it does, for a menu: `Change to 'repeat'`. */
  readonly title: string;
  readonly span: Span;
  readonly text: string;
}

/** What the parser found to be wrong, with its place in the text; always an error. */
export interface SyntaxProblem {
  /** Stable, kebab-case: `missing-closer`, `unknown-keyword` … (all are listed in grammar/README.md). */
  readonly code: string;
  /** One or two sentences for the user: what is wrong, what to do. */
  readonly message: string;
  readonly span: Span;
  /** Another place that explains the problem, for instance the bracket that is not closed. */
  readonly related?: { readonly message: string; readonly span: Span };
  readonly fix?: SyntaxFix;
}

/** A comment as written, markers included; a run of `///` lines is one comment a line. */
export interface Comment {
  readonly kind: 'line' | 'block' | 'doc';
  readonly span: Span;
}

/** A token as written. A keyword used as a name (`conv(in = 3)`) is a `name`. */
export interface Token {
  readonly kind: 'keyword' | 'name' | 'number' | 'dims' | 'string' | 'operator' | 'punctuation' | 'unknown';
  readonly span: Span;
}

/** Everything that parsing a text gives; there is always a tree. */
export interface ParseResult {
  readonly file: SourceFile;
  /** In the order of the text. */
  readonly problems: readonly SyntaxProblem[];
  /** Where the text does not parse, in no order: the places of the problems and of those not worth telling, too. */
  readonly damage: readonly Span[];
  /** All comments in the order of the text. */
  readonly comments: readonly Comment[];
  /** All tokens in the order of the text, those skipped by error recovery too; none inserted. Empty for a text beyond the limits. */
  readonly tokens: readonly Token[];
}
