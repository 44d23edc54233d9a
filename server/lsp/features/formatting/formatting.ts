import type { Position, Range, TextEdit } from 'vscode-languageserver/node';
import { formatChanges } from '../../../../grammar/format/format.ts';
import type { TextChange } from '../../../../grammar/format/format.ts';
import type { Span } from '../../../../grammar/syntax.ts';
import { nodesOf, type SyntaxNode } from '../../../../grammar/walk.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened } from '../../session.ts';

/** A whole document in the style of the language. */
export function formatDocument(opened: Opened): TextEdit[] {
  return edits(opened, () => true);
}

/** The lines that a range touches. */
export function formatRange(opened: Opened, range: Range): TextEdit[] {
  const { document } = opened;
  const start = document.offsetAt({ line: range.start.line, character: 0 });
  // A range that ends before the first character of a line does not touch it.
  const last =
    range.end.character === 0 && range.end.line > range.start.line ? range.end.line : range.end.line + 1;
  return formatLines(opened, { start, end: document.offsetAt({ line: last, character: 0 }) });
}

/** Characters after which a part of the document is formatted. */
export const typedCharacters = ['}', '\n'] as const;

/** Behind a line break, the line before; behind `}`, the lines of what it closes. */
export function formatTyped(opened: Opened, position: Position, typed: string): TextEdit[] {
  const { document, analysis } = opened;
  if (typed === '\n') {
    if (position.line === 0) return [];
    const start = document.offsetAt({ line: position.line - 1, character: 0 });
    // Not the line break itself, which has just been typed.
    return formatLines(opened, { start, end: document.offsetAt({ line: position.line, character: 0 }) - 1 });
  }
  const offset = document.offsetAt(position);
  const closed = nodesOf(analysis.parse.file, braced).find(({ span }) => span.end === offset);
  if (closed === undefined) return [];
  const { line } = document.positionAt(closed.span.start);
  return formatLines(opened, { start: document.offsetAt({ line, character: 0 }), end: offset });
}

function braced(node: SyntaxNode): node is SyntaxNode {
  return 'statements' in node || node.kind === 'edges' || node.kind === 'parallel';
}

function formatLines(opened: Opened, { start, end }: Span): TextEdit[] {
  return edits(
    opened,
    ({ span }) => start - 1 <= span.start && span.start < end && start <= span.end && span.end <= end,
  );
}

function edits({ document, analysis }: Opened, wanted: (change: TextChange) => boolean): TextEdit[] {
  return formatChanges(analysis.text, analysis.parse)
    .filter(wanted)
    .map(({ span, text }) => ({ range: rangeOf(document, span), newText: text }));
}
