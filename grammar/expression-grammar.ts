import type { IToken, ParserMethod } from 'chevrotain';
import { spanOf } from './problem.ts';
import { ResyncingParser } from './recovery/resync.ts';
import type { Argument, CallExpr, Expr, Identifier, ListExpr } from './syntax.ts';
import * as T from './tokens.ts';
import {
  dimsLiteral,
  isThere,
  numberLiteral,
  operation,
  signed,
  stringLiteral,
  type Operand,
} from './tree.ts';

export type Rule<Value> = ParserMethod<[], Value>;

/** The rules of values: names, arguments and expressions. */
export abstract class ExpressionGrammar extends ResyncingParser {
  /** Where keywords are used as names. */
  keywordNames = new Set<number>();

  protected readonly name: Rule<Identifier> = this.RULE('name', (): Identifier =>
    this.identifier(this.CONSUME(T.Name)),
  );

  protected readonly args: Rule<readonly Argument[]> = this.RULE('args', (): readonly Argument[] => {
    const args: Argument[] = [];
    if (!isThere(this.CONSUME(T.LParen))) return args;
    this.OPTION({
      GATE: () => this.atElement('argument'),
      DEF: () => {
        args.push(this.SUBRULE(this.argument));
        this.MANY({
          GATE: () => this.atSeparator('argument'),
          DEF: () => {
            this.CONSUME(T.Comma);
            args.push(this.SUBRULE2(this.argument));
          },
        });
        this.OPTION2(() => this.CONSUME2(T.Comma));
      },
    });
    this.CONSUME(T.RParen);
    return args;
  });

  protected readonly argument: Rule<Argument> = this.RULE('argument', (): Argument => {
    const mark = this.mark();
    let name: Identifier | undefined;
    this.OPTION(() => {
      name = this.identifier(this.CONSUME(T.Word));
      this.CONSUME(T.Equal);
    });
    const value = this.SUBRULE(this.expression);
    return { span: this.around(mark, name ?? value), ...(name && { name }), value };
  });

  protected readonly expression: Rule<Expr> = this.RULE('expression', (): Expr => {
    const start = this.mark();
    const first = this.SUBRULE(this.operand);
    const operands: Operand[] = [];
    const operators: IToken[] = [];
    this.MANY(() => {
      if (operands.length === 0) operands.push({ value: first, extent: this.around(start, first) });
      operators.push(this.CONSUME(T.Infix));
      const mark = this.mark();
      const value = this.SUBRULE2(this.operand);
      operands.push({ value, extent: this.around(mark, value) });
    });
    const condition = operators.length === 0 ? first : operation(operands, operators);
    return (
      this.OPTION((): Expr => {
        this.CONSUME(T.Question);
        const whenTrue = this.SUBRULE(this.expression);
        const colon = this.CONSUME(T.Colon);
        const whenFalse = this.goesOn(colon) ? this.SUBRULE2(this.expression) : this.hole();
        return { kind: 'conditional', span: this.around(start, condition), condition, whenTrue, whenFalse };
      }) ?? condition
    );
  });

  protected readonly operand: Rule<Expr> = this.RULE('operand', (): Expr => {
    const signs: IToken[] = [];
    this.MANY(() => {
      signs.push(this.CONSUME(T.Prefix));
    });
    const start = this.mark();
    let value: Expr = this.SUBRULE(this.primary);
    this.MANY2({
      GATE: () => value.kind === 'index' || this.atIndex(),
      DEF: () => {
        this.CONSUME(T.LSquare);
        const index = this.SUBRULE(this.expression);
        this.CONSUME(T.RSquare);
        value = { kind: 'index', span: this.since(start), list: value, index };
      },
    });
    return signs.length === 0 ? value : signed(signs, value, this.consumedEnd());
  });

  protected readonly primary: Rule<Expr> = this.RULE(
    'primary',
    (): Expr =>
      this.OR([
        { ALT: () => numberLiteral(this.CONSUME(T.NumberToken)) },
        { ALT: () => dimsLiteral(this.CONSUME(T.Dims)) },
        { ALT: () => stringLiteral(this.CONSUME(T.StringToken)) },
        { ALT: (): Expr => ({ kind: 'boolean', span: spanOf(this.CONSUME(T.True)), value: true }) },
        { ALT: (): Expr => ({ kind: 'boolean', span: spanOf(this.CONSUME(T.False)), value: false }) },
        { GATE: () => this.atValue(), ALT: () => this.SUBRULE(this.reference) },
        { ALT: () => this.SUBRULE(this.choice) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.group) },
      ]),
    { recoveryValueFunc: () => this.hole() },
  );

  protected readonly reference: Rule<Expr> = this.RULE('reference', (): Expr => {
    const mark = this.mark();
    const callee = this.identifier(this.CONSUME(T.Name));
    const args = this.OPTION(() => this.SUBRULE(this.args));
    if (!args) return { kind: 'name', span: callee.span, name: callee.name };
    return { kind: 'call', span: this.since(mark), callee, args };
  });

  /** As a value or as an op. */
  protected readonly choice: Rule<CallExpr> = this.RULE('choice', (): CallExpr => {
    const mark = this.mark();
    const token = this.CONSUME(T.Choice);
    const callee: Identifier = { kind: 'identifier', span: spanOf(token), name: token.image };
    const args = this.SUBRULE(this.args);
    return { kind: 'call', span: this.since(mark), callee, args };
  });

  protected readonly list: Rule<ListExpr> = this.RULE('list', (): ListExpr => {
    const mark = this.mark();
    const elements: Expr[] = [];
    this.CONSUME(T.LSquare);
    this.OPTION({
      GATE: () => this.atElement('element'),
      DEF: () => {
        elements.push(this.SUBRULE(this.expression));
        this.MANY({
          GATE: () => this.atSeparator('element'),
          DEF: () => {
            this.CONSUME(T.Comma);
            elements.push(this.SUBRULE2(this.expression));
          },
        });
        this.OPTION2(() => this.CONSUME2(T.Comma));
      },
    });
    this.CONSUME(T.RSquare);
    return { kind: 'list', span: this.since(mark), elements };
  });

  /** Parentheses around one expression, or a tuple. */
  protected readonly group: Rule<Expr> = this.RULE('group', (): Expr => {
    const mark = this.mark();
    this.CONSUME(T.LParen);
    const elements = [this.SUBRULE(this.expression)];
    this.MANY({
      GATE: () => this.atSeparator('element'),
      DEF: () => {
        this.CONSUME(T.Comma);
        elements.push(this.SUBRULE2(this.expression));
      },
    });
    const comma = this.OPTION(() => this.CONSUME2(T.Comma));
    this.CONSUME(T.RParen);
    if (elements.length > 1 || comma) return { kind: 'tuple', span: this.since(mark), elements };
    return elements[0]!;
  });

  protected identifier(token: IToken): Identifier {
    if (token.tokenType !== T.Identifier && isThere(token)) this.keywordNames.add(token.startOffset);
    return { kind: 'identifier', span: spanOf(token), name: token.image };
  }
}
