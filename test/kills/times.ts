/** JSON or a table without what a run took: the rest of a score is the same in every run. */
export function withoutTimes(text: string): string {
  return text.replaceAll(/("milliseconds": ?)[\d.e+-]+/g, '$10');
}
