import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import * as T from './tokens.ts';

/** Sets of tokens that several passes tell apart. */

export const OPENERS: ReadonlySet<TokenType> = new Set([T.LParen, T.LSquare, T.LCurly]);
export const CLOSERS: ReadonlySet<TokenType> = new Set([T.RParen, T.RSquare, T.RCurly]);

/** What declarations start with. */
export const DECLARATIONS: ReadonlySet<TokenType> = new Set([
  T.Import, T.Let, T.Block, T.Model, T.Space, T.Cell,
]); // prettier-ignore

export const LITERALS: ReadonlySet<TokenType> = new Set([
  T.NumberToken, T.Dims, T.StringToken, T.True, T.False,
]); // prettier-ignore

/** Whether an expression may end with `token`. */
export function endsOperand(token: IToken): boolean {
  const { tokenType } = token;
  return (
    LITERALS.has(tokenType) ||
    tokenType === T.RParen ||
    tokenType === T.RSquare ||
    tokenMatcher(token, T.Word)
  );
}

/** Whether an expression may start with `token`, brackets and signs aside. Two operands in a row are never one expression. */
export function startsOperand(token: IToken): boolean {
  return LITERALS.has(token.tokenType) || tokenMatcher(token, T.Word);
}
