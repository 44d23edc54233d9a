/** Letters of a name that is compared at all: nobody misspells a longer one, and comparing takes the square of it. */
const longest = 64;

/** Names compared while what is wrong with a text is said; beyond it mistakes are reported without a suggestion. */
export class Comparisons {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  /** @returns whether another one may be looked at */
  take(amount: number): boolean {
    this.#left -= amount;
    return this.#left >= 0;
  }
}

/** What looking at a name of another length weighs against comparing one. */
const glance = 1 / 16;

/** Edits a misspelt name may be away from a candidate. */
type Allowance = (name: string, candidate: string) => number;

/** A third of its letters; replacing every letter is no likeness. */
const third: Allowance = ({ length }) => Math.min(Math.max(1, Math.floor(length / 3)), length - 1);

/**
 * The candidate a misspelt name most likely meant, letter case aside; `undefined` when none is near, or when there have been
 * too many comparisons.
 */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  comparisons?: Comparisons,
  allowed: Allowance = third,
): string | undefined {
  if (name.length > longest) return undefined;
  let nearest: string | undefined;
  let best = Infinity;
  const written = name.toLowerCase();
  for (const candidate of candidates) {
    const most = Math.min(allowed(name, candidate), best - 1);
    const isFar = Math.abs(candidate.length - name.length) > most;
    if (comparisons?.take(isFar ? glance : 1) === false) return undefined;
    if (isFar) continue;
    const distance = editDistance(written, candidate.toLowerCase());
    if (distance <= most) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Insertions, deletions and substitutions of one letter, and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, beforeLast[j - 2]! + 1);
      }
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
