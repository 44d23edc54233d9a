/**
 * How much the mean entropy of a draw varies beside how much the entropies of its index sets do: the ratio of the two variances, as
 * measured, and the degrees of freedom that this knowledge is worth (docs/score.md#standard-errors).
 */
const prior = { ratio: 0.3, degrees: 4 };

/** With fewer index sets their scatter says too little. */
const leastSets = 8;

/**
 * Standard error of a mean over draws. A few draws alone say little about their scatter, one says nothing; but the index sets of
 * a draw scatter too, and the variance between draws was measured to follow theirs. So it is the mean of what the draws say and of
 * what the index sets lead to expect, weighted by degrees of freedom (G. K. Smyth, Statistical Applications in Genetics and
 * Molecular Biology 3, 2004, moderated variances; docs/score.md#standard-errors).
 *
 * @param draws entropies by draw and index set, or differences of them (nats)
 * @returns undefined without a draw, or for a single one of few index sets
 */
export function drawError(draws: readonly (readonly number[])[]): number | undefined {
  const count = draws.length;
  if (count === 0) return undefined;
  const between = variance(draws.map(mean));
  const sets = Math.min(...draws.map(({ length }) => length));
  if (sets < leastSets) return count < 2 ? undefined : Math.sqrt(between / count);
  const expected = prior.ratio * mean(draws.map(variance));
  const degrees = count - 1;
  return Math.sqrt((prior.degrees * expected + degrees * between) / (prior.degrees + degrees) / count);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** With n − 1 degrees of freedom; 0 for one value. */
function variance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
