/** For people alone: what programs read has the empty name. */
const unnamed = '(unnamed)';

/** A name as people are shown it: there is something to read where one has not been written, as in `block (x) { … }`. */
export function shownName(name: string): string {
  return name === '' ? unnamed : name;
}
