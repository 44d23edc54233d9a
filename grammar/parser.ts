import type { IToken } from 'chevrotain';
import { balance } from './recovery/brackets.ts';
import { DocComments } from './doc-comments.ts';
import { ArchParser } from './grammar.ts';
import { respell } from './recovery/keywords.ts';
import { tokenize, type LexResult } from './lexer.ts';
import { checkLength, checkTokens } from './limits.ts';
import { PROBLEM_LIMIT, spanOf } from './problem.ts';
import type { Comment, Item, ParseResult, SyntaxProblem, Token } from './syntax.ts';
import * as T from './tokens.ts';

/** Built at the first use: its analysis of the grammar takes some ten milliseconds. */
let parser: ArchParser | undefined;

/**
 * Parses a file. Never throws, whatever the text: there is always a tree, with holes where something is missing,
 * and the problems found, in the order of the text.
 */
export function parse(text: string): ParseResult {
  const span = { start: 0, end: text.length };
  const tooLong = checkLength(text);
  if (tooLong)
    return {
      file: { kind: 'file', span, items: [] },
      problems: [tooLong],
      damage: [span],
      comments: [],
      tokens: [],
    };
  const lexed = tokenize(text);
  const comments = lexed.comments.map(comment);
  const excess = checkTokens(lexed.tokens);
  if (excess)
    return {
      file: { kind: 'file', span, items: [] },
      problems: [excess],
      damage: [span],
      comments,
      tokens: [],
    };
  const read = repair(text, lexed);
  const { items, problems, keywordNames } = parsed(text, lexed, read.tokens);
  const found = [...read.problems, ...problems];
  return {
    file: { kind: 'file', span, items },
    problems: firstOfEachLine(text, lexed, found),
    damage: found.flatMap(({ span: place, related }) => (related ? [place, related.span] : [place])),
    comments,
    tokens: lexed.raw.map((token) => ({ kind: tokenKind(token, keywordNames), span: spanOf(token) })),
  };
}

interface Parsed {
  readonly items: readonly Item[];
  readonly problems: readonly SyntaxProblem[];
  /** Offsets of keywords that are names where they stand. */
  readonly keywordNames: ReadonlySet<number>;
}

function parsed(text: string, { comments }: LexResult, tokens: readonly IToken[]): Parsed {
  parser ??= new ArchParser(true);
  parser.start([...tokens], new DocComments(text, comments));
  const { items } = parser.file();
  const { problems, keywordNames } = parser;
  return { items, problems, keywordNames };
}

/** Repairs misspelt keywords, then brackets. */
function repair(text: string, lexed: LexResult): { tokens: IToken[]; problems: SyntaxProblem[] } {
  const problems = [...lexed.problems];
  const tokens = respell(lexed.tokens, problems);
  const balanced = balance(
    tokens,
    () => problems.length === 0 && parsed(text, lexed, tokens).problems.length === 0,
  );
  return { tokens: balanced.tokens, problems: [...problems, ...balanced.problems] };
}

/**
 * In the order of the text, at most one a line: what follows on the same line is mostly a consequence. What is
 * missing right before a comment without end is inside it.
 */
function firstOfEachLine(text: string, lexed: LexResult, problems: SyntaxProblem[]): SyntaxProblem[] {
  const torn = lexed.comments.filter((each) => each.tokenType === T.UnterminatedComment);
  const swallowed = new Set(torn.map((each) => text.slice(0, each.startOffset).trimEnd().length));
  const kept: SyntaxProblem[] = [];
  let lineEnd = -1;
  for (const each of problems.sort((a, b) => a.span.start - b.span.start || rank(a) - rank(b))) {
    if (each.span.start <= lineEnd || (swallowed.has(each.span.end) && each.code !== 'unterminated-comment'))
      continue;
    kept.push(each);
    const end = text.slice(each.span.start).search(/[\r\n]/);
    if (kept.length === PROBLEM_LIMIT) break;
    lineEnd = end < 0 ? text.length : each.span.start + end;
  }
  return kept;
}

/** What a group lacks inside is said rather than that it is not closed. */
function rank({ code }: SyntaxProblem): number {
  return code === 'missing-body' || code === 'missing-closer' ? 1 : 0;
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
