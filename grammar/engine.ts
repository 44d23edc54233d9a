import { EmbeddedActionsParser, EOF, type IToken, type TokenType } from 'chevrotain';
import type { Missing, Span } from './syntax.ts';

/**
 * The parts of Chevrotain's engine that we build on beyond its documented interface (the version is pinned, and
 * `test/grammar` would notice a change). They let recovery follow our rules.
 */
interface Engine {
  /** Chevrotain's vector of tokens; `tokVectorLength` leaves out its end markers. */
  tokVector: IToken[];
  tokVectorLength: number;
  /** Index of the token consumed last; −1 at the start. */
  currIdx: number;
  /** While Chevrotain runs the rules to learn the grammar, they get stand-ins for tokens and subtrees. */
  RECORDING_PHASE: boolean;
  LA(distance: number): IToken;
  consumeToken(): void;
  moveToTerminatedState(): void;
  getCurrRuleFullName(): string;
  consumeInternal(type: TokenType, index: number, options: unknown): IToken;
}

const ChevrotainEngine = EmbeddedActionsParser as unknown as new (
  ...parameters: ConstructorParameters<typeof EmbeddedActionsParser>
) => EmbeddedActionsParser & Engine;

/** A parser that knows where the constructs stand it has read. */
export abstract class SpannedParser extends ChevrotainEngine {
  /** A place between two tokens, to be given to `since`. */
  protected mark(): number {
    return this.currIdx;
  }

  /** From the first token after `mark` to the last one consumed; where there is none, the end of the one before. */
  protected since(mark: number): Span {
    const end = this.consumedEnd();
    return mark < this.currIdx ? { start: this.tokVector[mark + 1]!.startOffset, end } : { start: end, end };
  }

  /** Like `since` for a construct that starts with `first`, which may be a hole before the first token. */
  protected around(mark: number, first: { readonly span: Span }): Span {
    const { start, end } = this.since(mark);
    return { start: this.RECORDING_PHASE ? start : Math.min(start, first.span.start), end };
  }

  /** End of the token consumed last. */
  protected consumedEnd(): number {
    const last = this.LA(0);
    return last.tokenType === EOF ? 0 : last.startOffset + last.image.length;
  }

  protected hole(): Missing {
    const end = this.consumedEnd();
    return { kind: 'missing', span: { start: end, end } };
  }
}
