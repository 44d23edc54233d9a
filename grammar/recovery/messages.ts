import { EOF, type IToken, type TokenType } from 'chevrotain';
import * as T from '../tokens.ts';

/**
 * What is expected at each place of the grammar where a token or an alternative may be missing: `rule.Token`, the
 * rule itself, or the name its `OR` gives. A test checks that every place the grammar has is worded here.
 */
const PLACES = {
  'file.EOF': 'a declaration: import, let, block, model, space or cell',
  item: 'a declaration: import, let, block, model, space or cell',
  'importDecl.LCurly': '`{` and the names to import, as in: import { A, B } from "./blocks.arch"',
  'importDecl.RCurly': '`,` or `}` after an imported name',
  'importDecl.From': '`from` and the path of the file, as in: import { A, B } from "./blocks.arch"',
  'importDecl.String': `the path of the file in double quotes, as in: import { A, B } from "./blocks.arch"`,
  'letDecl.Equal': '`=` and a value, as in: let width = 16',
  'parameters.RParen': '`,` or `)` after a parameter',
  modelDefinition:
    '`{` and a body, or `=` and a model with parameters, as in: model ResNet18 = ResNet([2, 2, 2, 2])',
  cellDefinition: '`{` with edges or `=` with a genotype, as in: cell C { 0 -> 1: relu }',
  genotype: `the genotype, in double quotes or as a list, as in: cell C = "|nor_conv_3x3~0|"`,
  'output.LParen': '`(` and the nodes that the cell gives, as in: concat(2, 3)',
  'output.Number': 'the number of a node, as in: concat(2, 3)',
  'output.RParen': '`,` or `)` after the number of a node',
  'tensors.LSquare': '`[` and names of tensors, as in: [a, b] -> Cell',
  'tensors.RSquare': '`,` or `]` after the name of a tensor',
  'edges.LCurly': '`{` and the edges of the cell, as in: { 0 -> 1: relu }',
  'edges.RCurly': 'an edge such as `0 -> 1: relu`, or `}`',
  'edge.Arrow': '`->` and the node the edge leads to, as in: 0 -> 1: relu',
  'edge.Number': `the number of the node the edge leads to, as in: 0 -> 1: relu`,
  'edge.Colon': '`:` and the op on the edge, as in: 0 -> 1: relu',
  'body.LCurly': '`{` to start the body',
  'body.RCurly': 'a statement or `}`',
  statement: 'a statement',
  pattern: 'a name or `(a, b)` after `for`, as in: for (c, s) in [(16, 1), (32, 2)]',
  'pattern.RParen': '`,` or `)` after a name',
  'forStatement.In': '`in` and a list, as in: for c in [16, 32]',
  'condition.LParen': '`(` and a condition, as in: if (stride != 1) { … }',
  'condition.RParen': 'an operator or `)` after the condition',
  element: 'an op, a block, or a tensor',
  'args.LParen': '`(` and what to choose from, as in: choice(16, 32)',
  'args.RParen': '`,` or `)` after an argument',
  merge: '`add`, `concat` or `mul` after `parallel`',
  'branches.LCurly': '`{` and the branches, as in: parallel add { branch { relu } branch { tanh } }',
  'branches.RCurly': '`branch` or `}`',
  'expression.Colon': '`:` and the value if the condition does not hold, as in: i == 0 ? 2 : 1',
  primary: 'a value',
  'list.RSquare': '`,` or `]` after an element',
  'operand.RSquare': '`]` after the index',
  'group.RParen': 'an operator, `,` or `)` after a value',
  'name.Name': 'a name',
} as const;

export type Place = keyof typeof PLACES;

/** What is wrong at a place, worded by the tokens around it: the one before and the one found instead. */
export function expected(place: Place, before: IToken, next: IToken): string {
  return (
    inContext(place, before, next) ?? `Expected ${PLACES[place]}${FOLLOWS.has(place) ? after(before) : ''}.`
  );
}

/** Places that are clearer with the token that asks for them. */
const FOLLOWS = new Set<Place>(['primary', 'element', 'name.Name']);

function inContext(place: Place, before: IToken, next: IToken): string | undefined {
  const starts = OPENS.has(before.tokenType);
  if (place === 'element' && STATEMENTS.has(next.tokenType))
    return `\`${next.image}\` is a statement: end the flow before it; its output flows on by itself.`;
  if (place === 'element' && before.tokenType === T.Equal && LITERALS.has(next.tokenType))
    return 'Expected a flow after `=`. Values are named with `let`, as in: let width = 16.';
  if (place === 'args.RParen' && next.tokenType === T.Arrow)
    return 'A flow cannot be an argument: declare it as a block and write the name of the block here.';
  if (place === 'args.RParen' && starts) return `Expected an argument or \`)\`${after(before)}.`;
  if (place === 'parameters.RParen' && starts) return `Expected a parameter or \`)\`${after(before)}.`;
  if (place === 'list.RSquare' && starts) return `Expected a value or \`]\`${after(before)}.`;
  return undefined;
}

const OPENS = new Set<TokenType>([T.LParen, T.LSquare, T.Comma]);

const STATEMENTS = new Set<TokenType>([T.Let, T.Repeat, T.For, T.If, T.Input, T.Classes, T.Constraint]);

const LITERALS = new Set<TokenType>([
  T.NumberToken,
  T.Dims,
  T.StringToken,
  T.True,
  T.False,
  T.LSquare,
  T.LParen,
]);

function after(before: IToken): string {
  return before.tokenType === EOF || before.image === '' ? '' : ` after ${describe(before)}`;
}

/** A token as the user sees it: `'->'`, `'conv'`, `the number 3`, `the end of the file`. */
export function describe(token: IToken): string {
  if (token.tokenType === EOF) return 'the end of the file';
  const image = token.image.length > 40 ? `${token.image.slice(0, 40)}…` : token.image;
  if (token.tokenType === T.NumberToken) return `the number ${image}`;
  if (token.tokenType === T.Dims) return `the size ${image}`;
  if (token.tokenType === T.StringToken) return `the string ${image}`;
  return `\`${image}\``;
}
