import { EmbeddedActionsParser, EOF, type IToken, type TokenType } from 'chevrotain';
import type { Missing, Span } from './syntax.ts';

/**
 * What recovery needs of Chevrotain's engine beyond its documented interface: there is no other way to go on after an error by rules
 * of one's own. The version is pinned, and `test/grammar/engine.test.ts` tells of each member what it has to do.
 */
interface Engine {
  /** How many of `input` are tokens: end markers follow. */
  tokVectorLength: number;
  /** Of the rule that is being parsed. */
  getCurrRuleFullName(): string;
  /** What all `CONSUME`s call. */
  consumeInternal(type: TokenType, index: number, options: unknown): IToken;
  /** Called when no alternative of an `OR` fits. @param place its `ERR_MSG` */
  raiseNoAltException(occurrence: number, place: string | undefined): never;
  /** Called with what a rule threw. @param recovered makes up for its value */
  invokeRuleCatch<Value>(error: unknown, resync: boolean, recovered: () => Value): Value;
}

const ChevrotainEngine = EmbeddedActionsParser as unknown as new (
  ...parameters: ConstructorParameters<typeof EmbeddedActionsParser>
) => EmbeddedActionsParser & Engine;

/** A parser that knows where the constructs stand it has read. */
export abstract class SpannedParser extends ChevrotainEngine {
  /** The token that is next, to be given to `since`. */
  protected mark(): IToken {
    return this.LA(1);
  }

  /** From the token that was next to the last one consumed; where there is none, the end of the one before. */
  protected since({ tokenType, startOffset }: IToken): Span {
    const end = this.consumedEnd();
    const any = tokenType !== EOF && this.LA(0).startOffset >= startOffset;
    return { start: any ? startOffset : end, end };
  }

  /** Like `since` for a construct that starts with `first`, which may be a hole before the first token. */
  protected around(mark: IToken, first: { readonly span: Span }): Span {
    const { start, end } = this.since(mark);
    return { start: this.RECORDING_PHASE ? start : Math.min(start, first.span.start), end };
  }

  /** End of the token consumed last. */
  protected consumedEnd(): number {
    const last = this.LA(0);
    return last.tokenType === EOF ? 0 : last.startOffset + last.image.length;
  }

  /** Puts a token before the one that is next. */
  protected insert(token: IToken): void {
    this.input.splice(this.input.indexOf(this.LA(1)), 0, token);
    this.tokVectorLength++;
  }

  protected hole(): Missing {
    const end = this.consumedEnd();
    return { kind: 'missing', span: { start: end, end } };
  }
}
