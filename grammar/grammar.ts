import { EOF, type CstNode, type ParserMethod } from 'chevrotain';
import { ResyncingParser } from './resync.ts';
import * as T from './tokens.ts';

type Rule = ParserMethod<[], CstNode>;

/**
 * The grammar, one rule a construct; `grammar/README.md` holds the same rules in EBNF. Everything is decided by
 * at most two tokens. Gates only skip what cannot be parsed, they never decide between readings of a valid text.
 */
export class ArchParser extends ResyncingParser {
  constructor(skipValidations: boolean) {
    super(T.VOCABULARY, {
      maxLookahead: 2,
      recoveryEnabled: false,
      nodeLocationTracking: 'onlyOffset',
      skipValidations,
    });
    this.performSelfAnalysis();
  }

  readonly file: Rule = this.RULE('file', () => {
    this.MANY({ GATE: () => this.atItem(), DEF: () => this.SUBRULE(this.item) });
    this.CONSUME(EOF);
  });

  readonly item: Rule = this.RULE('item', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importDecl) },
      { ALT: () => this.SUBRULE(this.letDecl) },
      { ALT: () => this.SUBRULE(this.blockDecl) },
      { ALT: () => this.SUBRULE(this.modelDecl) },
      { ALT: () => this.SUBRULE(this.spaceDecl) },
      { ALT: () => this.SUBRULE(this.cellDecl) },
    ]);
  });

  readonly importDecl: Rule = this.RULE('importDecl', () => {
    this.CONSUME(T.Import);
    this.CONSUME(T.LCurly);
    this.OPTION({
      GATE: () => this.atElement('import'),
      DEF: () => {
        this.SUBRULE(this.name);
        this.MANY({
          GATE: () => this.atSeparator('import'),
          DEF: () => {
            this.CONSUME(T.Comma);
            this.SUBRULE2(this.name);
          },
        });
        this.OPTION2(() => this.CONSUME2(T.Comma));
      },
    });
    this.CONSUME(T.RCurly);
    this.CONSUME(T.From);
    this.CONSUME(T.StringToken);
  });

  readonly letDecl: Rule = this.RULE('letDecl', () => {
    this.CONSUME(T.Let);
    this.SUBRULE(this.name);
    this.CONSUME(T.Equal);
    this.SUBRULE(this.expression);
  });

  readonly blockDecl: Rule = this.RULE('blockDecl', () => {
    this.CONSUME(T.Block);
    this.SUBRULE(this.name);
    this.OPTION(() => this.SUBRULE(this.parameters));
    this.SUBRULE(this.body);
  });

  readonly parameters: Rule = this.RULE('parameters', () => {
    this.CONSUME(T.LParen);
    this.OPTION({
      GATE: () => this.atElement('parameter'),
      DEF: () => {
        this.SUBRULE(this.parameter);
        this.MANY({
          GATE: () => this.atSeparator('parameter'),
          DEF: () => {
            this.CONSUME(T.Comma);
            this.SUBRULE2(this.parameter);
          },
        });
        this.OPTION2(() => this.CONSUME2(T.Comma));
      },
    });
    this.CONSUME(T.RParen);
  });

  readonly parameter: Rule = this.RULE('parameter', () => {
    this.SUBRULE(this.name);
    this.OPTION(() => {
      this.CONSUME(T.Equal);
      this.SUBRULE(this.expression);
    });
  });

  readonly modelDecl: Rule = this.RULE('modelDecl', () => {
    this.CONSUME(T.Model);
    this.SUBRULE(this.name);
    this.SUBRULE(this.body);
  });

  readonly spaceDecl: Rule = this.RULE('spaceDecl', () => {
    this.CONSUME(T.Space);
    this.SUBRULE(this.name);
    this.SUBRULE(this.body);
  });

  readonly cellDecl: Rule = this.RULE('cellDecl', () => {
    this.CONSUME(T.Cell);
    this.SUBRULE(this.name);
    this.OR({
      ERR_MSG: 'cellDefinition',
      DEF: [
        { ALT: () => this.SUBRULE(this.edges) },
        {
          ALT: () => {
            this.CONSUME(T.Equal);
            this.CONSUME(T.StringToken);
          },
        },
      ],
    });
  });

  readonly edges: Rule = this.RULE('edges', () => {
    this.CONSUME(T.LCurly);
    this.MANY({ GATE: () => this.atEdge(), DEF: () => this.SUBRULE(this.edge) });
    this.CONSUME(T.RCurly);
  });

  readonly edge: Rule = this.RULE('edge', () => {
    this.CONSUME(T.NumberToken);
    this.CONSUME(T.Arrow);
    this.CONSUME2(T.NumberToken);
    this.CONSUME(T.Colon);
    this.SUBRULE(this.flow);
  });

  readonly body: Rule = this.RULE('body', () => {
    this.CONSUME(T.LCurly);
    this.MANY({ GATE: () => this.atStatement(), DEF: () => this.SUBRULE(this.statement) });
    this.CONSUME(T.RCurly);
  });

  readonly statement: Rule = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.letDecl) },
      { ALT: () => this.SUBRULE(this.inputDecl) },
      { ALT: () => this.SUBRULE(this.classesDecl) },
      { ALT: () => this.SUBRULE(this.constraintDecl) },
      { ALT: () => this.SUBRULE(this.repeatStatement) },
      { ALT: () => this.SUBRULE(this.forStatement) },
      { ALT: () => this.SUBRULE(this.ifStatement) },
      { ALT: () => this.SUBRULE(this.flowStatement) },
    ]);
  });

  readonly inputDecl: Rule = this.RULE('inputDecl', () => {
    this.CONSUME(T.Input);
    this.SUBRULE(this.expression);
  });

  readonly classesDecl: Rule = this.RULE('classesDecl', () => {
    this.CONSUME(T.Classes);
    this.SUBRULE(this.expression);
  });

  readonly constraintDecl: Rule = this.RULE('constraintDecl', () => {
    this.CONSUME(T.Constraint);
    this.SUBRULE(this.expression);
  });

  readonly repeatStatement: Rule = this.RULE('repeatStatement', () => {
    this.CONSUME(T.Repeat);
    this.SUBRULE(this.expression);
    this.OPTION(() => {
      this.CONSUME(T.As);
      this.SUBRULE(this.name);
    });
    this.SUBRULE(this.body);
  });

  readonly forStatement: Rule = this.RULE('forStatement', () => {
    this.CONSUME(T.For);
    this.SUBRULE(this.pattern);
    this.CONSUME(T.In);
    this.SUBRULE(this.expression);
    this.SUBRULE(this.body);
  });

  readonly pattern: Rule = this.RULE('pattern', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.name) },
      {
        ALT: () => {
          this.CONSUME(T.LParen);
          this.SUBRULE2(this.name);
          this.MANY({
            GATE: () => this.atSeparator('pattern'),
            DEF: () => {
              this.CONSUME(T.Comma);
              this.SUBRULE3(this.name);
            },
          });
          this.OPTION(() => this.CONSUME2(T.Comma));
          this.CONSUME(T.RParen);
        },
      },
    ]);
  });

  readonly ifStatement: Rule = this.RULE('ifStatement', () => {
    this.CONSUME(T.If);
    this.SUBRULE(this.condition);
    this.SUBRULE(this.body);
    this.MANY(() => {
      this.CONSUME(T.Else);
      this.CONSUME2(T.If);
      this.SUBRULE2(this.condition);
      this.SUBRULE2(this.body);
    });
    this.OPTION(() => {
      this.CONSUME2(T.Else);
      this.SUBRULE3(this.body);
    });
  });

  readonly condition: Rule = this.RULE('condition', () => {
    this.CONSUME(T.LParen);
    this.SUBRULE(this.expression);
    this.CONSUME(T.RParen);
  });

  readonly flowStatement: Rule = this.RULE('flowStatement', () => {
    this.OPTION(() => {
      this.CONSUME(T.Identifier);
      this.CONSUME(T.Equal);
    });
    this.SUBRULE(this.flow);
    this.OPTION2(() => {
      this.CONSUME(T.Colon);
      this.SUBRULE(this.expression);
    });
  });

  readonly flow: Rule = this.RULE('flow', () => {
    this.SUBRULE(this.element);
    this.MANY(() => {
      this.CONSUME(T.Arrow);
      this.SUBRULE2(this.element);
    });
  });

  readonly element: Rule = this.RULE('element', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.opCall) },
      { ALT: () => this.SUBRULE(this.choice) },
      { ALT: () => this.SUBRULE(this.residual) },
      { ALT: () => this.SUBRULE(this.parallel) },
    ]);
  });

  readonly opCall: Rule = this.RULE('opCall', () => {
    this.CONSUME(T.Callee);
    this.OPTION(() => this.SUBRULE(this.args));
  });

  readonly choice: Rule = this.RULE('choice', () => {
    this.CONSUME(T.Choice);
    this.SUBRULE(this.args);
  });

  readonly residual: Rule = this.RULE('residual', () => {
    this.CONSUME(T.Residual);
    this.SUBRULE(this.body);
    this.OPTION(() => {
      this.CONSUME(T.Shortcut);
      this.SUBRULE2(this.body);
    });
  });

  readonly parallel: Rule = this.RULE('parallel', () => {
    this.CONSUME(T.Parallel);
    this.OR({
      ERR_MSG: 'merge',
      DEF: [{ ALT: () => this.CONSUME(T.Add) }, { ALT: () => this.CONSUME(T.Concat) }],
    });
    this.SUBRULE(this.branches);
  });

  readonly branches: Rule = this.RULE('branches', () => {
    this.CONSUME(T.LCurly);
    this.MANY({
      GATE: () => this.atBranch(),
      DEF: () => {
        this.CONSUME(T.Branch);
        this.SUBRULE(this.body);
      },
    });
    this.CONSUME(T.RCurly);
  });

  readonly args: Rule = this.RULE('args', () => {
    this.CONSUME(T.LParen);
    this.OPTION({
      GATE: () => this.atElement('argument'),
      DEF: () => {
        this.SUBRULE(this.argument);
        this.MANY({
          GATE: () => this.atSeparator('argument'),
          DEF: () => {
            this.CONSUME(T.Comma);
            this.SUBRULE2(this.argument);
          },
        });
        this.OPTION2(() => this.CONSUME2(T.Comma));
      },
    });
    this.CONSUME(T.RParen);
  });

  readonly argument: Rule = this.RULE('argument', () => {
    this.OPTION(() => {
      this.CONSUME(T.Word);
      this.CONSUME(T.Equal);
    });
    this.SUBRULE(this.expression);
  });

  readonly expression: Rule = this.RULE('expression', () => {
    this.SUBRULE(this.operation);
    this.OPTION(() => {
      this.CONSUME(T.Question);
      this.SUBRULE2(this.expression);
      this.CONSUME(T.Colon);
      this.SUBRULE3(this.expression);
    });
  });

  readonly operation: Rule = this.RULE('operation', () => {
    this.SUBRULE(this.operand);
    this.MANY(() => {
      this.CONSUME(T.Infix);
      this.SUBRULE2(this.operand);
    });
  });

  readonly operand: Rule = this.RULE('operand', () => {
    this.MANY(() => this.CONSUME(T.Prefix));
    this.SUBRULE(this.primary);
  });

  readonly primary: Rule = this.RULE('primary', () => {
    this.OR([
      { ALT: () => this.CONSUME(T.NumberToken) },
      { ALT: () => this.CONSUME(T.Dims) },
      { ALT: () => this.CONSUME(T.StringToken) },
      { ALT: () => this.CONSUME(T.True) },
      { ALT: () => this.CONSUME(T.False) },
      { GATE: () => this.atValue(), ALT: () => this.SUBRULE(this.reference) },
      { ALT: () => this.SUBRULE(this.choice) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.group) },
    ]);
  });

  readonly reference: Rule = this.RULE('reference', () => {
    this.CONSUME(T.Name);
    this.OPTION(() => this.SUBRULE(this.args));
  });

  readonly list: Rule = this.RULE('list', () => {
    this.CONSUME(T.LSquare);
    this.OPTION({
      GATE: () => this.atElement('element'),
      DEF: () => {
        this.SUBRULE(this.expression);
        this.MANY({
          GATE: () => this.atSeparator('element'),
          DEF: () => {
            this.CONSUME(T.Comma);
            this.SUBRULE2(this.expression);
          },
        });
        this.OPTION2(() => this.CONSUME2(T.Comma));
      },
    });
    this.CONSUME(T.RSquare);
  });

  /** Parentheses around one expression, or a tuple. */
  readonly group: Rule = this.RULE('group', () => {
    this.CONSUME(T.LParen);
    this.SUBRULE(this.expression);
    this.MANY({
      GATE: () => this.atSeparator('element'),
      DEF: () => {
        this.CONSUME(T.Comma);
        this.SUBRULE2(this.expression);
      },
    });
    this.OPTION(() => this.CONSUME2(T.Comma));
    this.CONSUME(T.RParen);
  });

  readonly name: Rule = this.RULE('name', () => {
    this.CONSUME(T.Name);
  });
}
