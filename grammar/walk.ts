import { countWhere } from '../server/base/bisect.ts';
import type { Span } from './syntax.ts';

/** Any node of the syntax tree; those without a `kind` are parts such as arguments and bodies. */
export interface SyntaxNode {
  readonly kind?: string;
  readonly span: Span;
}

/** Nodes directly below a node, in the order of its fields: the tree is plain data, and whatever has a span is a node. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]) as unknown[])
    .filter(isNode);
}

/** A node and all nodes below it; `enter` answers `false` to leave out what is below a node. */
export function walk(node: SyntaxNode, enter: (node: SyntaxNode) => unknown): void {
  if (enter(node) === false) return;
  for (const child of childrenOf(node)) walk(child, enter);
}

const sortedChildren = new WeakMap<SyntaxNode, readonly SyntaxNode[]>();

/** The nodes around a span, the outer before the inner: found by bisection, however many statements there are. */
export function nodesAround(root: SyntaxNode, span: Span): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  let level: readonly SyntaxNode[] = [root];
  while (level.length > 0) {
    const inside: SyntaxNode[] = [];
    for (const node of level) {
      if (node.span.start > span.start || span.end > node.span.end) continue;
      found.push(node);
      inside.push(...candidates(node, span));
    }
    level = inside;
  }
  return found;
}

/** Children that may be around a span: siblings do not overlap, but may be empty, or touch. */
function candidates(node: SyntaxNode, { start }: Span): readonly SyntaxNode[] {
  let children = sortedChildren.get(node);
  if (children === undefined) {
    children = childrenOf(node).sort((a, b) => a.span.start - b.span.start);
    sortedChildren.set(node, children);
  }
  const behind = countWhere(children, (child) => child.span.start <= start);
  let first = behind;
  while (first > 0 && children[first - 1]!.span.end >= start) first--;
  return children.slice(first, behind);
}

/** All nodes of some kinds, the outer before the inner. */
export function nodesOf<Node extends SyntaxNode>(
  root: SyntaxNode,
  is: (node: SyntaxNode) => node is Node,
): Node[] {
  const found: Node[] = [];
  walk(root, (node) => {
    if (is(node)) found.push(node);
  });
  return found;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'span' in value;
}
