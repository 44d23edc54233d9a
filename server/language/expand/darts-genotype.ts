import type {
  CellEdge,
  CellGenotype,
  Expr,
  Flow,
  FlowElement,
  NumberLiteral,
  Span,
} from '../../../grammar/syntax.ts';
import type { Report } from '../check/diagnostics.ts';

/** An edge as it is written. */
export interface WrittenEdge extends CellEdge {
  /** The op gets those parameters of the cell that it has itself. */
  readonly takesParameters?: boolean;
}

const shape = 'write an op and the node it reads, as in `(skip_connect, 0)`, two of them for each node';

/**
 * The edges of a cell in the notation of DARTS (Liu et al., 2019), `[(op, source), …]`: every node is the sum of two of them, in
 * the order of the list.
 */
export function dartsEdges({ list }: CellGenotype, inputs: number, report: Report): WrittenEdge[] {
  const edges: WrittenEdge[] = [];
  const { elements } = list;
  for (const [index, element] of elements.entries()) {
    const to = inputs + Math.floor(index / 2);
    const edge = edgeOf(element, to, inputs);
    if (edge !== undefined) edges.push(edge);
    else if (element.kind !== 'missing')
      report({ code: 'genotype-syntax', message: `This is no edge: ${shape}.`, span: element.span });
  }
  if (elements.length % 2 === 1) {
    report({
      code: 'genotype-syntax',
      message: `Node ${inputs + (elements.length - 1) / 2} has one edge, but every node has two in this notation: ${shape}.`,
      span: elements.at(-1)!.span,
    });
  }
  return edges;
}

function edgeOf(element: Expr, target: number, inputs: number): WrittenEdge | undefined {
  if (element.kind !== 'tuple' || element.elements.length !== 2) return undefined;
  const [op, from] = element.elements;
  const isChoice = from?.kind === 'call' && from.callee.name === 'choice';
  if (from?.kind !== 'number' && !isChoice) return undefined;
  const flow = flowOf(op!);
  if (flow === undefined) return undefined;
  const to: NumberLiteral = { kind: 'number', span: element.span, value: target };
  const takesParameters = from.kind === 'number' && from.value < inputs;
  return { span: element.span, from, to, flow, takesParameters };
}

/** The op of an edge: a name, as a string too, a call or a choice. */
function flowOf(op: Expr): Flow | undefined {
  const { span } = op;
  const only = (element: FlowElement): Flow => ({ span: element.span, elements: [element] });
  if (op.kind === 'name') return only(called(op.name, span));
  if (op.kind === 'string') {
    // Nothing but a name has no escapes, so its place is known.
    const isName = /^[A-Za-z_]\w*$/.test(op.value);
    return isName ? only(called(op.value, { start: span.start + 1, end: span.end - 1 })) : undefined;
  }
  if (op.kind !== 'call') return undefined;
  return op.callee.name === 'choice'
    ? only({ kind: 'choice-element', span, choice: op })
    : only({ ...op, kind: 'op-call', called: true });
}

function called(name: string, span: Span): FlowElement {
  return { kind: 'op-call', span, callee: { kind: 'identifier', span, name }, called: false, args: [] };
}
