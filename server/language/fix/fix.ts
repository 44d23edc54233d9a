import type { TextChange } from '../../../grammar/format/format.ts';
import type { ParseResult, Span } from '../../../grammar/syntax.ts';
import type { Location } from '../../network/network.ts';
import type { Diagnostic } from '../check/diagnostics.ts';
import { nodesOf, type SyntaxNode } from '../../../grammar/walk.ts';

/** A repair of a diagnostic: changes of its file, in the order of the text, that do not overlap. */
export interface Fix {
  /** For a menu. */
  readonly title: string;
  readonly changes: readonly TextChange[];
  /** It is what one nearly always wants. */
  readonly preferred: boolean;
  /** Networks stay as they are, apart from the seeds of renumbered tensors: it can be applied to a file unseen. */
  readonly safe: boolean;
}

/** What a fix is made from. */
export interface FixContext {
  readonly uri: string;
  readonly text: string;
  readonly parse: ParseResult;
  /** Uses of names in the file. */
  readonly references: readonly { readonly span: Span; readonly target: Location }[];
  /** Names of the file that others import: their declarations are not touched. */
  readonly imported: ReadonlySet<string>;
}

/** The fixes of one diagnostic; none where the text is not of the form that the fix knows. */
export type Fixer = (diagnostic: Diagnostic, context: FixContext) => readonly Fix[];

export function replace(start: number, end: number, text: string): TextChange {
  return { span: { start, end }, text };
}

/** Nodes of the file with exactly this span, the outermost first. */
export function nodesAt(context: FixContext, span: Span): readonly SyntaxNode[] {
  return nodesOf(
    context.parse.file,
    (node): node is SyntaxNode => node.span.start === span.start && node.span.end === span.end,
  );
}

/** The innermost node that a predicate accepts around a place. */
export function nodeAround<Node extends SyntaxNode>(
  context: Pick<FixContext, 'parse'>,
  { start, end }: Span,
  is: (node: SyntaxNode) => node is Node,
): Node | undefined {
  return nodesOf(
    context.parse.file,
    (node): node is Node => node.span.start <= start && end <= node.span.end && is(node),
  ).at(-1);
}

/** Uses of a name of the file, its declaration included. */
export function usesOf({ uri, references }: FixContext, declared: Span): readonly Span[] {
  return references
    .filter(({ target }) => target.uri === uri && target.span.start === declared.start)
    .map(({ span }) => span);
}

/**
 * Removes a span, and its lines with it where nothing else stands in them; of two blank lines that then follow one
 * another, one.
 */
export function removal(text: string, { start, end }: Span): TextChange {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const before = text.slice(lineStart, start);
  const after = lineEnd === -1 ? text.slice(end) : text.slice(end, lineEnd);
  if (before.trim() !== '' || after.trim() !== '') {
    const spaces = /^[ \t]*/.exec(after)![0].length;
    return before.trim() === ''
      ? replace(start, end + spaces, '')
      : replace(start - (before.length - before.trimEnd().length), end, '');
  }
  const next = lineEnd === -1 ? text.length : lineEnd + 1;
  const blankBefore = /(?:^|\n)[ \t]*\r?\n$/.test(text.slice(0, lineStart)) || lineStart === 0;
  const blankAfter = /^[ \t]*\r?\n/.exec(text.slice(next));
  return replace(lineStart, next + (blankBefore && blankAfter !== null ? blankAfter[0].length : 0), '');
}

/** A name that stands nowhere in a text yet: `name2`, `name3` … */
export function freshName(text: string, name: string): string {
  for (let count = 2; ; count++) {
    const candidate = `${name}${count}`;
    if (!new RegExp(`\\b${candidate}\\b`).test(text)) return candidate;
  }
}
