import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import * as T from '../tokens.ts';

/** The part of a construct before its brace: `model A`, `repeat 3 as i`, `if (c)`. */
export interface Header {
  /** What the brace starts, for messages. */
  readonly what: string;
  /** The message when the brace is missing. */
  readonly missing: string;
  readonly keyword: TokenType;
  /** Column of the first token of its line. */
  readonly indent: number;
  /** How many brackets are open around it. */
  readonly depth: number;
  /** Whether there may be none, or something other than a brace. */
  readonly optional: boolean;
  /**
   * Whether the header is complete before the token at `index` (outside of further brackets), and that token
   * shows that no brace will follow.
   */
  lacksBody(tokens: readonly IToken[], index: number): boolean;
}

/** What the brace after `import` starts. */
const IMPORTED = 'the imported names';

const DECLARATIONS = new Set<TokenType>([T.Model, T.Space, T.Block, T.Cell]);

/** How many words and groups stand between the keyword and the brace. */
const FIXED: ReadonlyMap<TokenType, number> = new Map([
  [T.Space, 1],
  [T.Else, 0],
  [T.Residual, 0],
  [T.Shortcut, 0],
  [T.Branch, 0],
  [T.Parallel, 1],
]);

const OTHERS = new Set<TokenType>([T.Model, T.Block, T.Cell, T.Import, T.If, T.Repeat, T.For]);

/** The header that starts with the token at `index`, if it starts one. */
export function headerOf(
  tokens: readonly IToken[],
  index: number,
  indent: number,
  depth: number,
): Header | undefined {
  const keyword = tokens[index]!;
  const type = keyword.tokenType;
  if (!FIXED.has(type) && !OTHERS.has(type)) return undefined;
  if (SOFT.has(type) && !startsConstruct(tokens, index)) return undefined;
  // A cell by its genotype and a model by a template have no braces.
  if (type === T.Cell && isGenotype(tokens, index + 2)) return undefined;
  if (type === T.Model && tokens[index + 2]?.tokenType === T.Equal) return undefined;
  const next = tokens[index + 1];
  const label = type.LABEL!;
  let what = type === T.Import ? IMPORTED : `the body of \`${label}\``;
  let missing = `Expected \`{\` to start ${what}.`;
  if (DECLARATIONS.has(type)) {
    const name = next && tokenMatcher(next, T.Name) ? next.image : undefined;
    what = name === undefined ? `the body of this ${label}` : `the body of ${label} \`${name}\``;
    missing =
      name === undefined
        ? `Expected a name and a body after \`${label}\`, as in: ${label} Name { … }.`
        : `Expected \`{\` to start ${what}.`;
  }
  return {
    what,
    missing,
    keyword: type,
    indent,
    depth,
    optional: type === T.Cell || type === T.Import,
    lacksBody: (all, at) => lacksBody(all, index, at),
  };
}

const SOFT = new Set<TokenType>([T.Space, T.Cell, T.Branch]);

/** Whether a soft keyword is meant as one: it starts a line or follows a brace, and a name or a brace follows it. */
function startsConstruct(tokens: readonly IToken[], index: number): boolean {
  const before = tokens[index - 1];
  const next = tokens[index + 1];
  if (!next) return false;
  const opens = next.tokenType === T.LCurly;
  if (tokens[index]!.tokenType === T.Branch)
    return opens || before?.tokenType === T.LCurly || before?.tokenType === T.RCurly;
  return (
    (!before || before.tokenType === T.RCurly || tokens[index]!.startLine! > before.endLine!) &&
    (opens || tokenMatcher(next, T.Name))
  );
}

/** How many tokens inputs and parameters of a cell may be. */
const HEADER_REACH = 200;

/** Whether `=` follows, behind the inputs and parameters of a cell. */
function isGenotype(tokens: readonly IToken[], start: number): boolean {
  let depth = 0;
  for (let index = start; index < tokens.length && index < start + HEADER_REACH; index++) {
    const { tokenType } = tokens[index]!;
    if (depth === 0 && tokenType === T.Equal) return true;
    if (tokenType === T.LParen || tokenType === T.LSquare) depth++;
    else if (tokenType === T.RParen || tokenType === T.RSquare) depth--;
    else if (depth === 0 || tokenType === T.LCurly || tokenType === T.RCurly) return false;
  }
  return false;
}

function lacksBody(tokens: readonly IToken[], start: number, index: number): boolean {
  const type = tokens[start]!.tokenType;
  const token = tokens[index]!;
  if (token.tokenType === T.LCurly) return false;
  if (token.tokenType === T.RCurly) return true;
  if (type === T.Cell) {
    const { tokenType: before } = tokens[index - 1]!;
    const isComplete = index === start + 2 || before === T.RParen || before === T.RSquare;
    return isComplete && (token.tokenType === T.NumberToken || token.tokenType === T.Choice);
  }
  if (type === T.Import) return false;
  if (type === T.Else && token.tokenType === T.If && index === start + 1) return false;
  if (bracesFollow(tokens, index)) return false;
  const before = tokens[index - 1]!;
  const fixed = FIXED.get(type);
  if (fixed !== undefined) return index > start + fixed || !tokenMatcher(token, T.Name);
  const newLine = token.startLine! > before.endLine!;
  switch (type) {
    case T.Model:
      if (token.tokenType === T.LParen) return index > start + 2;
      return index > start + 1 || !tokenMatcher(token, T.Name);
    case T.Block:
      if (token.tokenType === T.LSquare) return index > start + 2;
      if (token.tokenType === T.LParen) return index > start + 2 && before.tokenType !== T.RSquare;
      return index > start + 1 || (newLine && !tokenMatcher(token, T.Name));
    case T.If:
      return before.tokenType === T.RParen || (newLine && token.tokenType !== T.LParen);
    default:
      return (
        newLine && continues(before) && !CONTINUATIONS.has(token.tokenType) && !tokenMatcher(token, T.Infix)
      );
  }
}

/** Whether the expression before a line break may end there. */
function continues(before: IToken): boolean {
  return !tokenMatcher(before, T.Infix) && !UNFINISHED.has(before.tokenType);
}

const UNFINISHED = new Set<TokenType>([T.Repeat, T.For, T.In, T.As, T.Comma, T.Question, T.Colon, T.Not]);
const CONTINUATIONS = new Set<TokenType>([
  T.In,
  T.As,
  T.Question,
  T.Colon,
  T.Comma,
  T.LParen,
  T.LSquare,
  T.RParen,
]);

/** How far a brace is looked for. */
const REACH = 50;

/** Whether a brace opens later on the line of the token at `index`: what is wrong is before it. */
function bracesFollow(tokens: readonly IToken[], index: number): boolean {
  const line = tokens[index]!.startLine;
  const before = tokens[index - 1];
  if (before && before.endLine !== line) return false;
  for (let at = index; at < tokens.length && at < index + REACH && tokens[at]!.startLine === line; at++) {
    const { tokenType } = tokens[at]!;
    if (tokenType === T.LCurly) return true;
    if (tokenType === T.RCurly) return false;
  }
  return false;
}

/** Whether a declaration that can only stand at file level starts the line at `index`. */
export function startsDeclaration(tokens: readonly IToken[], index: number): boolean {
  const token = tokens[index]!;
  const next = tokens[index + 1];
  if (!next || next.startLine !== token.endLine) return false;
  switch (token.tokenType) {
    case T.Model:
    case T.Block:
      return tokenMatcher(next, T.Name) || next.tokenType === T.LCurly;
    case T.Import:
      return next.tokenType === T.LCurly || next.tokenType === T.StringToken || tokenMatcher(next, T.Name);
    case T.Space:
    case T.Cell: {
      const after = tokens[index + 2]?.tokenType;
      return (
        tokenMatcher(next, T.Name) &&
        (after === T.LCurly ||
          after === T.Equal ||
          (token.tokenType === T.Cell && (after === T.LSquare || after === T.LParen)))
      );
    }
    default:
      return false;
  }
}
