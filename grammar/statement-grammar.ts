import type { IToken } from 'chevrotain';
import { DocComments } from './doc-comments.ts';
import { ExpressionGrammar, type Rule } from './expression-grammar.ts';
import type {
  Body,
  ChoiceElement,
  Expr,
  Flow,
  FlowElement,
  ForStatement,
  LetDecl,
  OpCall,
  ParallelElement,
  ResidualElement,
  Statement,
  TensorNames,
  TensorsElement,
} from './syntax.ts';
import * as T from './tokens.ts';
import { ifChain, type IfPart } from './tree.ts';

/** The rules of bodies: statements and flows. */
export abstract class StatementGrammar extends ExpressionGrammar {
  protected docs = new DocComments('', []);

  protected readonly letDecl: Rule<LetDecl> = this.RULE('letDecl', (): LetDecl => {
    const mark = this.mark();
    const doc = this.documentation();
    this.CONSUME(T.Let);
    const name = this.SUBRULE(this.name);
    const equal = this.CONSUME(T.Equal);
    const value = this.goesOn(equal) ? this.SUBRULE(this.expression) : this.hole();
    return { kind: 'let', span: this.since(mark), ...doc, name, value };
  });

  protected readonly body: Rule<Body> = this.RULE('body', (): Body => {
    const mark = this.mark();
    const statements: Statement[] = [];
    this.CONSUME(T.LCurly);
    this.MANY({
      GATE: () => this.atStatement(),
      DEF: () => {
        statements.push(this.SUBRULE(this.statement));
      },
    });
    this.CONSUME(T.RCurly);
    return { span: this.since(mark), statements };
  });

  protected readonly statement: Rule<Statement> = this.RULE('statement', (): Statement =>
    this.OR([
      { ALT: () => this.SUBRULE(this.letDecl) },
      { ALT: () => this.SUBRULE(this.inputDecl) },
      { ALT: () => this.SUBRULE(this.classesDecl) },
      { ALT: () => this.SUBRULE(this.constraintDecl) },
      { ALT: () => this.SUBRULE(this.repeatStatement) },
      { ALT: () => this.SUBRULE(this.forStatement) },
      { ALT: () => this.SUBRULE(this.ifStatement) },
      { ALT: () => this.SUBRULE(this.flowStatement) },
    ]),
  );

  protected readonly inputDecl: Rule<Statement> = this.RULE('inputDecl', (): Statement => {
    const mark = this.mark();
    this.CONSUME(T.Input);
    const shape = this.SUBRULE(this.expression);
    return { kind: 'input', span: this.since(mark), shape };
  });

  protected readonly classesDecl: Rule<Statement> = this.RULE('classesDecl', (): Statement => {
    const mark = this.mark();
    this.CONSUME(T.Classes);
    const count = this.SUBRULE(this.expression);
    return { kind: 'classes', span: this.since(mark), count };
  });

  protected readonly constraintDecl: Rule<Statement> = this.RULE('constraintDecl', (): Statement => {
    const mark = this.mark();
    this.CONSUME(T.Constraint);
    const condition = this.SUBRULE(this.expression);
    return { kind: 'constraint', span: this.since(mark), condition };
  });

  protected readonly repeatStatement: Rule<Statement> = this.RULE('repeatStatement', (): Statement => {
    const mark = this.mark();
    this.CONSUME(T.Repeat);
    const count = this.SUBRULE(this.expression);
    const variable = this.OPTION(() => {
      this.CONSUME(T.As);
      return this.SUBRULE(this.name);
    });
    const body = this.SUBRULE(this.body);
    return { kind: 'repeat', span: this.since(mark), count, ...(variable && { variable }), body };
  });

  protected readonly forStatement: Rule<Statement> = this.RULE('forStatement', (): Statement => {
    const mark = this.mark();
    this.CONSUME(T.For);
    const pattern = this.SUBRULE(this.pattern);
    this.CONSUME(T.In);
    const iterable = this.SUBRULE(this.expression);
    const body = this.SUBRULE(this.body);
    return { kind: 'for', span: this.since(mark), ...pattern, iterable, body };
  });

  protected readonly pattern: Rule<Pick<ForStatement, 'pattern' | 'destructures'>> = this.RULE(
    'pattern',
    (): Pick<ForStatement, 'pattern' | 'destructures'> =>
      this.OR([
        { ALT: () => ({ pattern: [this.SUBRULE(this.name)], destructures: false }) },
        {
          ALT: () => {
            this.CONSUME(T.LParen);
            const pattern = [this.SUBRULE2(this.name)];
            this.MANY({
              GATE: () => this.atSeparator('pattern'),
              DEF: () => {
                this.CONSUME(T.Comma);
                pattern.push(this.SUBRULE3(this.name));
              },
            });
            this.OPTION(() => this.CONSUME2(T.Comma));
            this.CONSUME(T.RParen);
            return { pattern, destructures: true };
          },
        },
      ]),
    { recoveryValueFunc: () => ({ pattern: [], destructures: false }) },
  );

  protected readonly ifStatement: Rule<Statement> = this.RULE('ifStatement', (): Statement => {
    const parts: IfPart[] = [];
    const mark = this.mark();
    this.CONSUME(T.If);
    const condition = this.SUBRULE(this.condition);
    parts.push({ start: this.since(mark).start, condition, body: this.SUBRULE(this.body) });
    this.MANY(() => {
      this.CONSUME(T.Else);
      const start = this.mark();
      this.CONSUME2(T.If);
      const next = this.SUBRULE2(this.condition);
      parts.push({ start: this.since(start).start, condition: next, body: this.SUBRULE2(this.body) });
    });
    const otherwise = this.OPTION(() => {
      this.CONSUME2(T.Else);
      return this.SUBRULE3(this.body);
    });
    return ifChain(parts, otherwise, this.consumedEnd());
  });

  protected readonly condition: Rule<Expr> = this.RULE('condition', (): Expr => {
    if (!this.goesOn(this.CONSUME(T.LParen))) return this.hole();
    const condition = this.SUBRULE(this.expression);
    this.CONSUME(T.RParen);
    return condition;
  });

  protected readonly flowStatement: Rule<Statement> = this.RULE('flowStatement', (): Statement => {
    const mark = this.mark();
    const { flow, ...named } = this.OR([
      {
        ALT: () => {
          const names = this.SUBRULE(this.tensors);
          return this.OR2([
            {
              ALT: () => {
                this.CONSUME(T.Equal);
                return { names, flow: this.SUBRULE(this.flow) };
              },
            },
            { ALT: () => ({ flow: this.joined(mark, tensorsElement(names), this.SUBRULE(this.links)) }) },
          ]);
        },
      },
      {
        ALT: () => {
          const name = this.identifier(this.CONSUME(T.Identifier));
          this.CONSUME2(T.Equal);
          return { name, flow: this.SUBRULE2(this.flow) };
        },
      },
      {
        ALT: () => {
          const first = this.SUBRULE(this.element);
          return { flow: this.joined(mark, first, this.SUBRULE2(this.links)) };
        },
      },
    ]);
    const assertion = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.expression);
    });
    const span = this.around(mark, flow);
    return { kind: 'flow-statement', span, ...named, flow, ...(assertion && { assertion }) };
  });

  /** Names of several tensors. */
  protected readonly tensors: Rule<TensorNames> = this.RULE('tensors', (): TensorNames => {
    const mark = this.mark();
    this.CONSUME(T.LSquare);
    const names = [this.SUBRULE(this.name)];
    this.MANY({
      GATE: () => this.atSeparator('pattern'),
      DEF: () => {
        this.CONSUME(T.Comma);
        names.push(this.SUBRULE2(this.name));
      },
    });
    this.OPTION(() => this.CONSUME2(T.Comma));
    this.CONSUME(T.RSquare);
    return { span: this.since(mark), names };
  });

  protected readonly flow: Rule<Flow> = this.RULE('flow', (): Flow => {
    const mark = this.mark();
    const first = this.SUBRULE(this.head);
    return this.joined(mark, first, this.SUBRULE(this.links));
  });

  /** What a flow begins with. */
  protected readonly head: Rule<FlowElement> = this.RULE(
    'head',
    (): FlowElement =>
      this.OR({
        DEF: [
          { ALT: () => tensorsElement(this.SUBRULE(this.tensors)) },
          { ALT: () => this.SUBRULE(this.element) },
        ],
        ERR_MSG: 'element',
      }),
    { recoveryValueFunc: () => this.hole() },
  );

  /** The rest of a flow. */
  protected readonly links: Rule<readonly FlowElement[]> = this.RULE('links', (): readonly FlowElement[] => {
    const elements: FlowElement[] = [];
    this.MANY(() => {
      this.CONSUME(T.Arrow);
      elements.push(this.SUBRULE(this.element));
    });
    return elements;
  });

  private joined(mark: IToken, first: FlowElement, rest: readonly FlowElement[]): Flow {
    return { span: this.around(mark, first), elements: [first].concat(rest) };
  }

  protected readonly element: Rule<FlowElement> = this.RULE(
    'element',
    (): FlowElement =>
      this.OR([
        { ALT: () => this.SUBRULE(this.opCall) },
        { ALT: () => this.SUBRULE(this.choiceElement) },
        { ALT: () => this.SUBRULE(this.residual) },
        { ALT: () => this.SUBRULE(this.parallel) },
      ]),
    { recoveryValueFunc: () => this.hole() },
  );

  protected readonly opCall: Rule<OpCall> = this.RULE('opCall', (): OpCall => {
    const mark = this.mark();
    const callee = this.identifier(this.CONSUME(T.Callee));
    const args = this.OPTION(() => this.SUBRULE(this.args));
    return { kind: 'op-call', span: this.since(mark), callee, called: args !== undefined, args: args ?? [] };
  });

  protected readonly choiceElement: Rule<ChoiceElement> = this.RULE('choiceElement', (): ChoiceElement => {
    const choice = this.SUBRULE(this.choice);
    return { kind: 'choice-element', span: choice.span, choice };
  });

  protected readonly residual: Rule<ResidualElement> = this.RULE('residual', (): ResidualElement => {
    const mark = this.mark();
    this.CONSUME(T.Residual);
    const body = this.SUBRULE(this.body);
    const shortcut = this.OPTION(() => {
      this.CONSUME(T.Shortcut);
      return this.SUBRULE2(this.body);
    });
    return { kind: 'residual', span: this.since(mark), body, ...(shortcut && { shortcut }) };
  });

  protected readonly parallel: Rule<ParallelElement> = this.RULE('parallel', (): ParallelElement => {
    const mark = this.mark();
    this.CONSUME(T.Parallel);
    const merge = this.SUBRULE(this.merge);
    const branches = this.SUBRULE(this.branches);
    return { kind: 'parallel', span: this.since(mark), merge, branches };
  });

  protected readonly merge: Rule<ParallelElement['merge']> = this.RULE(
    'merge',
    (): ParallelElement['merge'] =>
      this.OR([
        {
          ALT: (): 'add' => {
            this.CONSUME(T.Add);
            return 'add';
          },
        },
        {
          ALT: (): 'concat' => {
            this.CONSUME(T.Concat);
            return 'concat';
          },
        },
        {
          ALT: (): 'mul' => {
            this.CONSUME(T.Mul);
            return 'mul';
          },
        },
      ]),
    { recoveryValueFunc: (): 'add' => 'add' },
  );

  protected readonly branches: Rule<readonly Body[]> = this.RULE('branches', (): readonly Body[] => {
    const branches: Body[] = [];
    this.CONSUME(T.LCurly);
    this.MANY({
      GATE: () => this.atBranch(),
      DEF: () => {
        this.CONSUME(T.Branch);
        branches.push(this.SUBRULE(this.body));
      },
    });
    this.CONSUME(T.RCurly);
    return branches;
  });

  protected emptyFlow(): Flow {
    const hole = this.hole();
    return { span: hole.span, elements: [hole] };
  }

  /** The documentation of the declaration that is next. */
  protected documentation(): Pick<LetDecl, 'doc'> {
    const next = this.LA(1);
    const doc = this.docs.above(next.startOffset);
    return doc ? { doc } : {};
  }
}

function tensorsElement({ span, names }: TensorNames): TensorsElement {
  return { kind: 'tensors', span, names };
}
