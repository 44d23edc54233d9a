import { EOF, tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import { SpannedParser } from '../engine.ts';
import { nearestKeyword } from './misspelling.ts';
import { expected, type Place } from './messages.ts';
import { insertedToken } from '../lexer.ts';
import { problem, PROBLEM_LIMIT, replacement, spanOf } from '../problem.ts';
import type { Span, SyntaxProblem } from '../syntax.ts';
import { CLOSERS, OPENERS } from '../token-classes.ts';
import * as T from '../tokens.ts';
import { isThere } from '../tree.ts';

/** How far a brace is looked for. */
const REACH = 200;

/** Thrown by an alternative that cannot start with the next token; ends the rule, which keeps what it has. */
class RuleAbandoned extends Error {}
const RULE_ABANDONED = new RuleAbandoned();

/**
 * Recovery from errors. Chevrotain's own knows neither lines nor brackets, words its messages for grammar authors,
 * and scans to the end of the text at every error; this takes its place. Brackets are already balanced (see
 * `brackets.ts`), so a group can always be skipped as a whole. A missing token is reported and made up for; a rule
 * that cannot start is reported and left as a hole; lists skip what cannot be an element. Until a token has been
 * consumed again, further errors are silent.
 */
export abstract class RecoveringParser extends SpannedParser {
  problems: SyntaxProblem[] = [];
  /** What had been consumed when a problem was reported last. */
  #reportedAt: IToken | undefined;

  /** Forgets the problems of the text before. */
  protected restart(): void {
    this.problems = [];
    this.#reportedAt = undefined;
  }

  /** Gives an empty token where one is missing. */
  override consumeInternal(type: TokenType, index: number, options: unknown): IToken {
    const next = this.LA(1);
    if (tokenMatcher(next, type)) return super.consumeInternal(type, index, options);
    return this.#recover(type, next) ?? insertedToken(type, this.consumedEnd(), this.LA(0).endLine ?? 1);
  }

  override raiseNoAltException(_occurrence: number, place: string | undefined): never {
    this.report(this.#missing(place ?? this.getCurrRuleFullName()));
    throw RULE_ABANDONED;
  }

  override invokeRuleCatch<Value>(error: unknown, _resync: boolean, recovered: () => Value): Value {
    if (error !== RULE_ABANDONED) throw error;
    return recovered();
  }

  /** Reports, unless the last problem was at this very token. */
  protected report(found: SyntaxProblem): void {
    const silent = this.#reportedAt === this.LA(0);
    this.#reportedAt = this.LA(0);
    if (silent) return;
    this.problems.push(found);
    if (this.problems.length >= PROBLEM_LIMIT) {
      while (this.LA(1).tokenType !== EOF) this.SKIP_TOKEN();
      this.#reportedAt = this.LA(0);
    }
  }

  /** Whether the token at `distance` is the first of its line. */
  protected startsLine(distance = 1): boolean {
    const before = this.LA(distance - 1);
    const token = this.LA(distance);
    return token.tokenType === EOF || before.tokenType === EOF || token.startLine! > before.endLine!;
  }

  /** Whether to parse what follows `token`: not where it is missing at the end of a line. */
  protected goesOn(token: IToken): boolean {
    return isThere(token) || !this.startsLine();
  }

  protected nextIs(type: TokenType, distance = 1): boolean {
    return tokenMatcher(this.LA(distance), type);
  }

  /** Skips one token, or a whole group when it is an opening bracket. */
  protected skip(): void {
    let depth = 0;
    do {
      const { tokenType } = this.LA(1);
      if (tokenType === EOF) return;
      if (OPENERS.has(tokenType)) depth++;
      else if (CLOSERS.has(tokenType)) depth--;
      const reported = this.#reportedAt === this.LA(0);
      this.SKIP_TOKEN();
      if (reported) this.#reportedAt = this.LA(0);
    } while (depth > 0);
  }

  /** Inserts a comma that was left out, so that the list goes on. */
  protected insertComma(): void {
    const { startOffset, startLine } = this.LA(1);
    this.insert(insertedToken(T.Comma, startOffset, startLine!));
  }

  /** Where something is missing: the unexpected token on the same line, else the token before. */
  protected here(): Span {
    const before = this.LA(0);
    const next = this.LA(1);
    if (next.tokenType !== EOF && !this.startsLine()) return visible(next) ? spanOf(next) : this.#end(before);
    return this.#end(before);
  }

  #end(before: IToken): Span {
    if (before.tokenType === EOF) return { start: 0, end: 0 };
    return spanOf(before);
  }

  #missing(place: string): SyntaxProblem {
    return problem('expected', this.here(), expected(place as Place, this.LA(0), this.LA(1)));
  }

  /** Makes up for a token that is not next. Gives the token to use, or nothing where it stays a hole. */
  #recover(type: TokenType, next: IToken): IToken | undefined {
    const word =
      tokenMatcher(next, T.Word) && T.KEYWORDS.includes(type)
        ? nearestKeyword(next.image, [type.LABEL!])
        : undefined;
    if (word !== undefined) {
      this.report(
        replacement(
          'unknown-keyword',
          spanOf(next),
          `\`${next.image}\` is no keyword here: did you mean \`${word}\`?`,
          word,
        ),
      );
      return this.#take();
    }
    this.report(this.#missing(`${this.getCurrRuleFullName()}.${type.name}`));
    if (type === T.LCurly ? this.#opensOnLine() : CLOSERS.has(type) && this.#closes(type)) {
      while (!this.nextIs(type)) this.skip();
      return this.#take();
    }
    if (SUBSTITUTES.get(type)?.includes(next.tokenType) && !this.startsLine()) return this.#take();
    return undefined;
  }

  #take(): IToken {
    const token = this.LA(1);
    this.SKIP_TOKEN();
    return token;
  }

  /** Whether `type` closes the group the parser is in. */
  #closes(type: TokenType): boolean {
    let depth = 0;
    for (let distance = 1; ; distance++) {
      const { tokenType } = this.LA(distance);
      if (tokenType === EOF) return false;
      if (OPENERS.has(tokenType)) depth++;
      else if (CLOSERS.has(tokenType)) {
        if (depth === 0) return tokenType === type;
        depth--;
      }
    }
  }

  /** Whether a `{` follows before the line ends, outside of other brackets. */
  #opensOnLine(): boolean {
    let depth = 0;
    for (let distance = 1; distance < REACH; distance++) {
      const { tokenType } = this.LA(distance);
      if (tokenType === EOF || (depth === 0 && (this.startsLine(distance) || tokenType === T.RCurly)))
        return false;
      if (tokenType === T.LCurly) return depth === 0;
      if (OPENERS.has(tokenType)) depth++;
      else if (tokenType === T.RParen || tokenType === T.RSquare) depth--;
    }
    return false;
  }
}

/** Signs that are written by mistake for another. */
const SUBSTITUTES = new Map<TokenType, readonly TokenType[]>([
  [T.Equal, [T.Colon, T.EqualEqual, T.Arrow]],
  [T.Colon, [T.Equal, T.Arrow, T.EqualEqual]],
]);

function visible(token: IToken): boolean {
  return token.image !== '';
}
