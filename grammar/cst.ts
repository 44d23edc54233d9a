import type { CstNode, IToken, TokenType } from 'chevrotain';
import type { Span } from './syntax.ts';

/** Typed access to Chevrotain's concrete syntax: children by the rule or token they came from. */

const NONE: readonly never[] = [];

export function nodes(parent: CstNode, rule: string): readonly CstNode[] {
  return (parent.children[rule] as CstNode[] | undefined) ?? NONE;
}

export function node(parent: CstNode, rule: string): CstNode | undefined {
  return parent.children[rule]?.[0] as CstNode | undefined;
}

export function tokens(parent: CstNode, type: TokenType): readonly IToken[] {
  return (parent.children[type.name] as IToken[] | undefined) ?? NONE;
}

export function token(parent: CstNode, type: TokenType): IToken | undefined {
  return parent.children[type.name]?.[0] as IToken | undefined;
}

/** Half-open, unlike Chevrotain's own (see `SpannedParser`). */
export function spanOfNode({ location }: CstNode): Span {
  return { start: location!.startOffset, end: location!.endOffset! };
}
