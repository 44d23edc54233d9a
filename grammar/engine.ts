import { CstParser, EOF, type CstNode, type IToken, type TokenType } from 'chevrotain';

/**
 * The parts of Chevrotain's engine that we build on beyond its documented interface (the version is pinned, and
 * `test/grammar` would notice). They let recovery and spans follow our rules without a second pass.
 */
interface Engine {
  CST_STACK: CstNode[];
  /** Chevrotain's vector of tokens; `tokVectorLength` leaves out its end markers. */
  tokVector: IToken[];
  tokVectorLength: number;
  currIdx: number;
  LA(distance: number): IToken;
  consumeToken(): void;
  moveToTerminatedState(): void;
  getCurrRuleFullName(): string;
  consumeInternal(type: TokenType, index: number, options: unknown): IToken;
  cstPostTerminal(key: string, token: IToken): void;
  cstPostNonTerminal(child: CstNode, key: string): void;
}

const ChevrotainEngine = CstParser as unknown as new (
  ...parameters: ConstructorParameters<typeof CstParser>
) => CstParser & Engine;

/**
 * A CST parser whose nodes know where they stand: `location` is the half-open range from the first to the last
 * token a rule consumed, and for a rule that consumed none the end of the token before.
 */
export abstract class SpannedParser extends ChevrotainEngine {
  /** Chevrotain calls this when a rule has ended; `startOffset` is that of the token it began at. */
  cstPostRuleOnlyOffset(node: CstNode): void {
    const before = this.LA(0);
    const end = before.tokenType === EOF ? 0 : before.startOffset + before.image.length;
    const location = node.location!;
    // Not a number at the end of the text.
    if (!(location.startOffset < end)) location.startOffset = end;
    location.endOffset = end;
  }

  /** A hole at the start of a rule lies before the first token the rule consumed. */
  override cstPostNonTerminal(child: CstNode, key: string): void {
    super.cstPostNonTerminal(child, key);
    const parent = this.CST_STACK[this.CST_STACK.length - 1]!.location!;
    if (child.location!.startOffset < parent.startOffset) parent.startOffset = child.location!.startOffset;
  }
}
