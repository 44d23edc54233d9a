import { type Comparisons, nearestName } from '../../base/nearest-name.ts';

/** ` Did you mean `conv`?` when a candidate is near, else nothing. */
export function didYouMean(name: string, candidates: Iterable<string>, comparisons?: Comparisons): string {
  const candidate = nearestName(name, candidates, comparisons);
  return candidate === undefined ? '' : ` Did you mean \`${candidate}\`?`;
}

/** What a misspelt name may have meant, and how often one may still look. */
export interface Candidates {
  readonly names: () => Iterable<string>;
  readonly comparisons: Comparisons;
}
