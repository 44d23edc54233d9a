import type { Position, SelectionRange } from 'vscode-languageserver/node';
import type { Span } from '../../../../grammar/syntax.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened } from '../../session.ts';
import { nodesAround, tokenAt } from '../../../language/cursor/syntax-search.ts';

/** For every position what is selected first (the token) and what next, up to the whole file. */
export function selectionRanges(
  { document, analysis }: Opened,
  positions: readonly Position[],
): SelectionRange[] {
  const { parse, text } = analysis;
  return positions.map((position) => {
    const offset = document.offsetAt(position);
    const token = tokenAt(parse.tokens, offset);
    const spans: Span[] = nodesAround(parse.file, offset).flatMap(({ span }) =>
      // A body is selected without its braces first.
      text[span.start] === '{' && text[span.end - 1] === '}' && span.end - span.start > 2
        ? [span, trimmed(text, { start: span.start + 1, end: span.end - 1 })]
        : [span],
    );
    if (token !== undefined) {
      spans.push(token.span);
      if (token.kind === 'string') spans.push({ start: token.span.start + 1, end: token.span.end - 1 });
    }
    let range: SelectionRange = { range: rangeOf(document, { start: 0, end: text.length }) };
    let outer: Span = { start: 0, end: text.length };
    for (const span of spans) {
      const inside = outer.start <= span.start && span.end <= outer.end;
      const around = span.start <= offset && offset <= span.end;
      if (!inside || !around || (span.start === outer.start && span.end === outer.end)) continue;
      range = { range: rangeOf(document, span), parent: range };
      outer = span;
    }
    return range;
  });
}

function trimmed(text: string, { start, end }: Span): Span {
  const inner = text.slice(start, end);
  const from = start + (inner.length - inner.trimStart().length);
  return { start: from, end: Math.max(from, start + inner.trimEnd().length) };
}
