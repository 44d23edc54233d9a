import type { CellDecl, CellEdge } from '../../../grammar/syntax.ts';
import type { Problem } from '../check/diagnostics.ts';
import { genotypeEdges } from './genotype.ts';

/** A cell as a graph: node 0 is the input, node j the sum of its incoming edges, the last node the output. */
export interface CellGraph {
  /** By target, then source, whatever the order in the text: the declaration order of tensors (docs/score.md#nas-bench-201). */
  readonly edges: readonly CellEdge[];
  /** Label of the output node. */
  readonly output: number;
  readonly problems: readonly Problem[];
}

/** Labels above this are a mistake: a cell is drawn by hand or found by a search. */
const maxLabel = 255;

const graphs = new WeakMap<CellDecl, CellGraph>();

/** The graph of a cell declaration, checked; edges with a problem are left out. */
export function cellGraph(decl: CellDecl): CellGraph {
  let graph = graphs.get(decl);
  if (graph === undefined) {
    graph = buildGraph(decl);
    graphs.set(decl, graph);
  }
  return graph;
}

function buildGraph(decl: CellDecl): CellGraph {
  const problems: Problem[] = [];
  const { definition } = decl;
  if (definition.kind === 'missing') return { edges: [], output: 0, problems };
  const written =
    definition.kind === 'string'
      ? genotypeEdges(definition, (problem) => problems.push(problem))
      : definition.edges;

  const edges: CellEdge[] = [];
  const seen = new Map<string, CellEdge>();
  for (const edge of written) {
    const problem = edgeProblem(edge) ?? repeatedEdge(edge, seen);
    if (problem === undefined) edges.push(edge);
    else problems.push(problem);
  }
  edges.sort((a, b) => a.to.value - b.to.value || a.from.value - b.from.value);
  const output = edges.at(-1)?.to.value ?? 0;
  // Gaps are a consequence of edges that are wrong in themselves: one message for one mistake.
  if (problems.length === 0) problems.push(...gaps(decl, edges, output));
  return { edges, output, problems };
}

function edgeProblem(edge: CellEdge): Problem | undefined {
  const { from, to } = edge;
  for (const label of [from, to]) {
    if (Number.isInteger(label.value) && label.value >= 0 && label.value <= maxLabel) continue;
    return {
      code: 'cell-label',
      message: `Nodes of a cell are numbered 0 to ${maxLabel}; ${label.value} is no such number.`,
      span: label.span,
    };
  }
  if (from.value < to.value) return undefined;
  return {
    code: 'cell-edge-order',
    message: `An edge leads from a lower node to a higher one, but this leads from ${from.value} to ${to.value}: renumber the nodes.`,
    span: from.span.start <= to.span.start ? { start: from.span.start, end: to.span.end } : from.span,
  };
}

function repeatedEdge(edge: CellEdge, seen: Map<string, CellEdge>): Problem | undefined {
  const key = `${edge.from.value} ${edge.to.value}`;
  if (!seen.has(key)) {
    seen.set(key, edge);
    return undefined;
  }
  return {
    code: 'duplicate-edge',
    message: `There is an edge from ${edge.from.value} to ${edge.to.value} already: two nodes have one edge at most.`,
    span: edge.span,
  };
}

function gaps(decl: CellDecl, edges: readonly CellEdge[], output: number): Problem[] {
  if (edges.length === 0) {
    return [
      {
        code: 'empty-cell',
        message: 'A cell needs at least one edge, such as `0 -> 1: relu`.',
        span: decl.name.span,
      },
    ];
  }
  const reached = new Set(edges.map((edge) => edge.to.value));
  const read = new Set(edges.map((edge) => edge.from.value));
  const problems: Problem[] = [];
  for (let node = 1; node <= output; node++) {
    const user = edges.find((edge) => edge.from.value === node);
    if (!reached.has(node)) {
      problems.push({
        code: 'cell-node-without-input',
        message: `Node ${node} has no incoming edge, so it has no value: add \`0 -> ${node}: …\` or number the nodes without gaps.`,
        span: user?.from.span ?? decl.name.span,
      });
    } else if (node < output && !read.has(node)) {
      const into = edges.find((edge) => edge.to.value === node)!;
      problems.push({
        code: 'cell-node-unused',
        severity: 'warning',
        message: `Nothing reads node ${node}: the output of the cell is node ${output}.`,
        span: into.to.span,
      });
    }
  }
  return problems;
}
