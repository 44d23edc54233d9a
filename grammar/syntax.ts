/**
 * The syntax tree of the `.arch` language. Parsing never fails: it always returns a tree (possibly with
 * holes, see `Missing`) and the errors found. Offsets are UTF-16 code units from the start of the text.
 */

import type {
  Argument,
  CallExpr,
  Expr,
  Identifier,
  ListExpr,
  Missing,
  NumberLiteral,
  Span,
  StringLiteral,
} from './expression-syntax.ts';

export type * from './expression-syntax.ts';

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

/** `[a, b]`: names of tensors, those that come in or those that come out. */
export interface TensorNames {
  readonly span: Span;
  readonly names: readonly Identifier[];
}

/** `block Name[a, b](x, y = 1) { … }`; without `inputs` one tensor comes in, without a name. */
export interface BlockDecl {
  readonly kind: 'block';
  readonly span: Span;
  readonly doc?: DocComment;
  readonly name: Identifier;
  readonly inputs?: TensorNames;
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

/**
 * `cell Name[a, b](x) { 0 -> 1: op … }`, `cell Name = "|op~0|+…|"` (NAS-Bench-201) or `cell Name = [(op, 0), …]` (DARTS); without
 * `inputs` one tensor comes in.
 */
export interface CellDecl {
  readonly kind: 'cell';
  readonly span: Span;
  readonly doc?: DocComment;
  readonly name: Identifier;
  readonly inputs?: TensorNames;
  readonly params: readonly Param[];
  readonly definition: CellEdges | StringLiteral | CellGenotype | Missing;
}

/** `{ 0 -> 1: op … concat(1, 2) }`; without `output` the last node is the output. */
export interface CellEdges {
  readonly kind: 'edges';
  readonly span: Span;
  readonly edges: readonly CellEdge[];
  readonly output?: CellOutput;
}

/** `0 -> 1: flow`; the node it comes from may be a `choice(…)` of nodes. */
export interface CellEdge {
  readonly span: Span;
  readonly from: NumberLiteral | CallExpr;
  readonly to: NumberLiteral;
  readonly flow: Flow;
}

/** `[(op, 0), (op, 1), …] -> concat(2, 3)`: two edges a node, as DARTS writes cells; without `output` all nodes side by side. */
export interface CellGenotype {
  readonly kind: 'genotype';
  readonly span: Span;
  readonly list: ListExpr;
  readonly output?: CellOutput;
}

/** `concat(2, 3, 4, 5)`: the nodes that a cell gives, and how they become one. */
export interface CellOutput {
  readonly span: Span;
  readonly merge: 'add' | 'concat' | 'mul';
  readonly nodes: readonly NumberLiteral[];
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

/** `[name =] flow [: shape]`, or `[a, b] = flow` for a flow that gives several tensors */
export interface FlowStatement {
  readonly kind: 'flow-statement';
  readonly span: Span;
  readonly name?: Identifier;
  readonly names?: TensorNames;
  readonly flow: Flow;
  readonly assertion?: Expr;
}

/** `a -> b -> c`; elements in order, each fed by the one before. */
export interface Flow {
  readonly span: Span;
  readonly elements: readonly FlowElement[];
}

export type FlowElement =
  OpCall | TensorsElement | ResidualElement | ParallelElement | ChoiceElement | Missing;

/** `[a, b]` at the start of a flow: named tensors, all of which flow on. */
export interface TensorsElement {
  readonly kind: 'tensors';
  readonly span: Span;
  readonly names: readonly Identifier[];
}

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
