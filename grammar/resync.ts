import { EOF, type TokenType } from 'chevrotain';
import { describe } from './messages.ts';
import { problem, spanOf } from './problem.ts';
import { RecoveringParser } from './recovery.ts';
import * as T from './tokens.ts';

const ITEM_STARTS = new Set<TokenType>([T.Import, T.Let, T.Block, T.Model, T.Space, T.Cell]);

const STATEMENT_STARTS = new Set<TokenType>([
  T.Let, T.Input, T.Classes, T.Constraint, T.Repeat, T.For, T.If,
  T.Identifier, T.Add, T.Concat, T.Choice, T.Residual, T.Parallel,
]); // prettier-ignore

/** Statements whose first word cannot be anything else: a place to go on even in the middle of a line. */
const HARD_STARTS = new Set<TokenType>([
  T.Import, T.Let, T.Block, T.Model, T.Constraint, T.Repeat, T.For, T.If, T.Residual, T.Parallel,
]); // prettier-ignore

const EXPRESSION_STARTS: readonly TokenType[] = [
  T.NumberToken, T.Dims, T.StringToken, T.True, T.False, T.Name, T.Choice, T.LSquare, T.LParen, T.Not,
]; // prettier-ignore

export type ListKind = 'import' | 'parameter' | 'pattern' | 'argument' | 'element';

/** The gates of the repetitions: each skips what cannot be an element, with one problem, before the next is tried. */
export abstract class ResyncingParser extends RecoveringParser {
  /** At a declaration; false at the end. */
  protected atItem(): boolean {
    return this.#resync(ITEM_STARTS, () => {
      const next = this.LA(1);
      const message = STATEMENT_STARTS.has(next.tokenType)
        ? `Statements stand inside a model, block or space: start one, as in 'model Name { … }'.`
        : `Expected a declaration (import, let, block, model, space or cell), not ${describe(next)}.`;
      this.report(problem('unexpected', spanOf(next), message));
      return false;
    });
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
    return this.#resync(new Set([T.NumberToken]), () => {
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

  /** At a branch; false at the closing brace. */
  protected atBranch(): boolean {
    return this.#resync(new Set([T.Branch]), () => {
      this.report(problem('unexpected', spanOf(this.LA(1)), "Expected 'branch { … }' inside 'parallel'."));
      return false;
    });
  }

  /** At the first element of a list. A comma before it is reported and skipped. */
  protected atElement(kind: ListKind): boolean {
    while (this.nextIs(T.Comma)) {
      this.report(problem('expected', spanOf(this.LA(1)), `Expected ${ARTICLE[kind]} before ','.`));
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
      this.report(problem('missing-comma', this.here(), `Expected ',' before ${describe(this.LA(1))}.`));
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

  /** Skips to the next start. `stray` reports what cannot start; true: it has made up for it itself. */
  #resync(starts: ReadonlySet<TokenType>, stray: () => boolean): boolean {
    for (;;) {
      const { tokenType } = this.LA(1);
      if (tokenType === EOF || (tokenType === T.RCurly && starts !== ITEM_STARTS)) return false;
      if (starts.has(tokenType)) return true;
      if (stray()) continue;
      do this.skip();
      while (!this.#syncs(starts));
    }
  }

  #syncs(starts: ReadonlySet<TokenType>): boolean {
    const { tokenType } = this.LA(1);
    if (tokenType === EOF || tokenType === T.RCurly) return true;
    return starts.has(tokenType) && (this.startsLine() || HARD_STARTS.has(tokenType));
  }

  #reportStray(): void {
    const next = this.LA(1);
    const before = this.LA(0);
    this.report(
      problem('unexpected', spanOf(next), strayMessage(next.tokenType, describe(next), describe(before))),
    );
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

function strayMessage(type: TokenType, next: string, before: string): string {
  switch (type) {
    case T.Arrow:
      return "Expected an op, a block or a tensor before '->'.";
    case T.Shortcut:
      return "'shortcut' belongs right after a residual: residual { … } shortcut { … }.";
    case T.Else:
      return "'else' belongs right after the body of an 'if': if (c) { … } else { … }.";
    case T.Branch:
      return "'branch' belongs into a parallel: parallel add { branch { … } branch { … } }.";
    case T.LCurly:
      return `${before} takes no body: remove the braces.`;
    case T.Import:
    case T.Block:
    case T.Model:
    case T.Space:
    case T.Cell:
      return `A declaration cannot stand inside another: move ${next} out of the braces.`;
    default:
      return tokenIsLiteral(type)
        ? `${next} cannot start a statement: flows consist of ops, values stand in arguments or after 'let name ='.`
        : `${next} cannot stand here: expected a statement or '}'.`;
  }
}

function tokenIsLiteral(type: TokenType): boolean {
  return [T.NumberToken, T.Dims, T.StringToken, T.True, T.False].includes(type);
}
