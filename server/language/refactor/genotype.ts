import type { CellDecl, CellEdge } from '../../../grammar/syntax.ts';
import { printItem } from '../../../grammar/print/print.ts';
import type { Unplaced } from '../../../grammar/print/unplaced.ts';
import type { TextChange } from '../../../grammar/format/format.ts';
import { cellGraph } from '../expand/cells.ts';
import { nodeAround, replace } from '../fix/fix.ts';
import { hasComments, type Refactor } from './refactoring.ts';

/** Writes a cell of plain ops as its genotype, and a genotype as edges. */
export const rewriteCell: Refactor = (selection, context) => {
  const decl = nodeAround(context, selection, (node): node is CellDecl => node.kind === 'cell');
  if (decl === undefined || decl.definition.kind === 'missing') return [];
  const { edges, output, problems } = cellGraph(decl);
  const broken = problems.some(({ severity = 'error' }) => severity === 'error');
  const start = decl.name.span.end;
  if (broken || hasComments(context, { start, end: decl.span.end })) return [];
  const rewritten = (definition: Unplaced<CellDecl['definition']>): readonly TextChange[] => {
    const { kind, name } = decl;
    const cell = printItem({ kind, name, definition }).slice(`cell ${name.name}`.length);
    return [replace(start, decl.span.end, cell)];
  };
  if (decl.definition.kind === 'string') {
    const changes = rewritten({ kind: 'edges', edges: groups(edges, output).flat() });
    return [{ title: 'Write as edges', kind: 'rewrite', changes }];
  }
  if (edges.some(({ flow }) => opOf(flow) === undefined)) return [];
  const genotype = groups(edges, output)
    .map((group) => `|${group.map(({ from, flow }) => `${opOf(flow)!}~${from.value}`).join('|')}|`)
    .join('+');
  const changes = rewritten({ kind: 'string', value: genotype });
  return [{ title: 'Write as a genotype', kind: 'rewrite', changes }];
};

/** The edges into each node, from node 1 on. */
function groups(edges: readonly CellEdge[], output: number): readonly (readonly CellEdge[])[] {
  const into = Array.from({ length: output }, (): CellEdge[] => []);
  for (const edge of edges) into[edge.to.value - 1]!.push(edge);
  return into;
}

/** The name of an op without arguments: all that a genotype can say of an edge. */
function opOf({ elements }: CellEdge['flow']): string | undefined {
  const [only] = elements;
  return elements.length === 1 && only?.kind === 'op-call' && !only.called ? only.callee.name : undefined;
}
