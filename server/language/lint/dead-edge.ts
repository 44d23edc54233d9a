import { cellGraph, type GraphEdge } from '../expand/cells.ts';
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
      const { inputs, edges, output, problems } = cellGraph(decl);
      if (problems.some(({ severity = 'error' }) => severity === 'error')) continue;
      const live = edges.filter((edge) => !isNone(edge, module.names));
      const entries = Array.from({ length: inputs }, (_, node) => node);
      const fed = reach(entries, live, ({ sources, to }) => [sources, [to.value]]);
      const read = reach(output.nodes, live.toReversed(), ({ sources, to }) => [[to.value], sources]);
      const leaving = byNode(edges, ({ sources }) => sources);
      const entering = byNode(edges, ({ to }) => [to.value]);
      for (const edge of live) {
        const { from, to, flow } = edge;
        // Where it comes from is not known.
        if (from.kind !== 'number') continue;
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
  edges: readonly GraphEdge[],
  nodesOf: (edge: GraphEdge) => readonly number[],
): ReadonlyMap<number, readonly GraphEdge[]> {
  const found = new Map<number, GraphEdge[]>();
  for (const edge of edges) {
    for (const node of nodesOf(edge)) {
      const there = found.get(node);
      if (there === undefined) found.set(node, [edge]);
      else there.push(edge);
    }
  }
  return found;
}

/** Whether the op of an edge gives zeros whatever comes in. */
function isNone({ flow }: GraphEdge, names: ReadonlyMap<string, unknown>): boolean {
  return flow.elements.some(
    (element) => element.kind === 'op-call' && element.callee.name === 'none' && !names.has('none'),
  );
}

/**
 * Nodes that a walk along the edges gets to.
 * @param edges in an order in which those that lead to a node come before those that lead on from it
 */
function reach(
  starts: readonly number[],
  edges: readonly GraphEdge[],
  ends: (edge: GraphEdge) => readonly [from: readonly number[], to: readonly number[]],
): ReadonlySet<number> {
  const reached = new Set(starts);
  for (const edge of edges) {
    const [from, to] = ends(edge);
    if (from.some((node) => reached.has(node))) for (const node of to) reached.add(node);
  }
  return reached;
}
