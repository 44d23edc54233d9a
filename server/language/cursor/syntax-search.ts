import { countWhere } from '../../base/bisect.ts';
import type { CallExpr, OpCall, SourceFile, Span, Token } from '../../../grammar/syntax.ts';

/** The token at an offset, or the one that ends there. */
export function tokenAt(tokens: readonly Token[], offset: number): Token | undefined {
  const count = countWhere(tokens, ({ span }) => span.start <= offset);
  const at = tokens[count - 1];
  if (at === undefined || offset > at.span.end) return undefined;
  // Between two tokens that touch, as in `conv(`, the name counts.
  const before = tokens[count - 2];
  return at.kind === 'punctuation' && at.span.start === offset && before?.span.end === offset ? before : at;
}

interface SyntaxNode {
  readonly kind?: string;
  readonly span: Span;
}

/** Nodes of the syntax tree around an offset, from the file inwards. */
export function nodesAround(file: SourceFile, offset: number): readonly SyntaxNode[] {
  const path: SyntaxNode[] = [];
  let next: SyntaxNode | undefined = file;
  while (next !== undefined) {
    path.push(next);
    const children = childrenOf(next);
    next =
      children.find(({ span }) => span.start <= offset && offset < span.end) ??
      children.find(({ span }) => span.end === offset);
  }
  return path;
}

/** Calls around an offset, the innermost last. */
export function callsAround(file: SourceFile, offset: number): readonly (OpCall | CallExpr)[] {
  return nodesAround(file, offset).filter(
    (node): node is OpCall | CallExpr => node.kind === 'op-call' || node.kind === 'call',
  );
}

/** Calls that overlap a span, in the order of the text. */
export function callsIn(file: SourceFile, { start, end }: Span): readonly (OpCall | CallExpr)[] {
  const calls: (OpCall | CallExpr)[] = [];
  const pending: SyntaxNode[] = [file];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.span.end < start || node.span.start > end) continue;
    if (node.kind === 'op-call' || node.kind === 'call') calls.push(node as OpCall | CallExpr);
    pending.push(...childrenOf(node));
  }
  return calls.sort((a, b) => a.span.start - b.span.start);
}

/** The tree is plain data: whatever has a span is a node. */
function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]) as unknown[])
    .filter(isNode);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'span' in value;
}
