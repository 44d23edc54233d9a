/** Where a text differs from the one before: all but the common beginning and end. */
export interface Difference {
  readonly start: number;
  /** In the text before. */
  readonly end: number;
  /** How much longer the text is now. */
  readonly shift: number;
}

export function differenceOf(before: string, text: string): Difference {
  const shorter = Math.min(before.length, text.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === text.charCodeAt(start)) start += 1;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)
  )
    tail += 1;
  return { start, end: before.length - tail, shift: text.length - before.length };
}
