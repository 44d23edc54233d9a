import type { Span } from '../../../grammar/syntax.ts';
import { extractBlock } from './extract-block.ts';
import { rewriteCell } from './genotype.ts';
import { inlineBlock } from './inline-block.ts';
import { type Refactor, type RefactorContext, type Refactoring } from './refactoring.ts';
import { toRepeat } from './to-repeat.ts';

export type { RefactorContext, Refactoring } from './refactoring.ts';

const refactors: readonly Refactor[] = [extractBlock, inlineBlock, toRepeat, rewriteCell];

/** All that can be done with a selection of a file. */
export function refactorings(selection: Span, context: RefactorContext): readonly Refactoring[] {
  return refactors.flatMap((refactor) => refactor(selection, context));
}
