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
