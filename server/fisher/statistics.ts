/** An estimate and its standard error, which is absent for a single draw. */
export interface Estimate {
  readonly value: number;
  readonly se?: number;
}

/** Mean of at least one value, and its standard error (standard deviation over √n, n − 1 degrees of freedom). */
export function meanEstimate(values: readonly number[]): Estimate {
  const value = values.reduce((sum, each) => sum + each / values.length, 0);
  if (values.length < 2) return { value };
  const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
  return { value, se: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/**
 * Σ parts / Σ wholes, with the standard error of a ratio of means by linearisation (Cochran, Sampling Techniques, §2.11).
 * 0 when the wholes are.
 */
export function ratioEstimate(parts: readonly number[], wholes: readonly number[]): Estimate {
  const whole = wholes.reduce((sum, each) => sum + each, 0);
  if (whole === 0) return { value: 0 };
  const value = parts.reduce((sum, each) => sum + each / whole, 0);
  const n = parts.length;
  if (n < 2) return { value };
  const squares = parts.reduce((sum, part, i) => sum + ((part - value * wholes[i]!) / (whole / n)) ** 2, 0);
  return { value, se: Math.sqrt(squares / (n - 1) / n) };
}
