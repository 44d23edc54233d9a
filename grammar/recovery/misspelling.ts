import { nearestName } from '../../server/base/nearest-name.ts';

/** Keywords are few and known: one edit in words of up to four letters, two in longer ones. */
const allowed = (word: string, keyword: string): number =>
  Math.max(word.length, keyword.length) <= 4 ? 1 : 2;

/** The keyword that `word` most likely misspells, or nothing when none is near. */
export function nearestKeyword(word: string, keywords: Iterable<string>): string | undefined {
  return nearestName(word, keywords, undefined, allowed);
}
