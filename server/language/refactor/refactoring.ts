import { format } from '../../../grammar/format/format.ts';
import type { TextChange } from '../../../grammar/format/format.ts';
import type { Body, FlowElement, FlowStatement, Span, Statement } from '../../../grammar/syntax.ts';
import type { FixContext } from '../fix/fix.ts';
import type { Module } from '../names/meaning.ts';
import { nodesOf, type SyntaxNode } from '../../../grammar/walk.ts';

/** A change of how networks are written; the networks stay the same. */
export interface Refactoring {
  readonly title: string;
  readonly kind: 'extract' | 'inline' | 'rewrite';
  /** In the order of the text. */
  readonly changes: readonly TextChange[];
}

export interface RefactorContext extends FixContext {
  readonly module: Module;
}

/** Offers what can be done with a selection (or a cursor: an empty one); nothing where it does not apply. */
export type Refactor = (selection: Span, context: RefactorContext) => readonly Refactoring[];

/** What is selected: whole statements of a body, or elements of a flow that follow one another. */
export type Selected =
  | { readonly kind: 'statements'; readonly body: Body; readonly statements: readonly Statement[] }
  | {
      readonly kind: 'elements';
      readonly body: Body;
      readonly statement: FlowStatement;
      readonly elements: readonly FlowElement[];
    };

/** White space around the selection does not count; it must not cut through anything. */
export function selected(selection: Span, { text, parse }: RefactorContext): Selected | undefined {
  const span = trimmed(selection, text);
  const body = nodesOf(
    parse.file,
    (node): node is SyntaxNode & Body =>
      'statements' in node && node.span.start < span.start && span.end < node.span.end,
  ).at(-1);
  if (body === undefined || span.start >= span.end) return undefined;
  const statements = within(body.statements, span);
  if (statements !== undefined) return { kind: 'statements', body, statements };
  const statement = body.statements.find(
    ({ span: each }) => each.start <= span.start && span.end <= each.end,
  );
  if (statement?.kind !== 'flow-statement') return undefined;
  const elements = within(statement.flow.elements, span);
  return elements === undefined ? undefined : { kind: 'elements', body, statement, elements };
}

/** The items that make up a span exactly. */
function within<Item extends SyntaxNode>(
  items: readonly Item[],
  { start, end }: Span,
): readonly Item[] | undefined {
  const first = items.findIndex(({ span }) => span.start === start);
  const last = items.findIndex(({ span }) => span.end === end);
  return first === -1 || last < first ? undefined : items.slice(first, last + 1);
}

function trimmed({ start, end }: Span, text: string): Span {
  const content = text.slice(start, end);
  return {
    start: start + content.length - content.trimStart().length,
    end: end - (content.length - content.trimEnd().length),
  };
}

export function spanOf(items: readonly SyntaxNode[]): Span {
  return { start: items[0]!.span.start, end: items.at(-1)!.span.end };
}

/** Statements in the style of the language, at the indentation of the line of an offset; the first without it. */
export function formattedAt(statements: string, offset: number, text: string): string {
  const lines = format(`block B() {\n${statements}\n}\n`).split('\n').slice(1, -2);
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(start, offset))![0];
  return lines.map((line, index) => (index === 0 || line === '' ? '' : indent) + line.slice(2)).join('\n');
}

/** Whether a text has comments in a span: what rearranges the span would lose them. */
export function hasComments({ parse }: FixContext, { start, end }: Span): boolean {
  return parse.comments.some(({ span }) => start <= span.start && span.end <= end);
}
