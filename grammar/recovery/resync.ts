import { EOF, tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import { describe, expected } from './messages.ts';
import { nearestKeyword } from './misspelling.ts';
import { problem, spanOf } from '../problem.ts';
import { RecoveringParser } from './recovery.ts';
import { DECLARATIONS, LITERALS } from '../token-classes.ts';
import * as T from '../tokens.ts';

const ITEM_KEYWORDS = [...DECLARATIONS].map((type) => type.LABEL!);

const STATEMENT_STARTS = new Set<TokenType>([
  T.Let, T.Input, T.Classes, T.Constraint, T.Repeat, T.For, T.If,
  T.Identifier, T.Add, T.Concat, T.Mul, T.Choice, T.Residual, T.Parallel,
]); // prettier-ignore

/** What makes a word the start of a statement rather than a misspelt declaration. */
const STATEMENT_FOLLOWERS = new Set<TokenType>([T.Arrow, T.LParen, T.LCurly, T.NumberToken, T.Dims]);

/** Statements whose first word cannot be anything else: a place to go on even in the middle of a line. */
const HARD_STARTS = new Set<TokenType>([
  T.Import, T.Let, T.Block, T.Model, T.Constraint, T.Repeat, T.For, T.If, T.Residual, T.Parallel,
]); // prettier-ignore

const EDGE_STARTS = new Set<TokenType>([T.NumberToken, T.Choice]);

const MERGES: readonly TokenType[] = [T.Add, T.Concat, T.Mul];

const EXPRESSION_STARTS: readonly TokenType[] = [
  T.NumberToken, T.Dims, T.StringToken, T.True, T.False, T.Name, T.Choice, T.LSquare, T.LParen, T.Not,
]; // prettier-ignore

type ListKind = 'import' | 'parameter' | 'pattern' | 'argument' | 'element';

/** The gates of the repetitions: each skips what cannot be an element, with one problem, before the next is tried. */
export abstract class ResyncingParser extends RecoveringParser {
  /** Whether the items before were not declarations. */
  #outside = false;

  protected override restart(): void {
    super.restart();
    this.#outside = false;
  }

  /** At a declaration; false at the end. */
  protected atItem(): boolean {
    const found = this.#resync(DECLARATIONS, () => {
      const next = this.LA(1);
      // Statements outside of a declaration are one mistake, with the `let`s among them.
      if (!this.#outside) this.report(problem('unexpected', spanOf(next), this.#itemMessage(next)));
      this.#outside = true;
      return false;
    });
    if (!this.nextIs(T.Let)) this.#outside = false;
    return found;
  }

  #itemMessage(next: IToken): string {
    const follower = this.LA(2).tokenType;
    if (STATEMENT_STARTS.has(next.tokenType) && STATEMENT_FOLLOWERS.has(follower))
      return 'Statements stand inside a model, block or space: start one, as in `model Name { … }`.';
    const meant = nearestKeyword(next.image, ITEM_KEYWORDS);
    const hint = meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
    return `Expected a declaration (${ITEM_KEYWORDS.join(', ')}), not ${describe(next)}.${hint}`;
  }

  /** At a statement; false at the closing brace. */
  protected atStatement(): boolean {
    return this.#resync(STATEMENT_STARTS, () => {
      this.#reportStray();
      // What follows the arrow is still a flow.
      if (this.nextIs(T.Arrow) && STATEMENT_STARTS.has(this.LA(2).tokenType)) {
        this.skip();
        return true;
      }
      return false;
    });
  }

  /** At an edge of a cell; false at the closing brace. */
  protected atEdge(): boolean {
    if (this.#atOutput()) return false;
    return this.#resync(EDGE_STARTS, () => {
      this.report(
        problem(
          'unexpected',
          spanOf(this.LA(1)),
          'Expected an edge between two numbered nodes, as in: 0 -> 1: relu.',
        ),
      );
      return false;
    });
  }

  /** Whether what a cell gives stands here: `concat(2, 3)`. */
  #atOutput(): boolean {
    return (
      MERGES.some((type) => this.nextIs(type)) && this.nextIs(T.LParen, 2) && this.nextIs(T.NumberToken, 3)
    );
  }

  /** Whether `[` begins a flow: names of tensors stand in it. */
  #atTensors(): boolean {
    return (
      this.nextIs(T.LSquare) &&
      this.nextIs(T.Name, 2) &&
      (this.nextIs(T.Comma, 3) || this.nextIs(T.RSquare, 3))
    );
  }

  /** Whether the next line is an edge of its own: the node that the one before leads to is missing. */
  protected atNextEdge(): boolean {
    if (!this.nextIs(T.NumberToken) || !this.startsLine() || !this.nextIs(T.Arrow, 2)) return false;
    this.report(problem('expected', this.here(), expected('edge.Number', this.LA(0), this.LA(1))));
    return true;
  }

  /** At a branch; false at the closing brace. */
  protected atBranch(): boolean {
    return this.#resync(new Set([T.Branch]), () => {
      this.report(problem('unexpected', spanOf(this.LA(1)), 'Expected `branch { … }` inside `parallel`.'));
      return false;
    });
  }

  /** At the first element of a list. A comma before it is reported and skipped. */
  protected atElement(kind: ListKind): boolean {
    while (this.nextIs(T.Comma)) {
      this.report(problem('expected', spanOf(this.LA(1)), `Expected ${ARTICLE[kind]} before \`,\`.`));
      this.skip();
    }
    return true;
  }

  /** At a comma between elements: doubled ones are skipped, a missing one is made up for. */
  protected atSeparator(kind: ListKind): boolean {
    while (this.nextIs(T.Comma) && this.nextIs(T.Comma, 2)) {
      this.skip();
      this.report(problem('expected', spanOf(this.LA(1)), `Expected ${ARTICLE[kind]} between the commas.`));
    }
    const starts = kind === 'argument' || kind === 'element' ? EXPRESSION_STARTS : [T.Name];
    if (starts.some((type) => this.nextIs(type))) {
      this.report(problem('missing-comma', this.here(), `Expected \`,\` before ${describe(this.LA(1))}.`));
      this.insertComma();
    }
    return true;
  }

  /**
   * Whether a word is a value here. `input`, `classes`, `cell` and `space` at the start of a line, with something
   * after them, begin a statement or declaration: the value before them is what is missing.
   */
  protected atValue(): boolean {
    const { tokenType } = this.LA(1);
    if (tokenType !== T.Input && tokenType !== T.Classes && tokenType !== T.Cell && tokenType !== T.Space)
      return true;
    if (!this.startsLine() || this.startsLine(2)) return true;
    return !STARTED.some((type) => this.nextIs(type, 2));
  }

  /** Whether `[` is an index: behind a name, a call, parentheses or another index, in their line. Elsewhere it begins a list. */
  protected atIndex(): boolean {
    const { tokenType, startLine } = this.LA(1);
    const before = this.LA(0);
    if (tokenType !== T.LSquare || startLine !== before.endLine) return false;
    return tokenMatcher(before, T.Name) || before.tokenType === T.RParen;
  }

  /** Skips to the next start. `stray` reports what cannot start; true: it has made up for it itself. */
  #resync(starts: ReadonlySet<TokenType>, stray: () => boolean): boolean {
    for (;;) {
      const { tokenType } = this.LA(1);
      if (tokenType === EOF || (tokenType === T.RCurly && starts !== DECLARATIONS)) return false;
      if (starts.has(tokenType) || (starts === STATEMENT_STARTS && this.#atTensors())) return true;
      if (stray()) continue;
      do this.skip();
      while (!this.#syncs(starts));
    }
  }

  #syncs(starts: ReadonlySet<TokenType>): boolean {
    const { tokenType } = this.LA(1);
    if (tokenType === EOF || tokenType === T.RCurly) return true;
    if (starts === STATEMENT_STARTS && this.#atTensors()) return this.startsLine();
    return starts.has(tokenType) && (this.startsLine() || HARD_STARTS.has(tokenType));
  }

  #reportStray(): void {
    const next = this.LA(1);
    this.report(problem('unexpected', spanOf(next), strayMessage(next, this.LA(0))));
  }
}

const STARTED: readonly TokenType[] = [T.NumberToken, T.Dims, T.Identifier];

const ARTICLE: Readonly<Record<ListKind, string>> = {
  import: 'a name',
  parameter: 'a parameter',
  pattern: 'a name',
  argument: 'an argument',
  element: 'a value',
};

function strayMessage(next: IToken, before: IToken): string {
  switch (next.tokenType) {
    case T.Arrow: {
      const value = LITERALS.has(before.tokenType) ? `, not ${describe(before)}` : '';
      return `Expected an op, a block or a tensor before \`->\`${value}.`;
    }
    case T.Shortcut:
      return '`shortcut` belongs right after a residual: residual { … } shortcut { … }.';
    case T.Else:
      return '`else` belongs right after the body of an `if`: if (c) { … } else { … }.';
    case T.Branch:
      return '`branch` belongs into a parallel: parallel add { branch { … } branch { … } }.';
    case T.LCurly:
      return before.tokenType === T.Identifier || before.tokenType === T.RParen
        ? `${capital(describe(before))} takes no body: remove the braces, or put \`residual\`, \`repeat\` … before them.`
        : 'These braces belong to nothing: put `residual`, `repeat` … before them, or remove them.';
    case T.Import:
    case T.Block:
    case T.Model:
    case T.Space:
    case T.Cell:
      return `A declaration cannot stand inside another: move this ${next.image} out of the braces.`;
    default:
      return LITERALS.has(next.tokenType)
        ? `${capital(describe(next))} cannot start a statement: flows consist of ops, values stand in arguments or after \`let name =\`.`
        : `${capital(describe(next))} cannot stand here: expected a statement or \`}\`.`;
  }
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
