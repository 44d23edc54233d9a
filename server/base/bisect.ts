/**
 * How many of the first values hold: by bisection, of values of which those that do come first. That is the index of the first
 * value that does not.
 */
export function countWhere<Value>(values: readonly Value[], holds: (value: Value) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(values[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
