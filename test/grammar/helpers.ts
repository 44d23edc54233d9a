import { parse } from '../../grammar/parser.ts';
import type { ParseResult, Span, SyntaxProblem } from '../../grammar/syntax.ts';

/** Problems as `line:column message`, one a line. */
export function problemsOf(text: string): string[] {
  return parse(text).problems.map((problem) => `${at(text, problem.span.start)} ${problem.message}`);
}

/** 1-based `line:column`. */
export function at(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `${lines.length}:${lines[lines.length - 1]!.length + 1}`;
}

/** Parses a text whose expected problem is marked: `conv(16, «3x3» -> bn`. */
export function parseMarked(marked: string): { result: ParseResult; text: string; span: Span | undefined } {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  return { result: parse(text), text, span: start < 0 ? undefined : { start, end } };
}

/** Applies the fix of a problem. */
export function fixed(text: string, problem: SyntaxProblem): string {
  const { span, text: written } = problem.fix!;
  return text.slice(0, span.start) + written + text.slice(span.end);
}

export interface SpannedNode {
  readonly span: Span;
  readonly kind?: string;
}

/** Calls `visit` for every object with a span, with the one around it. */
export function walk(
  value: unknown,
  visit: (node: SpannedNode, parent: SpannedNode | undefined) => void,
  parent?: SpannedNode,
): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const element of value) walk(element, visit, parent);
    return;
  }
  const node = 'span' in value ? (value as SpannedNode) : undefined;
  if (node) visit(node, parent);
  for (const [key, child] of Object.entries(value)) {
    // Documentation stands before its declaration.
    if (key !== 'span' && key !== 'doc') walk(child, visit, node ?? parent);
  }
}

/** The tree without positions. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'span')
      .map(([key, child]) => [key, shape(child)]),
  );
}
