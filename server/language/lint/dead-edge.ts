import type { CellEdge } from '../../../grammar/syntax.ts';
import { cellGraph } from '../expand/cells.ts';
import { type LintRule, sound } from './rule.ts';

/**
 * An edge of a cell that carries nothing from its input to its output, for `none` stands before or behind it. Edges that carry nothing
 * because of such an edge, or of a node that nothing reads, are not told of: what is told of those goes for them too.
 */
export const deadEdge: LintRule = {
  code: 'dead-edge',
  check({ module }, report) {
    for (const { decl } of sound(module)) {
      if (decl.kind !== 'cell') continue;
      const { edges, output, problems } = cellGraph(decl);
      if (problems.some(({ severity = 'error' }) => severity === 'error')) continue;
      const live = edges.filter((edge) => !isNone(edge, module.names));
      const fed = reach(0, live, ({ from, to }) => [from.value, to.value]);
      const read = reach(output, live.toReversed(), ({ from, to }) => [to.value, from.value]);
      const leaving = byNode(edges, ({ from }) => from.value);
      const entering = byNode(edges, ({ to }) => to.value);
      for (const edge of live) {
        const { from, to, flow } = edge;
        if (fed.has(from.value) && read.has(to.value)) continue;
        // That nothing reads a node at all is told of the node.
        const neighbours = fed.has(from.value) ? leaving.get(to.value) : entering.get(from.value);
        if (neighbours?.every((each) => isNone(each, module.names)) !== true) continue;
        report({
          code: 'dead-edge',
          severity: 'warning',
          message: fed.has(from.value)
            ? `Only \`none\` leads on from node ${to.value}, so this edge has no effect: make it \`none\` too, or let an edge from node ${to.value} lead on.`
            : `Only \`none\` leads into node ${from.value}, so this edge carries zeros: make it \`none\` too, or let another edge lead into node ${from.value}.`,
          span: flow.span,
        });
      }
    }
  },
};

function byNode(
  edges: readonly CellEdge[],
  nodeOf: (edge: CellEdge) => number,
): ReadonlyMap<number, readonly CellEdge[]> {
  const found = new Map<number, CellEdge[]>();
  for (const edge of edges) {
    const there = found.get(nodeOf(edge));
    if (there === undefined) found.set(nodeOf(edge), [edge]);
    else there.push(edge);
  }
  return found;
}

/** Whether the op of an edge gives zeros whatever comes in. */
function isNone({ flow }: CellEdge, names: ReadonlyMap<string, unknown>): boolean {
  return flow.elements.some(
    (element) => element.kind === 'op-call' && element.callee.name === 'none' && !names.has('none'),
  );
}

/**
 * Nodes that a walk along the edges gets to.
 * @param edges in an order in which those that lead to a node come before those that lead on from it
 */
function reach(
  start: number,
  edges: readonly CellEdge[],
  ends: (edge: CellEdge) => readonly [number, number],
): ReadonlySet<number> {
  const reached = new Set([start]);
  for (const edge of edges) {
    const [from, to] = ends(edge);
    if (reached.has(from)) reached.add(to);
  }
  return reached;
}
