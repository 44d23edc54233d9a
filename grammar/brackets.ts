import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import { headerOf, IMPORTED, startsDeclaration, type Header } from './headers.ts';
import { insertedToken, retyped } from './lexer.ts';
import { problem, PROBLEM_LIMIT, replacement, spanOf } from './problem.ts';
import type { SyntaxProblem } from './syntax.ts';
import * as T from './tokens.ts';

/**
 * Balances brackets before parsing. In a text whose brackets match nothing changes; otherwise closing (and
 * opening) brackets are inserted, and stray ones dropped, each with a problem, so that the parser always sees
 * whole groups. Of several readings of the text the one that needs the fewest repairs is taken.
 */
export function balance(tokens: readonly IToken[]): Balanced {
  const plain = new Balancer(tokens, { indentation: false, emptyBodies: true, nested: false }).run();
  if (plain.problems.length === 0 || plain.problems.length > FEW) return plain;
  const readings = [];
  for (const nested of [false, true])
    for (const indentation of [true, false])
      for (const emptyBodies of [true, false])
        readings.push(new Balancer(tokens, { indentation, emptyBodies, nested }).run());
  return readings.reduce((best, reading) => (reading.cost < best.cost ? reading : best));
}

interface Balanced {
  readonly tokens: IToken[];
  readonly problems: SyntaxProblem[];
  /** How many problems the user will see because of this reading, those of the parser included. */
  readonly cost: number;
}

/** More problems than this are not a few mistakes in a program: other readings are not worth their time. */
const FEW = 50;

interface Reading {
  /** Whether a line that is indented no deeper than the line of a brace ends its body. */
  readonly indentation: boolean;
  /** Whether a body without braces is taken to be empty, else it reaches to the next closing brace. */
  readonly emptyBodies: boolean;
  /** Whether a declaration inside another is one (the parser will object), else it ends the one before. */
  readonly nested: boolean;
}

interface Opener {
  readonly token: IToken;
  readonly close: TokenType;
  /** What the bracket holds, for messages. */
  readonly what: string;
  /** Column of the first token of the line the construct starts in. */
  readonly indent: number;
  /** Inserted, and reported then. */
  readonly inserted: boolean;
  /** Where in the output a line starts that cannot belong to the group. */
  breakAt?: number;
}

const CLOSERS = new Set<TokenType>([T.RParen, T.RSquare, T.RCurly]);

/** Words that end an open parenthesis: they stand in no expression. */
const STATEMENT_WORDS = new Set<TokenType>([
  T.Let, T.Constraint, T.Repeat, T.For, T.If, T.Else, T.Residual, T.Shortcut, T.Parallel,
]); // prettier-ignore

const OPERAND_ENDS = new Set<TokenType>([
  T.NumberToken, T.Dims, T.StringToken, T.True, T.False, T.RParen, T.RSquare,
]); // prettier-ignore

/** How far a bracket is looked for that would close a group with an arrow in it. */
const REACH = 300;

class Balancer {
  readonly #tokens: readonly IToken[];
  readonly #reading: Reading;
  readonly #stack: Opener[] = [];
  readonly #out: IToken[] = [];
  readonly #problems: SyntaxProblem[] = [];
  /** The construct whose brace is awaited. */
  #header: Header | undefined;
  #lineIndent = 0;
  /** Lines with problems: of one line the user sees one problem. */
  readonly #lines = new Set<number>();
  #nested = 0;

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
    const cost = index < this.#tokens.length ? Infinity : this.#lines.size + this.#nested;
    return { tokens: this.#out, problems: this.#problems, cost };
  }

  #step(token: IToken, index: number): void {
    const before = this.#tokens[index - 1];
    const startsLine = !before || token.startLine! > before.endLine!;
    if (startsLine) {
      this.#lineIndent = token.startColumn!;
      this.#startLine(token, index);
    }
    if (this.#closesParentheses(token, index)) this.#closeParentheses();
    if (this.#awaitsBody && this.#header!.lacksBody(this.#tokens, index))
      this.#insertBody(this.#reading.emptyBodies);
    // `import { A, B from "…"`.
    if (
      token.tokenType === T.From &&
      this.#top?.what === IMPORTED &&
      this.#tokens[index + 1]?.tokenType === T.StringToken
    )
      this.#insertCloser();
    if (this.#top?.close !== T.RParen && this.#top?.close !== T.RSquare) {
      const header = headerOf(this.#tokens, index, this.#lineIndent, this.#stack.length);
      if (header) this.#header = header;
    }
    switch (token.tokenType) {
      case T.LParen:
        this.#open(token, T.RParen, parenthesis(before, this.#header));
        break;
      case T.LSquare:
        this.#open(token, T.RSquare, 'the list');
        break;
      case T.LCurly: {
        const header = this.#header;
        this.#header = undefined;
        this.#open(token, T.RCurly, header?.what ?? 'this `{`', header?.indent);
        break;
      }
      case T.RParen:
      case T.RSquare:
        this.#closeParenthesis(token);
        break;
      case T.RCurly:
        this.#closeBrace(token, startsLine);
        break;
      default:
        this.#out.push(token);
    }
  }

  get #top(): Opener | undefined {
    return this.#stack[this.#stack.length - 1];
  }

  #startLine(token: IToken, index: number): void {
    if (startsDeclaration(this.#tokens, index)) {
      if (this.#reading.nested && this.#stack.length > 0) this.#nested++;
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
        this.#insertBody(true);
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
      if (this.#awaitsBody) this.#insertBody(true);
      if (this.#stack.length === 0) return;
      this.#insertCloser();
    }
  }

  #open(token: IToken, close: TokenType, what: string, indent = this.#lineIndent): void {
    this.#stack.push({ token, close, what, indent, inserted: token.image === '' });
    this.#out.push(token);
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

  #closeBrace(token: IToken, startsLine: boolean): void {
    const byIndent = this.#reading.indentation && startsLine;
    if (byIndent)
      while (this.#stack.length > 1 && this.#top!.indent > token.startColumn!) this.#insertCloser();
    const top = this.#top;
    if (!top || (byIndent && top.indent < token.startColumn! && top.token.startLine !== token.startLine)) {
      this.#stray(token);
      return;
    }
    this.#stack.pop();
    this.#out.push(token);
  }

  #stray(token: IToken): void {
    const open = { ')': '(', ']': '[', '}': '{' }[token.image] ?? '';
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

  /** Whether a token shows that the open parentheses were never closed. */
  #closesParentheses(token: IToken, index: number): boolean {
    const top = this.#top;
    if (!top || top.close === T.RCurly) return false;
    switch (token.tokenType) {
      case T.LCurly:
      case T.RCurly:
        return true;
      case T.Arrow:
        return !this.#closesLater(index, top.close);
      case T.In: {
        // After the names of a `for`, unless it is one of them.
        const next = this.#tokens[index + 1]?.tokenType;
        return top.what === LOOP_NAMES && next !== T.Comma && next !== T.RParen;
      }
      default:
        return STATEMENT_WORDS.has(token.tokenType) && this.#tokens[index + 1]?.tokenType !== T.Equal;
    }
  }

  /** Whether the innermost parenthesis is closed after `index` before anything says otherwise. */
  #closesLater(index: number, close: TokenType): boolean {
    let depth = 0;
    for (let at = index + 1; at < this.#tokens.length && at < index + REACH; at++) {
      const token = this.#tokens[at]!;
      const before = this.#tokens[at - 1]!;
      const { tokenType } = token;
      if (tokenType === T.LCurly || tokenType === T.RCurly || STATEMENT_WORDS.has(tokenType)) return false;
      if (tokenType === T.LParen || tokenType === T.LSquare) depth++;
      else if (CLOSERS.has(tokenType) && depth-- === 0) return tokenType === close;
      else if (
        depth === 0 &&
        token.startLine! > before.endLine! &&
        endsOperand(before) &&
        startsOperand(token)
      )
        return false;
    }
    return false;
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

  /** Makes up for the braces of a construct that has none, or only for the opening one. */
  #insertBody(empty: boolean): void {
    const header = this.#header!;
    this.#header = undefined;
    // The parser has more to say about these: they need not have a body.
    if (header.optional) return;
    const before = this.#out[this.#out.length - 1];
    const end = before ? spanOf(before).end : 0;
    this.#report(
      before,
      problem('missing-body', lastVisible(this.#out, this.#out.length), header.missing, {
        fix: { title: 'Insert `{ }`', span: { start: end, end }, text: ' { }' },
      }),
    );
    this.#open(insertedAfter(before, T.LCurly), T.RCurly, header.what, header.indent);
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

function lastVisible(tokens: readonly IToken[], end: number): { start: number; end: number } {
  for (let index = end - 1; index >= 0; index--)
    if (tokens[index]!.image !== '') return spanOf(tokens[index]!);
  return { start: 0, end: 0 };
}

function endsOperand(token: IToken): boolean {
  return OPERAND_ENDS.has(token.tokenType) || tokenMatcher(token, T.Word);
}

function startsOperand(token: IToken): boolean {
  return (
    tokenMatcher(token, T.Word) ||
    token.tokenType === T.NumberToken ||
    token.tokenType === T.Dims ||
    token.tokenType === T.StringToken
  );
}

/** What the parenthesis after `for` holds. */
const LOOP_NAMES = 'the names after `for`';

function parenthesis(before: IToken | undefined, header: Header | undefined): string {
  if (!before) return 'this `(`';
  if (before.tokenType === T.If) return 'the condition of `if`';
  if (before.tokenType === T.For) return LOOP_NAMES;
  if (!tokenMatcher(before, T.Name) && before.tokenType !== T.Choice) return 'this `(`';
  return header?.declares === 'block'
    ? `the parameters of block \`${before.image}\``
    : `the arguments of \`${before.image}\``;
}
