import { boundNames } from '../../../grammar/bound-names.ts';
import { countWhere } from '../../base/bisect.ts';
import type { Body, Span, Statement } from '../../../grammar/syntax.ts';
import { replace } from '../fix/fix.ts';
import { localNames } from '../lint/local-names.ts';
import { nodesOf, type SyntaxNode } from '../../../grammar/walk.ts';
import { formattedAt, hasComments, type Refactor, type RefactorContext, spanOf } from './refactoring.ts';

/**
 * Turns statements that follow one another and say the same, also several of them by turns, into a `repeat`; or the
 * elements of a flow, if they are all of a statement.
 */
export const toRepeat: Refactor = (selection, context) => {
  const body = nodesOf(
    context.parse.file,
    (node): node is SyntaxNode & Body =>
      'statements' in node && node.span.start < selection.start && selection.end < node.span.end,
  ).at(-1);
  const at = body?.statements.findIndex(
    ({ span }) => span.start <= selection.start && selection.start <= span.end,
  );
  if (body === undefined || at === undefined || at === -1) return [];
  const run = longestRun(body.statements, at, context);
  if (run !== undefined) return [rewrite(run, context)];
  const statement = body.statements[at]!;
  if (
    statement.kind !== 'flow-statement' ||
    boundNames(statement).length > 0 ||
    statement.assertion !== undefined
  )
    return [];
  const { elements } = statement.flow;
  for (let period = 1; period <= elements.length / 2; period++) {
    const count = elements.length / period;
    const unit = elements.slice(0, period);
    if (Number.isInteger(count) && repeats(elements, 0, period, context) === count)
      return [rewrite({ unit, count, span: statement.span }, context)];
  }
  return [];
};

interface Run {
  readonly unit: readonly SyntaxNode[];
  readonly count: number;
  readonly span: Span;
}

function rewrite({ unit, count, span }: Run, context: RefactorContext): ReturnType<Refactor>[number] {
  const { start, end } = spanOf(unit);
  const content = context.text.slice(start, end);
  const one =
    content.includes('\n') || unit.some(({ kind }) => kind !== 'op-call' && kind !== 'flow-statement');
  const statement = one ? `repeat ${count} {\n${content}\n}` : `repeat ${count} { ${content} }`;
  return {
    title: `Turn into \`repeat ${count}\``,
    kind: 'rewrite',
    changes: [replace(span.start, span.end, formattedAt(statement, span.start, context.text))],
  };
}

/** Statements of a round, and how far before the selection rounds may begin: as far as anyone writes them out. */
const longestUnit = 8;
const furthest = 40;

/** The run around a statement that saves most, the one with the shortest unit of these. */
function longestRun(statements: readonly Statement[], at: number, context: RefactorContext): Run | undefined {
  let best: Run | undefined;
  let saved = 0;
  for (let period = 1; period <= Math.min(longestUnit, statements.length / 2); period++) {
    for (let first = Math.max(0, at - furthest); first <= at; first++) {
      const unit = statements.slice(first, first + period);
      if (!unit.every(isRepeatable) || unit.every(({ kind }) => kind === 'let')) continue;
      const count = repeats(statements, first, period, context);
      const last = first + count * period - 1;
      const span = spanOf(statements.slice(first, last + 1));
      if (count < 2 || last < at || (count - 1) * period <= saved || hasComments(context, span)) continue;
      saved = (count - 1) * period;
      best = { unit, count, span };
    }
  }
  return best;
}

/** How often the items from `first` on are repeated, word by word. */
function repeats(
  items: readonly SyntaxNode[],
  first: number,
  period: number,
  context: RefactorContext,
): number {
  let count = 1;
  for (; first + (count + 1) * period <= items.length; count++) {
    for (let index = 0; index < period; index++) {
      const a = items[first + index]!;
      const b = items[first + count * period + index]!;
      if (words(a.span, context) !== words(b.span, context)) return count;
    }
  }
  return count;
}

/** The tokens of a span. */
function words({ start, end }: Span, { text, parse }: RefactorContext): string {
  const { tokens } = parse;
  const found: string[] = [];
  for (
    let at = countWhere(tokens, ({ span }) => span.start < start);
    at < tokens.length && tokens[at]!.span.end <= end;
    at++
  )
    found.push(text.slice(tokens[at]!.span.start, tokens[at]!.span.end));
  return found.join(' ');
}

/** Names would be declared once a round instead of twice in a body, and the header of a model stands once. */
function isRepeatable(statement: Statement): boolean {
  if (statement.kind === 'input' || statement.kind === 'classes' || statement.kind === 'constraint')
    return false;
  return (
    statement.kind !== 'let' && (statement.kind !== 'flow-statement' || localNames(statement).length === 0)
  );
}
