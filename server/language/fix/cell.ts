import type { TextChange } from '../../../grammar/format/format.ts';
import type { CellDecl, CellEdges, NumberLiteral, Span } from '../../../grammar/syntax.ts';
import { cellGraph } from '../expand/cells.ts';
import { type Fixer, nodeAround, removal, replace } from './fix.ts';

/** Removes a node of a cell that nothing reads, with the edges into it, and numbers those behind it anew. */
export const removeNode: Fixer = ({ location: { span } }, context) => {
  const { text } = context;
  const cell = nodeAround(context, span, (node): node is CellDecl => node.kind === 'cell');
  // Decisions are named after the nodes.
  if (cell === undefined || /\bchoice\b/.test(text.slice(cell.span.start, cell.span.end))) return [];
  const { edges } = cellGraph(cell);
  const node = edges.find(({ to }) => to.span.start === span.start)?.to.value;
  const { definition } = cell;
  // The list of DARTS has two edges a node, by their place.
  if (node === undefined || definition.kind === 'missing' || definition.kind === 'genotype') return [];
  const kept = edges.filter(({ to }) => to.value !== node);
  let changes: TextChange[];
  if (definition.kind === 'string') {
    const { span: written, value } = definition;
    // With escapes in the string no place in it is known.
    if (written.end - written.start !== value.length + 2) return [];
    // The group of the node, and the `+` behind it. What is left counts by itself.
    changes = [
      replace(span.start, span.end + 1, ''),
      ...renumbered(
        kept.map(({ from }) => from).filter((from) => from.kind === 'number'),
        node,
      ),
    ];
  } else {
    changes = [
      ...runsInto(node, definition).map((run) => removal(text, run)),
      ...renumbered(
        [...kept.flatMap(({ from, to }) => [from, to]), ...(definition.output?.nodes ?? [])].filter(
          (label) => label.kind === 'number',
        ),
        node,
      ),
    ];
  }
  changes.sort((a, b) => a.span.start - b.span.start);
  return [{ title: `Remove node ${node}, which nothing reads`, changes, preferred: true, safe: false }];
};

function renumbered(labels: readonly NumberLiteral[], removed: number): TextChange[] {
  return labels
    .filter(({ value }) => value > removed)
    .map(({ span, value }) => replace(span.start, span.end, String(value - 1)));
}

/** Edges into a node, those that follow one another as one span. */
function runsInto(node: number, { edges }: CellEdges): Span[] {
  const runs: Span[] = [];
  for (const [index, { span, to }] of edges.entries()) {
    if (to.value !== node) continue;
    const before = edges[index - 1]?.to.value === node ? runs.pop() : undefined;
    runs.push({ start: before?.start ?? span.start, end: span.end });
  }
  return runs;
}
