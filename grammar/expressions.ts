import type { CstNode, IToken } from 'chevrotain';
import { node, nodes, spanOfNode, token, tokens } from './cst.ts';
import { spanOf } from './problem.ts';
import type {
  Argument,
  BinaryExpr,
  BinaryOperator,
  CallExpr,
  Expr,
  Identifier,
  Missing,
  NumberLiteral,
  StringLiteral,
  UnaryExpr,
} from './syntax.ts';
import * as T from './tokens.ts';

/** How tightly an operator binds; all are left-associative. The conditional `? :` binds less than any of them. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};

const SUFFIXES: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9 };

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

/** Expressions of the syntax tree from their concrete syntax. Holes become `Missing`. */
export class ExpressionBuilder {
  /** Where keywords are used as names. */
  readonly names = new Set<number>();

  /** The expression below `parent`, or a hole at its end. */
  expressionIn(parent: CstNode): Expr {
    const found = node(parent, 'expression');
    return found ? this.expression(found) : missingAtEnd(parent);
  }

  expression(parent: CstNode): Expr {
    const operation = node(parent, 'operation');
    const condition = operation ? this.#operation(operation) : missingAtEnd(parent);
    if (!token(parent, T.Question)) return condition;
    const [whenTrue, whenFalse] = nodes(parent, 'expression');
    return {
      kind: 'conditional',
      span: spanOfNode(parent),
      condition,
      whenTrue: whenTrue ? this.expression(whenTrue) : missingAtEnd(parent),
      whenFalse: whenFalse ? this.expression(whenFalse) : missingAtEnd(parent),
    };
  }

  args(parent: CstNode): readonly Argument[] {
    return nodes(parent, 'argument').map((argument) => {
      const word = token(argument, T.Word);
      return {
        span: spanOfNode(argument),
        ...(word && { name: this.identifier(word) }),
        value: this.expressionIn(argument),
      };
    });
  }

  /** `choice(…)`, as a value or as an op. */
  choice(parent: CstNode): CallExpr {
    const callee = token(parent, T.Choice)!;
    const args = node(parent, 'args');
    return {
      kind: 'call',
      span: spanOfNode(parent),
      callee: { kind: 'identifier', span: spanOf(callee), name: callee.image },
      args: args ? this.args(args) : [],
    };
  }

  identifier(word: IToken): Identifier {
    this.names.add(word.startOffset);
    return { kind: 'identifier', span: spanOf(word), name: word.image };
  }

  /** Precedence climbing over the flat list of operands. */
  #operation(parent: CstNode): Expr {
    const operands = nodes(parent, 'operand');
    const operators = tokens(parent, T.Infix);
    const waiting: { readonly left: Expr; readonly operator: BinaryOperator }[] = [];
    let current = this.#operand(operands[0]!);
    operators.forEach((sign, index) => {
      const operator = sign.tokenType.LABEL as BinaryOperator;
      current = reduce(current, waiting, PRECEDENCE[operator]);
      waiting.push({ left: current, operator });
      const next = operands[index + 1];
      current = next ? this.#operand(next) : missingAtEnd(parent);
    });
    return reduce(current, waiting, 0);
  }

  #operand(parent: CstNode): Expr {
    const primary = node(parent, 'primary');
    const end = spanOfNode(parent).end;
    const operand = primary ? this.#primary(primary) : missingAtEnd(parent);
    return tokens(parent, T.Prefix).reduceRight<Expr>(
      (inner, sign): UnaryExpr => ({
        kind: 'unary',
        span: { start: sign.startOffset, end },
        operator: sign.tokenType.LABEL as UnaryExpr['operator'],
        operand: inner,
      }),
      operand,
    );
  }

  #primary(parent: CstNode): Expr {
    const span = spanOfNode(parent);
    for (const key in parent.children) {
      const child = parent.children[key]![0]!;
      if ('image' in child) return literal(child);
      switch (child.name) {
        case 'reference':
          return this.#reference(child);
        case 'choice':
          return this.choice(child);
        case 'list':
          return { kind: 'list', span, elements: this.#elements(child) };
        case 'group': {
          const elements = this.#elements(child);
          if (elements.length > 1 || tokens(child, T.Comma).length > 0)
            return { kind: 'tuple', span, elements };
          return elements[0] ?? { kind: 'missing', span };
        }
      }
    }
    return { kind: 'missing', span };
  }

  #elements(parent: CstNode): readonly Expr[] {
    return nodes(parent, 'expression').map((element) => this.expression(element));
  }

  #reference(parent: CstNode): Expr {
    const callee = this.identifier(token(parent, T.Name)!);
    const args = node(parent, 'args');
    if (!args) return { kind: 'name', span: callee.span, name: callee.name };
    return { kind: 'call', span: spanOfNode(parent), callee, args: this.args(args) };
  }
}

/** Joins the operations that bind at least as tightly as `precedence`. */
function reduce(
  last: Expr,
  waiting: { readonly left: Expr; readonly operator: BinaryOperator }[],
  precedence: number,
): Expr {
  let right = last;
  for (;;) {
    const top = waiting[waiting.length - 1];
    if (!top || PRECEDENCE[top.operator] < precedence) return right;
    waiting.pop();
    const joined: BinaryExpr = {
      kind: 'binary',
      span: { start: top.left.span.start, end: right.span.end },
      operator: top.operator,
      left: top.left,
      right,
    };
    right = joined;
  }
}

function literal(word: IToken): Expr {
  const span = spanOf(word);
  switch (word.tokenType) {
    case T.NumberToken:
      return numberLiteral(word) ?? { kind: 'missing', span };
    case T.Dims:
      return { kind: 'dims', span, values: word.image.split('x').map(Number) };
    case T.StringToken:
      return stringLiteral(word);
    default:
      return { kind: 'boolean', span, value: word.tokenType === T.True };
  }
}

/** Nothing for a malformed number, which the lexer has reported. */
export function numberLiteral(word: IToken): NumberLiteral | undefined {
  const parts = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([KMG]?)$/.exec(word.image);
  if (!parts) return undefined;
  return { kind: 'number', span: spanOf(word), value: Number(parts[1]) * (SUFFIXES[parts[2]!] ?? 1) };
}

export function stringLiteral(word: IToken): StringLiteral {
  const { image } = word;
  const inner = image.length > 1 && /['"\u201c\u201d]$/.test(image) ? image.slice(1, -1) : image.slice(1);
  const value = inner.replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
  return { kind: 'string', span: spanOf(word), value };
}

export function missingAtEnd(parent: CstNode): Missing {
  const { end } = spanOfNode(parent);
  return { kind: 'missing', span: { start: end, end } };
}
