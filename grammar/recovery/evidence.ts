import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import type { Header } from './headers.ts';
import type { Opener } from './opener.ts';
import { CLOSERS, endsOperand, startsOperand } from '../token-classes.ts';
import * as T from '../tokens.ts';

/** Words that end an open parenthesis: they stand in no expression. */
const STATEMENT_WORDS = new Set<TokenType>([
  T.Let, T.Constraint, T.Repeat, T.For, T.If, T.Else, T.Residual, T.Shortcut, T.Parallel,
]); // prettier-ignore

/** How far a bracket is looked for that would close a group with an arrow in it. */
const REACH = 300;

/** Whether the token at `index` shows that the parenthesis `open` is not closed before it. */
export function closesParentheses(open: Opener, tokens: readonly IToken[], index: number): boolean {
  if (open.close === T.RCurly) return false;
  const { tokenType } = tokens[index]!;
  const next = tokens[index + 1]?.tokenType;
  switch (tokenType) {
    case T.LCurly:
    case T.RCurly:
      return true;
    case T.Arrow:
      return !closesLater(tokens, index, open.close);
    case T.In:
      // After the names of a `for`, unless it is one of them.
      return open.what === LOOP_NAMES && next !== T.Comma && next !== T.RParen;
    default:
      return STATEMENT_WORDS.has(tokenType) && next !== T.Equal;
  }
}

/** Whether the innermost parenthesis is closed after `index` before anything says otherwise. */
function closesLater(tokens: readonly IToken[], index: number, close: TokenType): boolean {
  let depth = 0;
  for (let at = index + 1; at < tokens.length && at < index + REACH; at++) {
    const token = tokens[at]!;
    const before = tokens[at - 1]!;
    const { tokenType } = token;
    const startsLine = token.startLine! > before.endLine!;
    if (tokenType === T.LCurly || tokenType === T.RCurly || STATEMENT_WORDS.has(tokenType)) return false;
    if (tokenType === T.LParen || tokenType === T.LSquare) depth++;
    else if (CLOSERS.has(tokenType) && depth-- === 0) return tokenType === close;
    else if (depth === 0 && startsLine && endsOperand(before) && startsOperand(token)) return false;
  }
  return false;
}

/** What the parenthesis after `for` holds. */
const LOOP_NAMES = 'the names after `for`';

/** What a parenthesis after `before` holds, for messages. */
export function parenthesis(before: IToken | undefined, header: Header | undefined): string {
  if (!before) return 'this `(`';
  if (before.tokenType === T.If) return 'the condition of `if`';
  if (before.tokenType === T.For) return LOOP_NAMES;
  if (!tokenMatcher(before, T.Name) && before.tokenType !== T.Choice) return 'this `(`';
  return header?.keyword === T.Block || header?.keyword === T.Model
    ? `the parameters of ${header.keyword.LABEL!} \`${before.image}\``
    : `the arguments of \`${before.image}\``;
}
