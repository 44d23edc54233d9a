import type {
  CallExpr,
  CellDecl,
  CellEdge,
  CellOutput,
  Expr,
  NumberLiteral,
  Span,
} from '../../../grammar/syntax.ts';
import type { Problem } from '../check/diagnostics.ts';
import { dartsEdges, type WrittenEdge } from './darts-genotype.ts';
import { genotypeEdges } from './genotype.ts';

/**
 * A cell as a graph: the first nodes are its inputs, every other node the sum of its incoming edges. `output` says which nodes
 * leave the cell: the last one, where nothing is written.
 */
export interface CellGraph {
  /** How many tensors come in. */
  readonly inputs: number;
  /** By target, then source, whatever the order in the text: the declaration order of tensors (docs/score.md#nas-bench-201). */
  readonly edges: readonly GraphEdge[];
  /** Label of the last node. */
  readonly last: number;
  /** Labels of the nodes that leave the cell, and how they become one. */
  readonly output: {
    readonly merge: CellOutput['merge'];
    readonly nodes: readonly number[];
    readonly span: Span;
  };
  readonly problems: readonly Problem[];
}

export interface GraphEdge extends CellEdge {
  /** Labels of the nodes that the edge comes from, or may come from where that is chosen. */
  readonly sources: readonly number[];
  /** The op gets those parameters of the cell that it has itself: on edges from the inputs, in the notation of DARTS. */
  readonly takesParameters: boolean;
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
  const inputs = decl.inputs?.names.length ?? 1;
  const edges: GraphEdge[] = [];
  for (const edge of writtenEdges(decl, inputs, (problem) => problems.push(problem))) {
    const problem = edgeProblem(edge, inputs);
    if (problem === undefined)
      edges.push({ ...edge, sources: sourcesOf(edge), takesParameters: edge.takesParameters === true });
    else problems.push(problem);
  }
  edges.sort((a, b) => a.to.value - b.to.value || a.sources[0]! - b.sources[0]!);
  const last = edges.at(-1)?.to.value ?? 0;
  const output = outputOf(decl, inputs, last);
  for (const node of writtenOutput(decl)?.nodes ?? []) {
    const problem = labelProblem(node) ?? (node.value > last ? noSuchNode(node, last) : undefined);
    if (problem !== undefined) problems.push(problem);
  }
  // Gaps are a consequence of edges that are wrong in themselves: one message for one mistake.
  if (problems.length === 0) problems.push(...gaps(decl, edges, { inputs, last, output }));
  return { inputs, edges, last, output, problems };
}

function writtenEdges(
  { definition }: CellDecl,
  inputs: number,
  report: (problem: Problem) => void,
): readonly WrittenEdge[] {
  switch (definition.kind) {
    case 'edges':
      return definition.edges;
    case 'string':
      return withoutRepetition(genotypeEdges(definition, report), report);
    case 'genotype':
      return dartsEdges(definition, inputs, report);
    case 'missing':
      return [];
  }
}

function writtenOutput({ definition }: CellDecl): CellOutput | undefined {
  return definition.kind === 'edges' || definition.kind === 'genotype' ? definition.output : undefined;
}

function outputOf(decl: CellDecl, inputs: number, last: number): CellGraph['output'] {
  const written = writtenOutput(decl);
  if (written !== undefined)
    return { merge: written.merge, nodes: written.nodes.map(({ value }) => value), span: written.span };
  const { span } = decl.name;
  if (decl.definition.kind !== 'genotype') return { merge: 'concat', nodes: [last], span };
  // DARTS puts all nodes of a cell side by side.
  const nodes = Array.from({ length: Math.max(last + 1 - inputs, 0) }, (_, index) => inputs + index);
  return { merge: 'concat', nodes, span };
}

/** The nodes an edge may come from, as far as they are written in it; those of `choice(list)` are all before its target. */
function sourcesOf({ from, to }: CellEdge): readonly number[] {
  if (from.kind === 'number') return [from.value];
  const written = writtenSources(from);
  const before = Array.from({ length: to.value }, (_, node) => node);
  return written.length === 0 ? before : before.filter((node) => written.some(({ value }) => value === node));
}

function writtenSources({ args }: CallExpr): readonly NumberLiteral[] {
  const inside = (expr: Expr): readonly Expr[] =>
    expr.kind === 'tuple' || expr.kind === 'list' ? expr.elements.flatMap(inside) : [expr];
  return args.flatMap(({ value }) => inside(value)).filter((expr) => expr.kind === 'number');
}

function edgeProblem(edge: CellEdge, inputs: number): Problem | undefined {
  const { from, to } = edge;
  const sources = from.kind === 'number' ? [from] : writtenSources(from);
  for (const label of [...sources, to]) {
    const problem = labelProblem(label);
    if (problem !== undefined) return problem;
  }
  if (to.value < inputs && inputs > 1) {
    return {
      code: 'cell-edge-order',
      message: `Nodes 0 to ${inputs - 1} are the tensors that come in, so no edge leads to node ${to.value}: number the others from ${inputs} on.`,
      span: to.span,
    };
  }
  const wrong = sources.find(({ value }) => value >= to.value);
  if (wrong === undefined) return undefined;
  return {
    code: 'cell-edge-order',
    message: `An edge leads from a lower node to a higher one, but this leads from ${wrong.value} to ${to.value}: renumber the nodes.`,
    span: wrong.span.start <= to.span.start ? { start: wrong.span.start, end: to.span.end } : wrong.span,
  };
}

function labelProblem({ value, span }: NumberLiteral): Problem | undefined {
  if (Number.isInteger(value) && value >= 0 && value <= maxLabel) return undefined;
  return {
    code: 'cell-label',
    message: `Nodes of a cell are numbered 0 to ${maxLabel}; ${value} is no such number.`,
    span,
  };
}

function noSuchNode({ value, span }: NumberLiteral, last: number): Problem {
  return {
    code: 'cell-label',
    message: `There is no node ${value} here: the nodes of this cell are 0 to ${last}.`,
    span,
  };
}

/** The notation of NAS-Bench-201 has one edge from each node to each later one. */
function withoutRepetition(
  edges: readonly WrittenEdge[],
  report: (problem: Problem) => void,
): readonly WrittenEdge[] {
  const seen = new Set<string>();
  return edges.filter(({ from, to, span }) => {
    const source = from.kind === 'number' ? from.value : undefined;
    const key = `${source} ${to.value}`;
    if (!seen.has(key)) return seen.add(key);
    report({
      code: 'duplicate-edge',
      message: `There is an edge from ${source} to ${to.value} already: in this notation two nodes have one edge at most.`,
      span,
    });
    return false;
  });
}

function gaps(
  decl: CellDecl,
  edges: readonly GraphEdge[],
  { inputs, last, output }: Pick<CellGraph, 'inputs' | 'last' | 'output'>,
): Problem[] {
  if (edges.length === 0) {
    return [
      {
        code: 'empty-cell',
        message: `A cell needs at least one edge, such as \`0 -> ${inputs}: relu\`.`,
        span: decl.name.span,
      },
    ];
  }
  const reached = new Set(edges.map((edge) => edge.to.value));
  const read = new Set([...edges.flatMap(({ sources }) => sources), ...output.nodes]);
  const given =
    output.nodes.length === 1 ? `node ${output.nodes[0]!}` : `made of nodes ${output.nodes.join(', ')}`;
  const problems: Problem[] = [];
  for (let node = 0; node <= last; node++) {
    const user = edges.find(({ sources }) => sources.includes(node));
    if (node >= inputs && !reached.has(node)) {
      problems.push({
        code: 'cell-node-without-input',
        message: `Node ${node} has no incoming edge, so it has no value: add \`0 -> ${node}: …\` or number the nodes without gaps.`,
        span: user?.from.span ?? decl.name.span,
      });
    } else if (!read.has(node)) {
      const input = decl.inputs?.names[node];
      const into = edges.find((edge) => edge.to.value === node);
      problems.push({
        code: 'cell-node-unused',
        severity: 'warning',
        message: `Nothing reads node ${node}${input === undefined ? '' : `, which is \`${input.name}\``}: the output of the cell is ${given}.`,
        span: into?.to.span ?? input?.span ?? decl.name.span,
      });
    }
  }
  return problems;
}
