import { nearestName } from '../network/nearestName.ts';

/** ` Did you mean `conv`?` when a candidate is near, else nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const candidate = nearestName(name, candidates);
  return candidate === undefined ? '' : ` Did you mean \`${candidate}\`?`;
}
