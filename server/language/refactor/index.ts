import { applied, type TextChange } from '../../../grammar/format/format.ts';
import { hasSameProblems, isAlike } from '../../../grammar/format/reading.ts';
import { parse } from '../../../grammar/parser.ts';
import type { Span } from '../../../grammar/syntax.ts';
import { extractBlock } from './extract-block.ts';
import { rewriteCell } from './genotype.ts';
import { inlineBlock } from './inline-block.ts';
import { type Refactor, type RefactorContext, type Refactoring } from './refactoring.ts';
import { toRepeat } from './to-repeat.ts';

export type { RefactorContext, Refactoring } from './refactoring.ts';

const refactors: readonly Refactor[] = [extractBlock, inlineBlock, toRepeat, rewriteCell];

/**
 * All that can be done with a selection of a file. Nothing in a declaration with a syntax error, of which a part is unknown;
 * and where there is one elsewhere, nothing after which the rest of the file would be read otherwise.
 */
export function refactorings(selection: Span, context: RefactorContext): readonly Refactoring[] {
  const { start, end } = selection;
  const isDamaged = context.module.declarations.some(
    ({ damaged, decl }) => damaged && decl.span.start <= end && start <= decl.span.end,
  );
  if (isDamaged) return [];
  return refactors
    .flatMap((refactor) => refactor(selection, context))
    .filter(({ changes }) => context.parse.problems.length === 0 || keepsOthers(changes, context));
}

/** Whether the declarations without a change stay what they are. With syntax errors, lines say what belongs together. */
function keepsOthers(changes: readonly TextChange[], { text, parse: before }: RefactorContext): boolean {
  const after = parse(applied(text, changes));
  if (!hasSameProblems(after, before)) return false;
  const others = before.file.items.filter(
    ({ span }) => !changes.some((change) => span.start < change.span.end && change.span.start < span.end),
  );
  let found = 0;
  for (const item of after.file.items) if (found < others.length && isAlike(item, others[found])) found += 1;
  return found === others.length;
}
