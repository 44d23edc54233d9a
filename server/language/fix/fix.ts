import type { TextChange } from '../../../grammar/format/format.ts';
import type { ParseResult, Span } from '../../../grammar/syntax.ts';
import { countWhere } from '../../base/bisect.ts';
import type { Location } from '../../network/network.ts';
import type { Diagnostic } from '../check/diagnostics.ts';
import { nodesAround, type SyntaxNode } from '../../../grammar/walk.ts';

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
  return nodesAround(context.parse.file, span).filter(
    (node) => node.span.start === span.start && node.span.end === span.end,
  );
}

/** The innermost node that a predicate accepts around a place. */
export function nodeAround<Node extends SyntaxNode>(
  context: Pick<FixContext, 'parse'>,
  span: Span,
  is: (node: SyntaxNode) => node is Node,
): Node | undefined {
  return nodesAround(context.parse.file, span).findLast(is);
}

/** The index of the element that starts where a span does, of elements in the order of the text; -1 when there is none. */
export function placeOf(elements: readonly SyntaxNode[], { start }: Span): number {
  const index = countWhere(elements, (element) => element.span.start < start);
  return elements[index]?.span.start === start ? index : -1;
}

/** The last token between two places that reads so; comments are no tokens. None where the parser has put in what is missing. */
export function tokenBetween(
  { parse: { tokens }, text }: Pick<FixContext, 'parse' | 'text'>,
  start: number,
  end: number,
  word: string,
): Span | undefined {
  const inside = tokens.slice(
    countWhere(tokens, ({ span }) => span.start < start),
    countWhere(tokens, ({ span }) => span.start < end),
  );
  return inside.findLast(({ span }) => text.slice(span.start, span.end) === word)?.span;
}

/** Uses of a name of the file, its declaration included. */
export function usesOf({ uri, references }: FixContext, declared: Span): readonly Span[] {
  let uses = knownUses.get(references);
  if (uses === undefined) {
    uses = new Map();
    for (const { span, target } of references) {
      if (target.uri !== uri) continue;
      const known = uses.get(target.span.start);
      if (known === undefined) uses.set(target.span.start, [span]);
      else known.push(span);
    }
    knownUses.set(references, uses);
  }
  return uses.get(declared.start) ?? [];
}

/** By where they are declared. */
const knownUses = new WeakMap<FixContext['references'], Map<number, Span[]>>();

/**
 * Removes a span, and its lines with it where nothing else stands in them; of two blank lines that then follow one
 * another, one.
 */
export function removal(text: string, { start, end }: Span): TextChange {
  // Only blanks are looked at: thousands of things may stand in one line.
  let lineStart = start;
  while (lineStart > 0 && /[^\S\n]/.test(text[lineStart - 1]!)) lineStart--;
  let lineEnd = end;
  while (lineEnd < text.length && /[^\S\n]/.test(text[lineEnd]!)) lineEnd++;
  const first = lineStart === 0 || text[lineStart - 1] === '\n';
  const last = lineEnd === text.length || text[lineEnd] === '\n';
  if (!first) return replace(lineStart, end, '');
  if (!last) return replace(start, end + /^[ \t]*/.exec(text.slice(end, lineEnd))![0].length, '');
  const next = Math.min(lineEnd + 1, text.length);
  const lineBefore = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart);
  const blankBefore = lineStart === 0 || /^[ \t]*\r?\n$/.test(lineBefore);
  const blankAfter = /^[ \t]*\r?\n/.exec(text.slice(next, text.indexOf('\n', next) + 1));
  return replace(lineStart, next + (blankBefore && blankAfter !== null ? blankAfter[0].length : 0), '');
}

/** A name that stands nowhere in a text yet: `name2`, `name3` … */
export function freshName(text: string, name: string): string {
  if (lastWords?.text !== text) lastWords = { text, words: new Set(text.match(/\w+/g)), fresh: new Map() };
  const { words, fresh } = lastWords;
  let count = fresh.get(name) ?? 2;
  while (words.has(`${name}${count}`)) count++;
  fresh.set(name, count);
  return `${name}${count}`;
}

/** Of the text asked about last: many names of it may want another one. */
let lastWords:
  | { readonly text: string; readonly words: ReadonlySet<string>; readonly fresh: Map<string, number> }
  | undefined;
