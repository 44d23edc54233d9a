import type { IToken } from 'chevrotain';
import { DocComments } from './doc-comments.ts';
import { ArchParser } from './grammar.ts';
import { tokenize } from './lexer.ts';
import { spanOf } from './problem.ts';
import type { Comment, ParseResult, SyntaxProblem, Token } from './syntax.ts';
import * as T from './tokens.ts';
import { TreeBuilder } from './tree.ts';

/** Built at the first use: its analysis of the grammar takes some ten milliseconds. */
let parser: ArchParser | undefined;

/**
 * Parses a file. Never throws, whatever the text: there is always a tree, with holes where something is missing,
 * and the problems found, in the order of the text.
 */
export function parse(text: string): ParseResult {
  const lexed = tokenize(text);
  parser ??= new ArchParser(true);
  parser.startText([...lexed.tokens]);
  const cst = parser.file();
  const builder = new TreeBuilder(new DocComments(text, lexed.comments));
  const file = builder.file(cst, { start: 0, end: text.length });
  return {
    file,
    problems: inOrder([...lexed.problems, ...parser.problems]),
    comments: lexed.comments.map(comment),
    tokens: lexed.raw.map((token) => ({ kind: tokenKind(token, builder.names), span: spanOf(token) })),
  };
}

function inOrder(problems: SyntaxProblem[]): SyntaxProblem[] {
  return problems.sort((a, b) => a.span.start - b.span.start);
}

function comment(token: IToken): Comment {
  const kind = token.tokenType === T.DocLine ? 'doc' : token.tokenType === T.LineComment ? 'line' : 'block';
  return { kind, span: spanOf(token) };
}

function tokenKind({ tokenType, startOffset }: IToken, names: ReadonlySet<number>): Token['kind'] {
  switch (tokenType) {
    case T.Identifier:
      return 'name';
    case T.NumberToken:
      return 'number';
    case T.Dims:
      return 'dims';
    case T.StringToken:
    case T.UnterminatedString:
      return 'string';
    case T.Arrow:
    case T.Equal:
    case T.Question:
    case T.Not:
      return 'operator';
    case T.Colon:
    case T.Comma:
    case T.LParen:
    case T.RParen:
    case T.LSquare:
    case T.RSquare:
    case T.LCurly:
    case T.RCurly:
      return 'punctuation';
  }
  const categories = tokenType.CATEGORIES ?? [];
  if (categories.includes(T.Infix)) return 'operator';
  if (!categories.includes(T.Word)) return 'unknown';
  return names.has(startOffset) ? 'name' : 'keyword';
}
