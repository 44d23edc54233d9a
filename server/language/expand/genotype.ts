import type { CellEdge, Identifier, NumberLiteral, Span, StringLiteral } from '../../../grammar/syntax.ts';
import { parseGenotype, type GenotypeEntry, type GenotypeRange } from '../../network/genotype.ts';
import type { Report } from '../check/diagnostics.ts';

const shape = 'write one group per node, `|op~0|+|op~0|op~1|+…`, each op with the node it reads';

/** The edges of a genotype string. Spans point into the string, so problems appear at the op they are about. */
export function genotypeEdges(literal: StringLiteral, report: Report): CellEdge[] {
  // With escapes in the string offsets would not match: fall back to all of it.
  const exact = literal.span.end - literal.span.start === literal.value.length + 2;
  const at = ({ start, end }: GenotypeRange): Span =>
    exact ? { start: literal.span.start + 1 + start, end: literal.span.start + 1 + end } : literal.span;

  const edges: CellEdge[] = [];
  for (const group of parseGenotype(literal.value)) {
    const span = at(group);
    if (group.entries === undefined) {
      report({
        code: 'genotype-syntax',
        message: `The edges into node ${group.node} must stand between bars, as in \`|skip_connect~0|\`: ${shape}.`,
        span,
      });
      continue;
    }
    for (const entry of group.entries) {
      if (entry.edge !== undefined) {
        edges.push(cellEdge(entry.edge, group.node, span, at(entry), at));
        continue;
      }
      const written = entry.text.trim();
      report({
        code: 'genotype-syntax',
        message: `${written === '' ? 'An empty entry' : `\`${written}\``} is no edge: ${shape}.`,
        span: entry.text === '' ? span : at(entry),
      });
    }
  }
  return edges;
}

function cellEdge(
  { op, opRange, source, sourceRange }: NonNullable<GenotypeEntry['edge']>,
  target: number,
  targetSpan: Span,
  span: Span,
  at: (range: GenotypeRange) => Span,
): CellEdge {
  const opSpan = at(opRange);
  const callee: Identifier = { kind: 'identifier', span: opSpan, name: op };
  const call = { kind: 'op-call', span: opSpan, callee, called: false, args: [] } as const;
  return {
    span,
    from: literalAt(source, at(sourceRange)),
    to: literalAt(target, targetSpan),
    flow: { span: opSpan, elements: [call] },
  };
}

function literalAt(value: number, span: Span): NumberLiteral {
  return { kind: 'number', span, value };
}
