/**
 * Helmert contrasts: an orthonormal basis of the class space's complement of (1, …, 1). The covariance Σ of the labels
 * maps (1, …, 1) to 0, so the Jacobian is only needed along these C − 1 directions, and, unlike a basis of the
 * complement of √p, they are the same for every sample: constants of the program.
 *
 * Contrast k (0 … C − 2) is (1, …, 1, −(k + 1), 0, …, 0) / √((k + 1)(k + 2)), with k + 1 leading ones.
 */

/** Rows `from … to − 1`, row-major `[to − from, classes]`. */
export function helmertContrasts(classes: number, from: number, to: number): Float64Array {
  const rows = new Float64Array((to - from) * classes);
  for (let k = from; k < to; k++) {
    const unit = 1 / Math.sqrt((k + 1) * (k + 2));
    const start = (k - from) * classes;
    rows.fill(unit, start, start + k + 1);
    rows[start + k + 1] = -(k + 1) * unit;
  }
  return rows;
}

/**
 * From the contrasts' projections `[C − 1, width]` back to class space: `[C, width]`, up to a vector common to all classes
 * (the part that Σ does not see). A running sum, because contrast k is constant over the classes before k + 1.
 */
export function fromContrasts(
  projections: Float64Array,
  classes: number,
  width: number,
  into: Float64Array,
): void {
  // Class c gets Σ_{k ≥ c} y_k u_k − c·y_{c−1} u_{c−1}, u_k = 1 / √((k + 1)(k + 2)): summed from the last class backwards.
  into.fill(0, (classes - 1) * width, classes * width);
  for (let c = classes - 1; c >= 1; c--) {
    const unit = 1 / Math.sqrt(c * (c + 1));
    const source = (c - 1) * width;
    const here = c * width;
    const next = here - width;
    for (let w = 0; w < width; w++) {
      const term = projections[source + w]! * unit;
      // `into` at class c still holds the sum over later contrasts alone.
      into[next + w] = into[here + w]! + term;
      into[here + w]! -= c * term;
    }
  }
}
