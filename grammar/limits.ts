import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import { problem, spanOf } from './problem.ts';
import type { SyntaxProblem } from './syntax.ts';
import { CLOSERS, endsOperand, OPENERS } from './token-classes.ts';
import * as T from './tokens.ts';

/** Limits on what is parsed, so that no text can exhaust time or stack, here or in later stages. */
export const LIMITS = {
  /** UTF-16 code units. */
  textLength: 1_000_000,
  tokens: 200_000,
  /** Brackets, operators and `else if` inside one another. */
  depth: 200,
} as const;

/** Bytes of a file in UTF-8 that are worth reading: no text within the limits has more. */
export const mostSourceBytes = 3 * LIMITS.textLength;

/** One problem for a text that is too long to be split into tokens. */
export function checkLength(text: string): SyntaxProblem | undefined {
  if (text.length <= LIMITS.textLength) return undefined;
  return problem(
    'too-large',
    { start: 0, end: Math.min(text.search(/[\r\n]|(?![^])/), 1000) },
    `This file is too large (${text.length.toLocaleString('en')} characters; at most ${LIMITS.textLength.toLocaleString('en')}): split it and import the parts.`,
  );
}

/** One problem for too many tokens or too deep nesting, found without recursion. */
export function checkTokens(tokens: readonly IToken[]): SyntaxProblem | undefined {
  if (tokens.length > LIMITS.tokens)
    return problem(
      'too-large',
      spanOf(tokens[LIMITS.tokens]!),
      `This file is too large (${tokens.length.toLocaleString('en')} tokens; at most ${LIMITS.tokens.toLocaleString('en')}): split it and import the parts.`,
    );
  const deep = firstTooDeep(tokens);
  return (
    deep &&
    problem(
      'too-deep',
      spanOf(deep),
      `This nests more than ${LIMITS.depth} levels deep (brackets, operators, \`else if\`): name parts of it with \`let\` or \`block\`.`,
    )
  );
}

/**
 * The token at which the syntax tree could become too deep. Every open bracket is a level, and so is every
 * operator since the last separator at the same level, and every `else` of a chain: an upper bound of the depth.
 */
function firstTooDeep(tokens: readonly IToken[]): IToken | undefined {
  /** Levels before each open bracket. */
  const outside: number[] = [];
  let operators = 0;
  let chain = 0;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const type = token.tokenType;
    if (OPENERS.has(type)) {
      outside.push(operators, chain);
      depth += operators + chain + 1;
      operators = 0;
      chain = 0;
    } else if (CLOSERS.has(type)) {
      if (outside.length === 0) continue;
      chain = outside.pop()!;
      operators = outside.pop()!;
      depth -= operators + chain + 1;
      if (type === T.RCurly) {
        operators = 0;
        if (tokens[index + 1]?.tokenType !== T.Else) chain = 0;
      }
    } else if (type === T.Else) {
      chain++;
    } else if (type === T.Question || tokenMatcher(token, T.Infix) || tokenMatcher(token, T.Prefix)) {
      operators++;
    } else if (
      SEPARATORS.has(type) ||
      (index > 0 && tokenMatcher(token, T.Word) && endsOperand(tokens[index - 1]!))
    ) {
      operators = 0;
    }
    if (depth + operators + chain > LIMITS.depth) return token;
  }
  return undefined;
}

const SEPARATORS = new Set<TokenType>([T.Comma, T.Arrow, T.Equal]);
