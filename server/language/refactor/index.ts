import type { Span } from '../../../grammar/syntax.ts';
import { extractBlock } from './extract-block.ts';
import { rewriteCell } from './genotype.ts';
import { inlineBlock } from './inline-block.ts';
import { type Refactor, type RefactorContext, type Refactoring } from './refactoring.ts';
import { toRepeat } from './to-repeat.ts';

export type { RefactorContext, Refactoring } from './refactoring.ts';

const refactors: readonly Refactor[] = [extractBlock, inlineBlock, toRepeat, rewriteCell];

/** All that can be done with a selection of a file; nothing in a declaration with a syntax error, of which a part is unknown. */
export function refactorings(selection: Span, context: RefactorContext): readonly Refactoring[] {
  const { start, end } = selection;
  const isDamaged = context.module.declarations.some(
    ({ damaged, decl }) => damaged && decl.span.start <= end && start <= decl.span.end,
  );
  if (isDamaged) return [];
  return refactors.flatMap((refactor) => refactor(selection, context));
}
