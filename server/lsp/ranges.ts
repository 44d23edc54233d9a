import type { Range } from 'vscode-languageserver-protocol';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Span } from '../../grammar/syntax.ts';

export function rangeOf(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** Whether an offset lies in a span or right behind it, as a cursor does. */
export function touches({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
