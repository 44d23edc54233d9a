import type { Expr } from '../../../grammar/syntax.ts';
import type { Report } from '../check/diagnostics.ts';
import type { Value } from '../names/meaning.ts';
import { describeValue } from '../values/values.ts';

/**
 * The nodes that an edge into node `target` comes from, by a value: one, or several for an edge from each of them. `undefined`
 * after an error, or when they are unknown.
 */
export function sourceNodes(
  value: Value,
  target: number,
  expr: Expr,
  report: Report,
): readonly number[] | undefined {
  if (value.kind === 'unknown') return undefined;
  const several = value.kind === 'tuple' || value.kind === 'list';
  const nodes = (several ? value.elements : [value]).flatMap((node) =>
    node.kind === 'number' && Number.isInteger(node.value) && node.value >= 0 && node.value < target
      ? [node.value]
      : [],
  );
  if (nodes.length > 0 && nodes.length === (several ? value.elements.length : 1)) return nodes;
  report({
    code: 'cell-label',
    message: `An edge into node ${target} comes from a node before it, or from a tuple of such nodes, not from ${describeValue(value)}.`,
    span: expr.span,
  });
  return undefined;
}
