import type { CellEdge, Identifier, NumberLiteral, Span, StringLiteral } from '../../grammar/syntax.ts';
import type { Report } from './diagnostics.ts';

const shape = 'write one group per node, `|op~0|+|op~0|op~1|+…`, each op with the node it reads';

/**
 * The edges of a genotype string `|op~0|+|op~0|op~1|+|…|` (reference §5): group j (from 1) lists the ops that node j sums,
 * each with the node it reads. Spans point into the string, so problems appear at the op they are about.
 */
export function genotypeEdges(literal: StringLiteral, report: Report): CellEdge[] {
  const text = literal.value;
  // With escapes in the string offsets would not match: fall back to all of it.
  const exact = literal.span.end - literal.span.start === text.length + 2;
  const at = (start: number, end: number): Span =>
    exact ? { start: literal.span.start + 1 + start, end: literal.span.start + 1 + end } : literal.span;

  const edges: CellEdge[] = [];
  let start = 0;
  for (const [index, group] of text.split('+').entries()) {
    edges.push(...groupEdges(group, start, index + 1, at, report));
    start += group.length + 1;
  }
  return edges;
}

function groupEdges(
  group: string,
  groupStart: number,
  target: number,
  at: (start: number, end: number) => Span,
  report: Report,
): CellEdge[] {
  const groupSpan = at(groupStart, groupStart + group.length);
  const trimmed = group.trim();
  if (trimmed.length < 2 || !trimmed.startsWith('|') || !trimmed.endsWith('|')) {
    report({
      code: 'genotype-syntax',
      message: `The edges into node ${target} must stand between bars, as in \`|skip_connect~0|\`: ${shape}.`,
      span: groupSpan,
    });
    return [];
  }
  const edges: CellEdge[] = [];
  let start = groupStart + group.indexOf('|') + 1;
  for (const entry of trimmed.slice(1, -1).split('|')) {
    const span = at(start, start + entry.length);
    const tilde = entry.indexOf('~');
    const op = entry.slice(0, tilde === -1 ? entry.length : tilde).trim();
    const source = tilde === -1 ? '' : entry.slice(tilde + 1).trim();
    if (!/^[A-Za-z_]\w*$/.test(op) || !/^\d{1,4}$/.test(source)) {
      report({
        code: 'genotype-syntax',
        message: `${entry.trim() === '' ? 'An empty entry' : `\`${entry.trim()}\``} is no edge: ${shape}.`,
        span: entry === '' ? groupSpan : span,
      });
    } else {
      const opStart = start + entry.indexOf(op);
      edges.push(
        edge(
          op,
          at(opStart, opStart + op.length),
          literalAt(Number(source), at(start + tilde + 1, start + entry.length)),
          literalAt(target, groupSpan),
          span,
        ),
      );
    }
    start += entry.length + 1;
  }
  return edges;
}

function literalAt(value: number, span: Span): NumberLiteral {
  return { kind: 'number', span, value };
}

function edge(op: string, opSpan: Span, from: NumberLiteral, to: NumberLiteral, span: Span): CellEdge {
  const callee: Identifier = { kind: 'identifier', span: opSpan, name: op };
  const call = { kind: 'op-call', span: opSpan, callee, called: false, args: [] } as const;
  return { span, from, to, flow: { span: opSpan, elements: [call] } };
}
