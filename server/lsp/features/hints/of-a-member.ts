import type { Span } from '../../../../grammar/syntax.ts';
import type { FileAnalysis } from '../../../language/analysis.ts';

/** What stands before a value that is one of the first member of a space, not of all its networks. */
export const ofAMember = 'e.g. ';

/** Said of such a value. */
export const ofAMemberText = 'Of the first member of the space; other members may differ.';

/**
 * Whether what is known of a place is of one member of a space: it stands in one, or in a block of a file that has spaces and no models.
 */
export function isOfAMember({ spaces, models }: FileAnalysis, { start, end }: Span): boolean {
  if (spaces.some(({ span }) => span.start <= start && end <= span.end)) return true;
  return spaces.length > 0 && models.length === 0;
}
