import type { IToken } from 'chevrotain';
import type { Span, SyntaxProblem } from './syntax.ts';

/** After so many problems the rest of the text is not parsed: it is not a program. */
export const PROBLEM_LIMIT = 200;

/** Where a token stands; empty for tokens inserted by error recovery. */
export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

export function problem(
  code: string,
  span: Span,
  message: string,
  extra: Pick<SyntaxProblem, 'related' | 'fix'> = {},
): SyntaxProblem {
  return { code, span, message, ...extra };
}

/** A problem whose repair is to write `text` instead. */
export function replacement(code: string, span: Span, message: string, text: string): SyntaxProblem {
  const title = text === '' ? 'Remove it' : `Change to \`${text}\``;
  return problem(code, span, message, { fix: { title, span, text } });
}
