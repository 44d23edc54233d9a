import { Lexer, type IToken, type TokenType } from 'chevrotain';
import { own } from '../server/base/own.ts';
import { rangeProblem } from './numbers.ts';
import { problem, replacement, spanOf } from './problem.ts';
import type { SyntaxProblem } from './syntax.ts';
import * as T from './tokens.ts';

export interface LexResult {
  /** Tokens of the language; forms that only look like one are reported and replaced by what was meant. */
  readonly tokens: readonly IToken[];
  /** Every token as written. */
  readonly raw: readonly IToken[];
  readonly comments: readonly IToken[];
  readonly problems: SyntaxProblem[];
}

let lexer: Lexer | undefined;

/** Splits a text into tokens. Never throws; whatever is no token is one problem a run. */
export function tokenize(text: string): LexResult {
  lexer ??= new Lexer([...T.TOKENS], { ensureOptimizations: true, skipValidations: true });
  const { tokens: raw, groups, errors } = lexer.tokenize(text);
  const comments = groups['comments'] ?? [];
  const problems: SyntaxProblem[] = errors.map((error) =>
    problem(
      'unknown-character',
      { start: error.offset, end: error.offset + error.length },
      'These characters have no meaning here: remove them.',
    ),
  );
  for (const comment of comments)
    if (comment.tokenType === T.UnterminatedComment)
      problems.push(
        problem(
          'unterminated-comment',
          { start: comment.startOffset, end: comment.startOffset + 2 },
          'This comment is never closed: end it with `*/`.',
        ),
      );
  const tokens: IToken[] = [];
  for (let index = 0; index < raw.length;) {
    const end = endOfRun(raw, index);
    const token = end - index > 1 ? joined(raw.slice(index, end), text) : raw[index]!;
    const meant = repair(token, problems);
    if (meant) tokens.push(meant);
    index = end;
  }
  return { tokens, raw, comments, problems };
}

/** Words and numbers that touch a foreign character are one word to the user; strays are reported once a run. */
function endOfRun(raw: readonly IToken[], start: number): number {
  let end = start + 1;
  while (spacedExtent(raw, start, end)) end += 2;
  if (end > start + 1) return end;
  if (raw[start]!.tokenType === T.Unknown) {
    while (raw[end]?.tokenType === T.Unknown && touches(raw[end - 1]!, raw[end]!)) end++;
    return end;
  }
  if (!wordLike(raw[start]!)) return end;
  let foreign = raw[start]!.tokenType === T.Foreign;
  while (end < raw.length && wordLike(raw[end]!) && touches(raw[end - 1]!, raw[end]!)) {
    foreign ||= raw[end]!.tokenType === T.Foreign;
    end++;
  }
  return foreign ? end : start + 1;
}

/** `32 x 32 x 3`: a size written with spaces. */
function spacedExtent(raw: readonly IToken[], start: number, end: number): boolean {
  const by = raw[end];
  const extent = raw[end + 1];
  return (
    (raw[start]!.tokenType === T.NumberToken || raw[start]!.tokenType === T.Dims) &&
    /^[xX×]$/.test(by?.image ?? '') &&
    extent?.tokenType === T.NumberToken &&
    by!.startLine === extent.startLine &&
    by!.startLine === raw[start]!.startLine
  );
}

function touches(left: IToken, right: IToken): boolean {
  return left.startOffset + left.image.length === right.startOffset;
}

const WORD_LIKE = new Set<TokenType>([
  T.Foreign,
  T.Identifier,
  T.NumberToken,
  T.Dims,
  T.BadNumber,
  ...T.KEYWORDS,
]);

function wordLike(token: IToken): boolean {
  return WORD_LIKE.has(token.tokenType);
}

function joined(parts: readonly IToken[], text: string): IToken {
  const first = parts[0]!;
  const last = parts[parts.length - 1]!;
  const image = text.slice(first.startOffset, last.startOffset + last.image.length);
  const type = parts.some((part) => part.tokenType === T.Unknown)
    ? T.Unknown
    : /^\d/.test(image)
      ? T.BadNumber
      : T.Foreign;
  return { ...retyped(first, type), image, endOffset: last.startOffset + last.image.length - 1 };
}

export function retyped(token: IToken, type: TokenType): IToken {
  return { ...token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx! };
}

/** An empty token that error recovery makes up. */
export function insertedToken(type: TokenType, offset: number, line: number): IToken {
  return {
    image: '',
    startOffset: offset,
    endOffset: offset - 1,
    startLine: line,
    endLine: line,
    startColumn: 1,
    endColumn: 1,
    tokenType: type,
    tokenTypeIdx: type.tokenTypeIdx!,
    isInsertedInRecovery: true,
  };
}

/** Reports a form that is no token of the language and gives the token that was meant, or none. */
function repair(token: IToken, problems: SyntaxProblem[]): IToken | undefined {
  const { image } = token;
  const span = spanOf(token);
  switch (token.tokenType) {
    case T.Arrow:
    case T.NotEqual:
    case T.LessEqual:
    case T.GreaterEqual:
    case T.Minus: {
      const written = token.tokenType.LABEL!;
      if (image !== written)
        problems.push(
          replacement('unknown-character', span, `Write \`${written}\` instead of \`${image}\`.`, written),
        );
      return token;
    }
    case T.NumberToken:
    case T.Dims: {
      const message = rangeProblem(image);
      if (message !== undefined) problems.push(problem('bad-number', span, message));
      return token;
    }
    case T.BadNumber:
      problems.push(badNumber(token));
      return retyped(token, T.NumberToken);
    case T.UnterminatedString:
      problems.push(problem('unterminated-string', span, 'This string is never closed: end it with `"`.'));
      return retyped(token, T.StringToken);
    case T.SingleQuoted:
    case T.CurlyQuoted: {
      const inner = image.replace(/^.|['"\u201c\u201d]$/g, '');
      problems.push(
        replacement('wrong-quotes', span, `Strings stand in double quotes: "${inner}".`, `"${inner}"`),
      );
      return retyped(token, T.StringToken);
    }
    case T.HashComment:
      problems.push(
        replacement('hash-comment', span, 'Comments start with `//`, not `#`.', `//${image.slice(1)}`),
      );
      return undefined;
    case T.Semicolon:
      problems.push(replacement('semicolon', span, 'Statements need no `;` between them: remove it.', ''));
      return undefined;
    case T.Foreign:
      return foreign(token, problems);
    case T.Unknown: {
      const operator = own({ '&': '&&', '|': '||' }, image);
      problems.push(
        operator
          ? replacement('unknown-character', span, `Write \`${operator}\` instead of \`${image}\`.`, operator)
          : problem('unknown-character', span, `${shown(image)} has no meaning here: remove it.`),
      );
      return operator ? retyped(token, operator === '&&' ? T.AndAnd : T.OrOr) : undefined;
    }
    default:
      return token;
  }
}

function foreign(token: IToken, problems: SyntaxProblem[]): IToken | undefined {
  const span = spanOf(token);
  if (!/[\p{L}\p{N}_]/u.test(token.image)) {
    problems.push(
      problem('unknown-character', span, `${shown(token.image)} has no meaning here: remove it.`),
    );
    return undefined;
  }
  problems.push(
    problem(
      'bad-name',
      span,
      `Names consist of the letters a to z, digits and \`_\`: rename \`${token.image}\`.`,
    ),
  );
  return retyped(token, T.Identifier);
}

function badNumber(token: IToken): SyntaxProblem {
  const { image } = token;
  const span = spanOf(token);
  const dims = image.replace(/\s*[xX×]\s*/g, 'x');
  if (dims !== image && /^\d+(x\d+)+$/.test(dims))
    return replacement('bad-number', span, `Write a size as one word with a small \`x\`: ${dims}.`, dims);
  if (/^\d+(x\d+)*x$/.test(image))
    return problem(
      'bad-number',
      span,
      `The size \`${image}\` ends early: write a number after \`x\`, as in 3x3.`,
    );
  if (/^\.\d+$/.test(image))
    return replacement('bad-number', span, `Write a digit before the point: 0${image}.`, `0${image}`);
  if (/^\d+\.$/.test(image))
    return replacement('bad-number', span, `Write a digit after the point: ${image}0.`, `${image}0`);
  const suffix = /^(\d+(?:\.\d+)?)([kmg])$/.exec(image);
  if (suffix) {
    const upper = image.toUpperCase();
    return replacement('bad-number', span, `Suffixes are capital letters (K, M, G): ${upper}.`, upper);
  }
  return problem(
    'bad-number',
    span,
    `\`${image.length > 40 ? image.slice(0, 40) + '…' : image}\` is neither a number (12, 0.5, 1e-5, 450M) nor a size (3x3, 32x32x3).`,
  );
}

function shown(image: string): string {
  const characters = Array.from(image);
  const text = characters.length > 20 ? characters.slice(0, 20).join('') + '…' : image;
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is meant
  return /^[\x00-\x1f\x7f]+$/.test(image) ? 'A control character' : `\`${text}\``;
}
