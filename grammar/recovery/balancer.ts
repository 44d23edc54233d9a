import type { IToken, TokenType } from 'chevrotain';
import { own } from '../../server/base/own.ts';
import { closesParentheses, parenthesis } from './evidence.ts';
import { headerOf, startsDeclaration, type Header } from './headers.ts';
import type { Opener } from './opener.ts';
import { insertedToken, retyped } from '../lexer.ts';
import { problem, PROBLEM_LIMIT, replacement, spanOf } from '../problem.ts';
import type { SyntaxProblem } from '../syntax.ts';
import { CLOSERS, DECLARATIONS, endsOperand, startsOperand } from '../token-classes.ts';
import * as T from '../tokens.ts';

/** How a text with unbalanced brackets is read. */
export interface Reading {
  /** Whether a line that is indented no deeper than the line of a brace ends its body. */
  readonly indentation: boolean;
  /** Whether a body without braces is taken to be empty, else it reaches to the next closing brace. */
  readonly emptyBodies: boolean;
  /** Whether a declaration inside another is one (the parser will object), else it ends the one before. */
  readonly nested: boolean;
  /** Whether braces that no construct asks for, or that leave behind what cannot stand there, are strays. */
  readonly strays: boolean;
}

export interface Balanced {
  readonly tokens: IToken[];
  readonly problems: SyntaxProblem[];
  /** Whether the tokens are those of the text. */
  readonly unchanged: boolean;
  /** On how many lines the user will see a problem because of this reading, those of the parser included. */
  readonly cost: number;
}

/** What a word that continues a construct must follow: the closing brace of this. */
const CONTINUED = new Map<TokenType, TokenType>([
  [T.Else, T.If],
  [T.Shortcut, T.Residual],
  [T.Branch, T.Branch],
]);

/**
 * Goes through the tokens once and inserts and drops brackets until they match, each with a problem. What the
 * parser will object to in this reading is counted.
 */
export class Balancer {
  readonly #tokens: readonly IToken[];
  readonly #reading: Reading;
  readonly #stack: Opener[] = [];
  readonly #out: IToken[] = [];
  readonly #problems: SyntaxProblem[] = [];
  /** The construct whose brace is awaited. */
  #header: Header | undefined;
  #lineIndent = 0;
  /** Lines with problems, those of the parser included: of one line the user sees one problem. */
  readonly #lines = new Set<number>();
  /** Outside of all braces: what is next. `stray` is what the parser will object to, up to the next declaration. */
  #level: 'between' | 'declaration' | 'stray' = 'between';

  constructor(tokens: readonly IToken[], reading: Reading) {
    this.#tokens = tokens;
    this.#reading = reading;
  }

  run(): Balanced {
    let index = 0;
    while (index < this.#tokens.length && this.#problems.length < PROBLEM_LIMIT) {
      this.#step(this.#tokens[index]!, index);
      index++;
    }
    this.#closeAll();
    const cost = index < this.#tokens.length ? Infinity : this.#lines.size;
    const unchanged = this.#problems.length === 0 && this.#out.length === this.#tokens.length;
    return { tokens: this.#out, problems: this.#problems, unchanged, cost };
  }

  #step(token: IToken, index: number): void {
    const before = this.#tokens[index - 1];
    const startsLine = !before || token.startLine! > before.endLine!;
    if (startsLine) {
      this.#lineIndent = token.startColumn!;
      this.#startLine(token, index);
    }
    if (this.#top && closesParentheses(this.#top, this.#tokens, index)) this.#closeParentheses();
    if (this.#awaitsBody && this.#header!.lacksBody(this.#tokens, index))
      this.#insertBody(this.#reading.emptyBodies);
    if (this.#endsBody(token, index)) this.#insertCloser();
    if (this.#stack.length === 0) this.#enterFile(token, index, startsLine);
    if (this.#top?.close !== T.RParen && this.#top?.close !== T.RSquare) {
      const header = headerOf(this.#tokens, index, this.#lineIndent, this.#stack.length);
      if (header) this.#header = header;
    }
    switch (token.tokenType) {
      case T.LParen:
        this.#open(token, T.RParen, { what: parenthesis(before, this.#header) });
        break;
      case T.LSquare:
        this.#open(token, T.RSquare, { what: this.#awaitsBody ? 'the names of tensors' : 'the list' });
        break;
      case T.LCurly:
        this.#openBrace(token);
        break;
      case T.RParen:
      case T.RSquare:
        this.#closeParenthesis(token);
        break;
      case T.RCurly:
        this.#closeBrace(token, index, startsLine);
        break;
      default:
        this.#out.push(token);
    }
  }

  #enterFile(token: IToken, index: number, startsLine: boolean): void {
    if (DECLARATIONS.has(token.tokenType)) {
      // Statements outside of a declaration are one mistake, with the `let`s among them.
      if (this.#level !== 'stray' || token.tokenType !== T.Let) this.#level = 'declaration';
      return;
    }
    if (this.#level === 'stray' || token.tokenType === T.RCurly) return;
    const before = this.#tokens[index - 1];
    const ended =
      startsLine &&
      before &&
      endsOperand(before) &&
      (startsOperand(token) || token.tokenType === T.LSquare) &&
      !this.#header &&
      !isBegun(before.tokenType, token, this.#tokens[index + 1]);
    if (this.#level === 'declaration' && !ended) return;
    this.#level = 'stray';
    this.#lines.add(token.startLine!);
  }

  /** Whether a word shows that the innermost body was not closed before it. */
  #endsBody(token: IToken, index: number): boolean {
    const top = this.#top;
    const next = this.#tokens[index + 1]?.tokenType;
    if (top?.close !== T.RCurly) return false;
    // `import { A, B from "…"`.
    if (token.tokenType === T.From) return top.keyword === T.Import && next === T.StringToken;
    return (
      top.keyword !== undefined &&
      top.keyword === CONTINUED.get(token.tokenType) &&
      this.#tokens[index - 1]?.tokenType !== T.RCurly &&
      (next === T.LCurly || next === T.If)
    );
  }

  get #top(): Opener | undefined {
    return this.#stack[this.#stack.length - 1];
  }

  #startLine(token: IToken, index: number): void {
    if (startsDeclaration(this.#tokens, index)) {
      if (this.#reading.nested && this.#stack.length > 0) this.#lines.add(token.startLine!);
      else this.#closeAll();
      return;
    }
    const before = this.#tokens[index - 1];
    if (before && endsOperand(before) && startsOperand(token)) {
      for (let depth = this.#stack.length - 1; depth >= 0; depth--) {
        const opener = this.#stack[depth]!;
        if (opener.close === T.RCurly) break;
        opener.breakAt ??= this.#out.length;
      }
    }
    if (this.#reading.indentation && !CLOSERS.has(token.tokenType)) this.#outdent(token);
  }

  /** Ends what an outdented line cannot belong to. The outermost body ends only where the next declaration starts. */
  #outdent(token: IToken): void {
    for (;;) {
      if (this.#awaitsBody && token.tokenType !== T.LCurly && token.startColumn! <= this.#header!.indent)
        this.#endHeader();
      const top = this.#top;
      if (!top || token.startColumn! > top.indent) return;
      if (top.close === T.RCurly && (this.#stack.length === 1 || !startsOperand(token))) return;
      this.#insertCloser();
    }
  }

  get #awaitsBody(): boolean {
    return this.#header?.depth === this.#stack.length;
  }

  #closeAll(): void {
    for (;;) {
      if (this.#awaitsBody) this.#endHeader();
      if (this.#stack.length === 0) return;
      this.#insertCloser();
    }
  }

  #open(
    token: IToken,
    close: TokenType,
    { what, keyword, indent = this.#lineIndent }: Partial<Header> & Pick<Header, 'what'>,
  ): void {
    this.#stack.push({ token, close, what, keyword, indent, inserted: token.image === '' });
    this.#out.push(token);
  }

  #openBrace(token: IToken): void {
    const header = this.#header;
    this.#header = undefined;
    if (header) this.#open(token, T.RCurly, header);
    else if (this.#reading.strays)
      this.#report(
        token,
        replacement('stray-opener', spanOf(token), 'This `{` belongs to nothing: remove it.', ''),
      );
    else {
      this.#lines.add(token.startLine!);
      this.#open(token, T.RCurly, { what: 'this `{`' });
    }
  }

  #closeParenthesis(token: IToken): void {
    const top = this.#top;
    if (top?.close === token.tokenType) {
      this.#stack.pop();
      this.#out.push(token);
      return;
    }
    if (!top || top.close === T.RCurly) {
      this.#stray(token);
      return;
    }
    if (this.#isOpen(token.tokenType)) {
      while (this.#top.close !== token.tokenType) this.#insertCloser();
      this.#closeParenthesis(token);
      return;
    }
    const right = top.close.LABEL!;
    this.#report(
      token,
      replacement(
        'wrong-closer',
        spanOf(token),
        `Expected \`${right}\` to close ${top.what}, not \`${token.image}\`.`,
        right,
      ),
    );
    this.#stack.pop();
    this.#out.push(retyped(token, top.close));
  }

  /** Whether a parenthesis of this kind is open since the last brace. */
  #isOpen(close: TokenType): boolean {
    for (let depth = this.#stack.length - 1; depth >= 0; depth--) {
      const opener = this.#stack[depth]!;
      if (opener.close === T.RCurly) return false;
      if (opener.close === close) return true;
    }
    return false;
  }

  #closeBrace(token: IToken, index: number, startsLine: boolean): void {
    const byIndent = this.#reading.indentation && startsLine;
    if (byIndent)
      while (this.#stack.length > 1 && this.#top!.indent > token.startColumn!) this.#insertCloser();
    const top = this.#top;
    if (!top) {
      // It ends what the parser objects to already.
      if (this.#level !== 'stray') this.#stray(token);
      return;
    }
    const misplaced = byIndent && top.indent < token.startColumn! && top.token.startLine !== token.startLine;
    const leaves = this.#leavesStray(top, this.#tokens[index + 1]);
    if (misplaced || (leaves && this.#reading.strays)) {
      this.#stray(token);
      return;
    }
    if (leaves) this.#lines.add(this.#tokens[index + 1]!.startLine!);
    this.#stack.pop();
    this.#out.push(token);
    if (this.#stack.length === 0 && declares(top)) this.#level = 'between';
  }

  /** Whether `next` cannot follow the body that `top` opens. */
  #leavesStray(top: Opener, next: IToken | undefined): boolean {
    if (!next) return false;
    if (this.#stack.length === 1 && declares(top)) return !DECLARATIONS.has(next.tokenType);
    const continued = CONTINUED.get(next.tokenType);
    return continued !== undefined && continued !== top.keyword;
  }

  #stray(token: IToken): void {
    const open = own({ ')': '(', ']': '[', '}': '{' }, token.image) ?? '';
    this.#report(
      token,
      replacement(
        'stray-closer',
        spanOf(token),
        `This \`${token.image}\` closes nothing: remove it, or open a \`${open}\` before it.`,
        '',
      ),
    );
  }

  #closeParentheses(): void {
    while (this.#top && this.#top.close !== T.RCurly) this.#insertCloser();
  }

  /** Closes the innermost group where its content ends. */
  #insertCloser(): void {
    const opener = this.#stack.pop()!;
    const at = opener.breakAt ?? this.#out.length;
    const before = this.#out[at - 1] ?? opener.token;
    if (!opener.inserted) {
      const sign = opener.close.LABEL!;
      const end = spanOf(before).end;
      this.#report(
        before,
        problem(
          'missing-closer',
          lastVisible(this.#out, at),
          `Expected \`${sign}\` to close ${opener.what}.`,
          {
            related: { message: `This \`${opener.token.image}\` is not closed.`, span: spanOf(opener.token) },
            fix: { title: `Insert \`${sign}\``, span: { start: end, end }, text: sign },
          },
        ),
      );
    }
    this.#insert(at, before, opener.close);
  }

  #insert(at: number, before: IToken | undefined, type: TokenType): void {
    this.#out.splice(at, 0, insertedAfter(before, type));
    for (const outer of this.#stack) if (outer.breakAt !== undefined && outer.breakAt >= at) outer.breakAt++;
  }

  /** Nothing more belongs to the construct. The parser has more to say about those that need no body. */
  #endHeader(): void {
    if (this.#header!.optional) this.#header = undefined;
    else this.#insertBody(true);
  }

  /** Makes up for the braces of a construct that has none, or only for the opening one. */
  #insertBody(empty: boolean): void {
    const header = this.#header!;
    this.#header = undefined;
    const before = this.#out[this.#out.length - 1];
    const end = before ? spanOf(before).end : 0;
    this.#report(
      before,
      problem('missing-body', lastVisible(this.#out, this.#out.length), header.missing, {
        fix: { title: 'Insert `{ }`', span: { start: end, end }, text: ' { }' },
      }),
    );
    this.#open(insertedAfter(before, T.LCurly), T.RCurly, header);
    if (empty) this.#insertCloser();
  }

  #report(at: IToken | undefined, found: SyntaxProblem): void {
    this.#lines.add(at?.endLine ?? 1);
    this.#problems.push(found);
  }
}

function insertedAfter(before: IToken | undefined, type: TokenType): IToken {
  return insertedToken(type, before ? spanOf(before).end : 0, before?.endLine ?? 1);
}

/** Whether nothing belongs to the declaration after the brace that closes this one. */
function declares({ keyword }: Opener): boolean {
  return keyword !== undefined && keyword !== T.Import && DECLARATIONS.has(keyword);
}

function lastVisible(tokens: readonly IToken[], end: number): { start: number; end: number } {
  for (let index = end - 1; index >= 0; index--)
    if (tokens[index]!.image !== '') return spanOf(tokens[index]!);
  return { start: 0, end: 0 };
}

/** Whether a declaration cannot end behind a word: `let` and its name, `cell` and that of a genotype, `from` and the path. */
function isBegun(word: TokenType, token: IToken, next: IToken | undefined): boolean {
  if (word === T.From) return token.tokenType === T.StringToken;
  return word === T.Let || (word === T.Cell && next?.tokenType === T.Equal);
}
