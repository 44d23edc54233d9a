import type { CellDecl, CellEdge } from '../../../grammar/syntax.ts';
import { printItem } from '../../../grammar/print/print.ts';
import type { Unplaced } from '../../../grammar/print/unplaced.ts';
import type { TextChange } from '../../../grammar/format/format.ts';
import { cellGraph, type GraphEdge } from '../expand/cells.ts';
import { nodeAround, replace } from '../fix/fix.ts';
import { hasComments, type Refactor } from './refactoring.ts';

/** Writes a cell of plain ops as its genotype, and a genotype as edges. */
export const rewriteCell: Refactor = (selection, context) => {
  const decl = nodeAround(context, selection, (node): node is CellDecl => node.kind === 'cell');
  if (decl === undefined || decl.definition.kind === 'missing') return [];
  const { inputs, edges, last, output, problems } = cellGraph(decl);
  const broken = problems.some(({ severity = 'error' }) => severity === 'error');
  const start = decl.name.span.end;
  // What neither notation can say of the other.
  const isPlain = inputs === 1 && decl.params.length === 0 && output.nodes.join() === String(last);
  if (!isPlain || decl.definition.kind === 'genotype') return [];
  if (broken || hasComments(context, { start, end: decl.span.end })) return [];
  const rewritten = (definition: Unplaced<CellDecl['definition']>): readonly TextChange[] => {
    const { kind, name } = decl;
    const cell = printItem({ kind, name, params: [], definition }).slice(`cell ${name.name}`.length);
    return [replace(start, decl.span.end, cell)];
  };
  if (decl.definition.kind === 'string') {
    const changes = rewritten({ kind: 'edges', edges: groups(edges, last).flat() });
    return [{ title: 'Write as edges', kind: 'rewrite', changes }];
  }
  const pairs = new Set(edges.map(({ sources, to }) => `${sources.join()} ${to.value}`));
  const single = edges.every(({ from, flow }) => from.kind === 'number' && opOf(flow) !== undefined);
  if (!single || pairs.size < edges.length) return [];
  const genotype = groups(edges, last)
    .map((group) => `|${group.map(({ sources, flow }) => `${opOf(flow)!}~${sources[0]!}`).join('|')}|`)
    .join('+');
  const changes = rewritten({ kind: 'string', value: genotype });
  return [{ title: 'Write as a genotype', kind: 'rewrite', changes }];
};

/** The edges into each node, from node 1 on. */
function groups(edges: readonly GraphEdge[], last: number): readonly (readonly GraphEdge[])[] {
  const into = Array.from({ length: last }, (): GraphEdge[] => []);
  for (const edge of edges) into[edge.to.value - 1]!.push(edge);
  return into;
}

/** The name of an op without arguments: all that a genotype can say of an edge. */
function opOf({ elements }: CellEdge['flow']): string | undefined {
  const [only] = elements;
  return elements.length === 1 && only?.kind === 'op-call' && !only.called ? only.callee.name : undefined;
}
