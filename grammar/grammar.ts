import { EOF, type IToken } from 'chevrotain';
import type { DocComments } from './doc-comments.ts';
import type { Rule } from './expression-grammar.ts';
import type {
  CellDecl,
  CellEdge,
  CellEdges,
  CellOutput,
  Identifier,
  InstanceDecl,
  Item,
  ModelDecl,
  NumberLiteral,
  OpCall,
  Param,
  SourceFile,
} from './syntax.ts';
import { StatementGrammar } from './statement-grammar.ts';
import * as T from './tokens.ts';
import { numberLiteral, stringLiteral } from './tree.ts';

/** What stands behind the name of a model. */
type ModelDefinition = Pick<ModelDecl, 'params' | 'body'> | Pick<InstanceDecl, 'of'>;

/**
 * The grammar, one rule a construct, each giving its node of the syntax tree; `grammar/README.md` holds the same
 * rules in EBNF. Everything is decided by at most two tokens. Gates only skip what cannot be parsed, they never
 * decide between readings of a valid text.
 */
export class ArchParser extends StatementGrammar {
  constructor(skipValidations: boolean) {
    super(T.VOCABULARY, { maxLookahead: 2, recoveryEnabled: false, skipValidations });
    this.performSelfAnalysis();
  }

  /** Sets the tokens to be parsed by `file` (with balanced brackets), and where their comments are. */
  start(tokens: IToken[], docs: DocComments): void {
    this.input = tokens;
    this.docs = docs;
    this.keywordNames = new Set();
    this.restart();
  }

  readonly file: Rule<SourceFile> = this.RULE('file', (): SourceFile => {
    const mark = this.mark();
    const items: Item[] = [];
    this.MANY({
      GATE: () => this.atItem(),
      DEF: () => {
        items.push(this.SUBRULE(this.item));
      },
    });
    this.CONSUME(EOF);
    return { kind: 'file', span: this.since(mark), items };
  });

  private readonly item: Rule<Item> = this.RULE('item', (): Item =>
    this.OR([
      { ALT: () => this.SUBRULE(this.importDecl) },
      { ALT: () => this.SUBRULE(this.letDecl) },
      { ALT: () => this.SUBRULE(this.blockDecl) },
      { ALT: () => this.SUBRULE(this.modelDecl) },
      { ALT: () => this.SUBRULE(this.spaceDecl) },
      { ALT: () => this.SUBRULE(this.cellDecl) },
    ]),
  );

  private readonly importDecl: Rule<Item> = this.RULE('importDecl', (): Item => {
    const mark = this.mark();
    const names: Identifier[] = [];
    this.CONSUME(T.Import);
    this.CONSUME(T.LCurly);
    this.OPTION({
      GATE: () => this.atElement('import'),
      DEF: () => {
        names.push(this.SUBRULE(this.name));
        this.MANY({
          GATE: () => this.atSeparator('import'),
          DEF: () => {
            this.CONSUME(T.Comma);
            names.push(this.SUBRULE2(this.name));
          },
        });
        this.OPTION2(() => this.CONSUME2(T.Comma));
      },
    });
    this.CONSUME(T.RCurly);
    this.CONSUME(T.From);
    const path = stringLiteral(this.CONSUME(T.StringToken));
    return { kind: 'import', span: this.since(mark), names, path };
  });

  private readonly blockDecl: Rule<Item> = this.RULE('blockDecl', (): Item => {
    const mark = this.mark();
    const doc = this.documentation();
    this.CONSUME(T.Block);
    const name = this.SUBRULE(this.name);
    const inputs = this.OPTION(() => this.SUBRULE(this.tensors));
    const params = this.OPTION2(() => this.SUBRULE(this.parameters)) ?? [];
    const body = this.SUBRULE(this.body);
    return { kind: 'block', span: this.since(mark), ...doc, name, ...(inputs && { inputs }), params, body };
  });

  private readonly parameters: Rule<readonly Param[]> = this.RULE('parameters', (): readonly Param[] => {
    const params: Param[] = [];
    this.CONSUME(T.LParen);
    this.OPTION({
      GATE: () => this.atElement('parameter'),
      DEF: () => {
        params.push(this.SUBRULE(this.parameter));
        this.MANY({
          GATE: () => this.atSeparator('parameter'),
          DEF: () => {
            this.CONSUME(T.Comma);
            params.push(this.SUBRULE2(this.parameter));
          },
        });
        this.OPTION2(() => this.CONSUME2(T.Comma));
      },
    });
    this.CONSUME(T.RParen);
    return params;
  });

  private readonly parameter: Rule<Param> = this.RULE('parameter', (): Param => {
    const mark = this.mark();
    const name = this.SUBRULE(this.name);
    const defaultValue = this.OPTION(() => {
      this.CONSUME(T.Equal);
      return this.SUBRULE(this.expression);
    });
    return { span: this.around(mark, name), name, ...(defaultValue && { defaultValue }) };
  });

  private readonly modelDecl: Rule<Item> = this.RULE('modelDecl', (): Item => {
    const mark = this.mark();
    const doc = this.documentation();
    this.CONSUME(T.Model);
    const name = this.SUBRULE(this.name);
    const definition = this.SUBRULE(this.modelDefinition);
    return 'of' in definition
      ? { kind: 'instance', span: this.since(mark), ...doc, name, ...definition }
      : { kind: 'model', span: this.since(mark), ...doc, name, ...definition };
  });

  private readonly modelDefinition: Rule<ModelDefinition> = this.RULE(
    'modelDefinition',
    (): ModelDefinition =>
      this.OR([
        {
          ALT: () => {
            const params = this.OPTION(() => this.SUBRULE(this.parameters)) ?? [];
            return { params, body: this.SUBRULE(this.body) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Equal);
            return { of: this.SUBRULE(this.instance) };
          },
        },
      ]),
    { recoveryValueFunc: () => ({ params: [], body: { span: this.hole().span, statements: [] } }) },
  );

  private readonly instance: Rule<OpCall> = this.RULE('instance', (): OpCall => {
    const mark = this.mark();
    const callee = this.SUBRULE(this.name);
    const args = this.OPTION(() => this.SUBRULE(this.args));
    const span = this.around(mark, callee);
    return { kind: 'op-call', span, callee, called: args !== undefined, args: args ?? [] };
  });

  private readonly spaceDecl: Rule<Item> = this.RULE('spaceDecl', (): Item => {
    const mark = this.mark();
    const doc = this.documentation();
    this.CONSUME(T.Space);
    const name = this.SUBRULE(this.name);
    const body = this.SUBRULE(this.body);
    return { kind: 'space', span: this.since(mark), ...doc, name, body };
  });

  private readonly cellDecl: Rule<Item> = this.RULE('cellDecl', (): Item => {
    const mark = this.mark();
    const doc = this.documentation();
    this.CONSUME(T.Cell);
    const name = this.SUBRULE(this.name);
    const inputs = this.OPTION(() => this.SUBRULE(this.tensors));
    const params = this.OPTION2(() => this.SUBRULE(this.parameters)) ?? [];
    const definition = this.SUBRULE(this.cellDefinition);
    const header = { ...doc, name, ...(inputs && { inputs }), params };
    return { kind: 'cell', span: this.since(mark), ...header, definition };
  });

  private readonly cellDefinition: Rule<CellDecl['definition']> = this.RULE(
    'cellDefinition',
    (): CellDecl['definition'] =>
      this.OR([
        { ALT: () => this.SUBRULE(this.edges) },
        {
          ALT: () => {
            this.CONSUME(T.Equal);
            return this.SUBRULE(this.genotype);
          },
        },
      ]),
    { recoveryValueFunc: () => this.hole() },
  );

  private readonly genotype: Rule<CellDecl['definition']> = this.RULE(
    'genotype',
    (): CellDecl['definition'] => {
      const mark = this.mark();
      return this.OR([
        { ALT: () => stringLiteral(this.CONSUME(T.StringToken)) },
        {
          ALT: () => {
            const list = this.SUBRULE(this.list);
            const output = this.OPTION(() => {
              this.CONSUME(T.Arrow);
              return this.SUBRULE(this.output);
            });
            return { kind: 'genotype' as const, span: this.since(mark), list, ...(output && { output }) };
          },
        },
      ]);
    },
    { recoveryValueFunc: () => this.hole() },
  );

  private readonly edges: Rule<CellEdges> = this.RULE('edges', (): CellEdges => {
    const mark = this.mark();
    const edges: CellEdge[] = [];
    this.CONSUME(T.LCurly);
    this.MANY({
      GATE: () => this.atEdge(),
      DEF: () => {
        const edge = this.SUBRULE(this.edge);
        if (edge) edges.push(edge);
      },
    });
    const output = this.OPTION(() => this.SUBRULE(this.output));
    this.CONSUME(T.RCurly);
    return { kind: 'edges', span: this.since(mark), edges, ...(output && { output }) };
  });

  private readonly edge: Rule<CellEdge | undefined> = this.RULE('edge', (): CellEdge | undefined => {
    const mark = this.mark();
    const from = this.OR([
      { ALT: () => numberLiteral(this.CONSUME(T.NumberToken)) },
      { ALT: () => this.SUBRULE(this.choice) },
    ]);
    this.CONSUME(T.Arrow);
    const to = this.atNextEdge() ? this.hole() : numberLiteral(this.CONSUME2(T.NumberToken));
    const colon = this.CONSUME(T.Colon);
    const flow = this.goesOn(colon) ? this.SUBRULE(this.flow) : this.emptyFlow();
    if (from.kind === 'missing' || to.kind === 'missing') return undefined;
    return { span: this.since(mark), from, to, flow };
  });

  /** What a cell gives of its nodes. */
  private readonly output: Rule<CellOutput> = this.RULE('output', (): CellOutput => {
    const mark = this.mark();
    const merge = this.SUBRULE(this.merge);
    const nodes: NumberLiteral[] = [];
    const node = (token: IToken): void => {
      const literal = numberLiteral(token);
      if (literal.kind === 'number') nodes.push(literal);
    };
    this.CONSUME(T.LParen);
    node(this.CONSUME(T.NumberToken));
    this.MANY(() => {
      this.CONSUME(T.Comma);
      node(this.CONSUME2(T.NumberToken));
    });
    this.CONSUME(T.RParen);
    return { span: this.since(mark), merge, nodes };
  });
}
