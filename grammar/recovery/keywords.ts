import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import { retyped } from '../lexer.ts';
import { nearestKeyword } from './misspelling.ts';
import { replacement, spanOf } from '../problem.ts';
import type { SyntaxProblem } from '../syntax.ts';
import * as T from '../tokens.ts';

/** How far a matching bracket is looked for. */
const REACH = 200;

const BY_NAME = new Map(T.KEYWORDS.map((type) => [type.LABEL!, type]));

/**
 * Finds words that can only be misspelt keywords, because of what stands around them (`repeet 3 {`), reports them
 * and lets the parser see the keyword. Words that may as well be names are left alone.
 */
export function respell(tokens: readonly IToken[], problems: SyntaxProblem[]): readonly IToken[] {
  let respelt: IToken[] | undefined;
  for (let index = 0; index < tokens.length; index++) {
    const word = tokens[index]!;
    if (word.tokenType !== T.Identifier) continue;
    const candidates = possibleKeywords(respelt ?? tokens, index);
    const meant = candidates.length > 0 ? nearestKeyword(word.image, candidates) : undefined;
    if (meant === undefined) continue;
    problems.push(
      replacement(
        'unknown-keyword',
        spanOf(word),
        `Unknown word \`${word.image}\`: did you mean \`${meant}\`?`,
        meant,
      ),
    );
    respelt ??= [...tokens];
    respelt[index] = retyped(word, BY_NAME.get(meant)!);
  }
  return respelt ?? tokens;
}

/** The keywords that could stand at `index` where an identifier cannot. */
function possibleKeywords(tokens: readonly IToken[], index: number): readonly string[] {
  const word = tokens[index]!;
  const before = tokens[index - 1];
  const next = tokens[index + 1];
  if (!next) return [];
  const follows = before?.tokenType;
  const starts =
    !before ||
    word.startLine! > before.endLine! ||
    before.tokenType === T.RCurly ||
    before.tokenType === T.LCurly;
  const sameLine = next.startLine === word.endLine;
  switch (next.tokenType) {
    case T.LCurly:
      if (follows === T.Parallel) return ['add', 'concat', 'mul'];
      if (isImport(tokens, index + 1)) return ['import'];
      if (follows && HEADERS.has(follows)) return [];
      if (follows === T.Arrow) return ['residual'];
      return starts ? ['residual', 'shortcut', 'else', 'branch'] : [];
    case T.LParen: {
      const after = afterGroup(tokens, index + 1);
      if (follows && HEADERS.has(follows)) return [];
      if (after === T.LCurly && (starts || follows === T.Else)) return ['if'];
      return after === T.In && starts ? ['for'] : [];
    }
    case T.NumberToken:
    case T.Dims:
      if (!starts || !sameLine || tokens[index + 2]?.tokenType === T.Arrow) return [];
      return ['repeat', 'classes', 'input'];
  }
  return starts && sameLine && tokenMatcher(next, T.Name) ? beforeName(tokens, index) : [];
}

/** Keywords whose operand may come right before a brace. */
const HEADERS = new Set<TokenType>([
  T.Model, T.Block, T.Space, T.Cell, T.Repeat, T.In, T.As, T.Parallel, T.Import,
]); // prettier-ignore

const COMPARISONS = new Set<TokenType>([
  T.Less,
  T.LessEqual,
  T.Greater,
  T.GreaterEqual,
  T.EqualEqual,
  T.NotEqual,
]);

function beforeName(tokens: readonly IToken[], index: number): readonly string[] {
  const name = tokens[index + 1]!;
  const after = tokens[index + 2];
  if (!after) return [];
  if (COMPARISONS.has(after.tokenType)) return ['constraint'];
  switch (after.tokenType) {
    case T.LCurly:
      return tokenMatcher(name, T.Callee) && name.tokenType !== T.Identifier
        ? ['parallel']
        : ['model', 'space', 'cell', 'block', 'repeat'];
    case T.LParen:
      return afterGroup(tokens, index + 2) === T.LCurly ? ['block', 'model'] : [];
    case T.LSquare:
      return ['block', 'cell', 'repeat'];
    case T.In:
      return ['for'];
    case T.As:
      return ['repeat'];
    case T.Equal: {
      // A flow cannot start like these.
      const value = tokens[index + 3]?.tokenType;
      if (value === T.StringToken) return ['let', 'cell'];
      return value && LITERAL_STARTS.has(value) ? ['let'] : [];
    }
    default:
      return [];
  }
}

const LITERAL_STARTS = new Set<TokenType>([
  T.NumberToken, T.Dims, T.True, T.False, T.LSquare, T.LParen, T.Minus, T.Not,
]); // prettier-ignore

/** `{ A, B } from "path"`, whatever the word for `from`, if any. */
function isImport(tokens: readonly IToken[], brace: number): boolean {
  for (let index = brace + 1; index < tokens.length && index < brace + REACH; index++) {
    const token = tokens[index]!;
    if (token.tokenType === T.RCurly) {
      const path = tokens[index + 1]?.tokenType === T.StringToken ? index + 1 : index + 2;
      return tokens[path]?.tokenType === T.StringToken;
    }
    if (token.tokenType !== T.Comma && !tokenMatcher(token, T.Name)) return false;
  }
  return false;
}

/** The type of the token after the group that opens at `open`. */
function afterGroup(tokens: readonly IToken[], open: number): TokenType | undefined {
  let depth = 0;
  for (let index = open; index < tokens.length && index < open + REACH; index++) {
    const { tokenType } = tokens[index]!;
    if (tokenType === T.LParen) depth++;
    if (tokenType === T.RParen && --depth === 0) return tokens[index + 1]?.tokenType;
    if (tokenType === T.LCurly || tokenType === T.RCurly) return undefined;
  }
  return undefined;
}
