import type { CstNode } from 'chevrotain';
import { node, nodes, spanOfNode, token, tokens } from './cst.ts';
import type { DocComments } from './doc-comments.ts';
import { ExpressionBuilder, missingAtEnd, numberLiteral, stringLiteral } from './expressions.ts';
import type {
  Body,
  CellDecl,
  CellEdge,
  Flow,
  FlowElement,
  ForStatement,
  Identifier,
  IfStatement,
  Item,
  LetDecl,
  ParallelElement,
  Param,
  RepeatStatement,
  ResidualElement,
  SourceFile,
  Span,
  Statement,
} from './syntax.ts';
import * as T from './tokens.ts';

/** The syntax tree from the concrete syntax. What error recovery left out becomes holes; nothing is reported here. */
export class TreeBuilder {
  readonly #expressions = new ExpressionBuilder();
  readonly #docs: DocComments;

  constructor(docs: DocComments) {
    this.#docs = docs;
  }

  /** Where keywords are used as names, once the tree is built. */
  get names(): ReadonlySet<number> {
    return this.#expressions.names;
  }

  file(parent: CstNode, span: Span): SourceFile {
    return { kind: 'file', span, items: nodes(parent, 'item').flatMap((item) => this.#item(item) ?? []) };
  }

  #item(parent: CstNode): Item | undefined {
    const child = onlyNode(parent);
    if (!child) return undefined;
    const span = spanOfNode(child);
    switch (child.name) {
      case 'importDecl': {
        const path = token(child, T.StringToken);
        const names = nodes(child, 'name').map((name) => this.#name(name));
        return { kind: 'import', span, names, path: path ? stringLiteral(path) : missingAtEnd(child) };
      }
      case 'letDecl':
        return this.#let(child);
      case 'blockDecl': {
        const parameters = node(child, 'parameters');
        const params = parameters ? nodes(parameters, 'parameter').map((param) => this.#param(param)) : [];
        return { kind: 'block', span, ...this.#head(child), params, body: this.#bodyIn(child) };
      }
      case 'modelDecl':
        return { kind: 'model', span, ...this.#head(child), body: this.#bodyIn(child) };
      case 'spaceDecl':
        return { kind: 'space', span, ...this.#head(child), body: this.#bodyIn(child) };
      case 'cellDecl':
        return { kind: 'cell', span, ...this.#head(child), definition: this.#definition(child) };
      default:
        return undefined;
    }
  }

  #head(parent: CstNode): Pick<LetDecl, 'doc' | 'name'> {
    const doc = this.#docs.above(spanOfNode(parent).start);
    return { ...(doc && { doc }), name: this.#nameIn(parent) };
  }

  #nameIn(parent: CstNode): Identifier {
    const found = node(parent, 'name');
    return found ? this.#name(found) : { kind: 'identifier', span: missingAtEnd(parent).span, name: '' };
  }

  #name(parent: CstNode): Identifier {
    const word = token(parent, T.Name);
    return word
      ? this.#expressions.identifier(word)
      : { kind: 'identifier', span: spanOfNode(parent), name: '' };
  }

  #let(parent: CstNode): LetDecl {
    const value = this.#expressions.expressionIn(parent);
    return { kind: 'let', span: spanOfNode(parent), ...this.#head(parent), value };
  }

  #param(parent: CstNode): Param {
    const defaultValue = node(parent, 'expression');
    return {
      span: spanOfNode(parent),
      name: this.#nameIn(parent),
      ...(defaultValue && { defaultValue: this.#expressions.expression(defaultValue) }),
    };
  }

  #definition(parent: CstNode): CellDecl['definition'] {
    const edges = node(parent, 'edges');
    if (edges)
      return {
        kind: 'edges',
        span: spanOfNode(edges),
        edges: nodes(edges, 'edge').flatMap((edge) => this.#edge(edge) ?? []),
      };
    const genotype = token(parent, T.StringToken);
    return genotype ? stringLiteral(genotype) : missingAtEnd(parent);
  }

  /** Nothing for an edge without both of its nodes: what it connects is unknown. */
  #edge(parent: CstNode): CellEdge | undefined {
    const [from, to] = tokens(parent, T.NumberToken).map(numberLiteral);
    if (!from || !to) return undefined;
    return { span: spanOfNode(parent), from, to, flow: this.#flowIn(parent) };
  }

  #bodyIn(parent: CstNode): Body {
    const found = node(parent, 'body');
    return found ? this.#body(found) : { span: missingAtEnd(parent).span, statements: [] };
  }

  #body(parent: CstNode): Body {
    return {
      span: spanOfNode(parent),
      statements: nodes(parent, 'statement').flatMap((statement) => this.#statement(statement) ?? []),
    };
  }

  #statement(parent: CstNode): Statement | undefined {
    const child = onlyNode(parent);
    if (!child) return undefined;
    const span = spanOfNode(child);
    switch (child.name) {
      case 'letDecl':
        return this.#let(child);
      case 'inputDecl':
        return { kind: 'input', span, shape: this.#expressions.expressionIn(child) };
      case 'classesDecl':
        return { kind: 'classes', span, count: this.#expressions.expressionIn(child) };
      case 'constraintDecl':
        return { kind: 'constraint', span, condition: this.#expressions.expressionIn(child) };
      case 'repeatStatement':
        return this.#repeat(child);
      case 'forStatement':
        return this.#for(child);
      case 'ifStatement':
        return this.#if(child);
      case 'flowStatement': {
        const name = token(child, T.Identifier);
        const assertion = node(child, 'expression');
        return {
          kind: 'flow-statement',
          span,
          ...(name && { name: this.#expressions.identifier(name) }),
          flow: this.#flowIn(child),
          ...(assertion && { assertion: this.#expressions.expression(assertion) }),
        };
      }
      default:
        return undefined;
    }
  }

  #repeat(parent: CstNode): RepeatStatement {
    return {
      kind: 'repeat',
      span: spanOfNode(parent),
      count: this.#expressions.expressionIn(parent),
      ...(token(parent, T.As) && { variable: this.#nameIn(parent) }),
      body: this.#bodyIn(parent),
    };
  }

  #for(parent: CstNode): ForStatement {
    const pattern = node(parent, 'pattern');
    return {
      kind: 'for',
      span: spanOfNode(parent),
      pattern: pattern ? nodes(pattern, 'name').map((name) => this.#name(name)) : [],
      destructures: pattern !== undefined && token(pattern, T.LParen) !== undefined,
      iterable: this.#expressions.expressionIn(parent),
      body: this.#bodyIn(parent),
    };
  }

  /** `if … else if … else …`, innermost first: an `else if` is a body that holds one `if`. */
  #if(parent: CstNode): IfStatement {
    const keywords = tokens(parent, T.If);
    const conditions = nodes(parent, 'condition');
    const bodies = nodes(parent, 'body').map((body) => this.#body(body));
    const { end } = spanOfNode(parent);
    let otherwise = bodies[keywords.length];
    for (let index = keywords.length - 1; ; index--) {
      const condition = conditions[index];
      const statement: IfStatement = {
        kind: 'if',
        span: { start: keywords[index]!.startOffset, end },
        condition: condition ? this.#expressions.expressionIn(condition) : missingAtEnd(parent),
        body: bodies[index] ?? { span: missingAtEnd(parent).span, statements: [] },
        ...(otherwise && { otherwise }),
      };
      if (index === 0) return statement;
      otherwise = { span: statement.span, statements: [statement] };
    }
  }

  #flowIn(parent: CstNode): Flow {
    const found = node(parent, 'flow');
    if (!found) return { span: missingAtEnd(parent).span, elements: [missingAtEnd(parent)] };
    return {
      span: spanOfNode(found),
      elements: nodes(found, 'element').map((element) => this.#element(element)),
    };
  }

  #element(parent: CstNode): FlowElement {
    const child = onlyNode(parent);
    const span = spanOfNode(parent);
    if (!child) return { kind: 'missing', span };
    switch (child.name) {
      case 'opCall': {
        const args = node(child, 'args');
        return {
          kind: 'op-call',
          span,
          callee: this.#expressions.identifier(token(child, T.Callee)!),
          called: args !== undefined,
          args: args ? this.#expressions.args(args) : [],
        };
      }
      case 'choice':
        return { kind: 'choice-element', span, choice: this.#expressions.choice(child) };
      case 'residual':
        return this.#residual(child);
      case 'parallel':
        return this.#parallel(child);
      default:
        return { kind: 'missing', span };
    }
  }

  #residual(parent: CstNode): ResidualElement {
    const shortcut = nodes(parent, 'body')[1];
    return {
      kind: 'residual',
      span: spanOfNode(parent),
      body: this.#bodyIn(parent),
      ...(shortcut && { shortcut: this.#body(shortcut) }),
    };
  }

  /** A missing merge counts as `add`: the problem has been reported. */
  #parallel(parent: CstNode): ParallelElement {
    const branches = node(parent, 'branches');
    return {
      kind: 'parallel',
      span: spanOfNode(parent),
      merge: token(parent, T.Concat) ? 'concat' : 'add',
      branches: branches ? nodes(branches, 'body').map((body) => this.#body(body)) : [],
    };
  }
}

/** The alternative a rule took. */
function onlyNode(parent: CstNode): CstNode | undefined {
  for (const key in parent.children) return parent.children[key]![0] as CstNode;
  return undefined;
}
