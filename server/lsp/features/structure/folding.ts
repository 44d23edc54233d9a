import { FoldingRangeKind } from 'vscode-languageserver-protocol';
import type { FoldingRange } from 'vscode-languageserver-protocol';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { own } from '../../../base/own.ts';
import type { Comment, ParseResult, Span } from '../../../../grammar/syntax.ts';

/** Brackets of every kind that span lines, runs of comments, runs of imports. */
export function foldingRanges(document: TextDocument, parsed: ParseResult): FoldingRange[] {
  const lineAt = (offset: number): number => document.positionAt(offset).line;
  const ranges: FoldingRange[] = [];
  const add = (startLine: number, endLine: number, kind?: FoldingRangeKind): void => {
    if (endLine > startLine) ranges.push({ startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };

  for (const { start, end } of brackets(document.getText(), parsed))
    // The line of the closing bracket stays visible.
    add(lineAt(start), lineAt(end - 1) - 1);
  for (const run of runs(parsed.comments.filter(standsAlone(document.getText())), lineAt, sameKind))
    add(run.first, run.last, FoldingRangeKind.Comment);
  const imports = parsed.file.items.filter(({ kind }) => kind === 'import');
  for (const run of runs(imports, lineAt)) add(run.first, run.last, FoldingRangeKind.Imports);
  return ranges;
}

const closers: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

/** Spans of matching brackets, taken from the tokens: they fold in a file with errors too. */
function brackets(text: string, { tokens }: ParseResult): Span[] {
  const open: { readonly closer: string; readonly start: number }[] = [];
  /** How many of them each closing bracket could close. */
  const waiting = new Map<string, number>();
  const count = (closer: string, more: number): void => {
    waiting.set(closer, (waiting.get(closer) ?? 0) + more);
  };
  const spans: Span[] = [];
  for (const { kind, span } of tokens) {
    if (kind !== 'punctuation') continue;
    const bracket = text.slice(span.start, span.end);
    const closer = own(closers, bracket);
    if (closer !== undefined) {
      open.push({ closer, start: span.start });
      count(closer, 1);
      continue;
    }
    // Brackets opened behind the one that is closed are given up; every bracket is taken off once.
    if ((waiting.get(bracket) ?? 0) === 0) continue;
    for (let last = open.pop(); last !== undefined; last = open.pop()) {
      count(last.closer, -1);
      if (last.closer !== bracket) continue;
      spans.push({ start: last.start, end: span.end });
      break;
    }
  }
  return spans;
}

/** A comment behind a statement is no part of a run. */
function standsAlone(text: string): (comment: Comment) => boolean {
  return ({ span }) => {
    let at = span.start;
    // Blanks alone: a line may have thousands of comments.
    while (at > 0 && /[^\S\r\n]/.test(text[at - 1]!)) at--;
    return at === 0 || text[at - 1] === '\n' || text[at - 1] === '\r';
  };
}

function sameKind(a: Comment, b: Comment): boolean {
  return a.kind === b.kind;
}

/** Joins what stands on consecutive lines. */
function runs<T extends { readonly span: Span }>(
  items: readonly T[],
  lineAt: (offset: number) => number,
  together: (a: T, b: T) => boolean = () => true,
): { readonly first: number; readonly last: number }[] {
  const found: { first: number; last: number; item: T }[] = [];
  for (const item of items) {
    const first = lineAt(item.span.start);
    const last = lineAt(Math.max(item.span.start, item.span.end - 1));
    const previous = found.at(-1);
    if (previous !== undefined && first <= previous.last + 1 && together(previous.item, item))
      Object.assign(previous, { last, item });
    else found.push({ first, last, item });
  }
  return found;
}
