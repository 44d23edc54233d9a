import { EOF, tokenMatcher, type IToken } from 'chevrotain';
import * as T from './tokens.ts';

/**
 * What is expected at each place of the grammar where a token or an alternative may be missing: `rule.Token`, the
 * rule itself, or the name its `OR` gives. A test checks that every place the grammar has is worded here.
 */
export const PLACES = {
  'file.EOF': 'a declaration: import, let, block, model, space or cell',
  item: 'a declaration: import, let, block, model, space or cell',
  'importDecl.LCurly': `'{' and the names to import, as in: import { A, B } from "./blocks.arch"`,
  'importDecl.RCurly': `',' or '}' after an imported name`,
  'importDecl.From': `'from' and the path of the file, as in: import { A, B } from "./blocks.arch"`,
  'importDecl.String': `the path of the file in double quotes, as in: import { A, B } from "./blocks.arch"`,
  'letDecl.Equal': `'=' and a value, as in: let width = 16`,
  'parameters.RParen': `',' or ')' after a parameter`,
  cellDefinition: `'{' with edges or '=' with a genotype, as in: cell C { 0 -> 1: relu }`,
  'cellDecl.String': `the genotype in double quotes, as in: cell C = "|nor_conv_3x3~0|"`,
  'edges.LCurly': `'{' and the edges of the cell, as in: { 0 -> 1: relu }`,
  'edges.RCurly': `an edge such as '0 -> 1: relu', or '}'`,
  'edge.Arrow': `'->' and the node the edge leads to, as in: 0 -> 1: relu`,
  'edge.Number': `the number of the node the edge leads to, as in: 0 -> 1: relu`,
  'edge.Colon': `':' and the op on the edge, as in: 0 -> 1: relu`,
  'body.LCurly': `'{' to start the body`,
  'body.RCurly': `a statement or '}'`,
  statement: 'a statement',
  pattern: `a name or '(a, b)' after 'for', as in: for (c, s) in [(16, 1), (32, 2)]`,
  'pattern.RParen': `',' or ')' after a name`,
  'forStatement.In': `'in' and a list, as in: for c in [16, 32]`,
  'condition.LParen': `'(' and a condition, as in: if (stride != 1) { … }`,
  'condition.RParen': `an operator or ')' after the condition`,
  element: 'an op, a block, or a tensor',
  'args.LParen': `'(' and what to choose from, as in: choice(16, 32)`,
  'args.RParen': `',' or ')' after an argument`,
  merge: `'add' or 'concat' after 'parallel'`,
  'branches.LCurly': `'{' and the branches, as in: parallel add { branch { relu } branch { tanh } }`,
  'branches.RCurly': `'branch' or '}'`,
  'expression.Colon': `':' and the value if the condition does not hold, as in: i == 0 ? 2 : 1`,
  primary: 'a value',
  'list.RSquare': `',' or ']' after an element`,
  'group.RParen': `an operator, ',' or ')' after a value`,
  'name.Name': 'a name',
} as const;

export type Place = keyof typeof PLACES;

export function isPlace(place: string): place is Place {
  return Object.hasOwn(PLACES, place);
}

/** `Expected …` at a place, worded by the token before it. */
export function expected(place: Place, before: IToken): string {
  // These are clearer with the token that asks for them.
  const follows = place === 'primary' || place === 'element' || place === 'name.Name';
  return `Expected ${PLACES[place]}${follows ? after(before) : ''}.`;
}

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
  return tokenMatcher(token, T.Word) && token.tokenType !== T.Identifier
    ? `the keyword '${image}'`
    : `'${image}'`;
}
