import { Pacer } from '../base/pacer.ts';

/**
 * Eigenvalues of a real symmetric matrix, ascending, without eigenvectors.
 *
 * Householder reduction to tridiagonal form on the lower triangle, then implicit QL with Wilkinson's shift
 * (Golub & Van Loan, Matrix Computations, §8.3). Values only, so about a tenth of the work of a full
 * decomposition: a spectrum must cost less than the pass it describes.
 *
 * @param matrix row-major `size × size`; only the lower triangle is read, nothing is written.
 * @throws RangeError when an entry is not finite, TypeError when there are not `size²` entries
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const steps = eigenvalueSteps(matrix, size);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same with pauses, for large matrices: one of 2,048 rows takes seconds. @throws as that does */
export async function pacedEigenvalues(
  matrix: Float64Array,
  size: number,
  pacer = new Pacer(),
): Promise<Float64Array> {
  const steps = eigenvalueSteps(matrix, size);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pacer.pause();
  }
}

/** Stops after each row, which is at most a few milliseconds of work. */
function* eigenvalueSteps(matrix: Float64Array, size: number): Generator<undefined, Float64Array, undefined> {
  if (matrix.length !== size * size) {
    throw new TypeError(`expected ${size * size} entries for a ${size}×${size} matrix, got ${matrix.length}`);
  }
  const diagonal = new Float64Array(size);
  const offDiagonal = new Float64Array(size);
  const scale = largestMagnitude(matrix, size);
  if (scale === 0) return diagonal;
  // The matrix is scaled to entries of at most 1, so that squares neither overflow nor vanish.
  const work = new Float64Array(size * size);
  for (let index = 0; index < work.length; index++) {
    work[index] = matrix[index]! / scale;
  }
  const product = new Float64Array(size);
  for (let k = size - 1; k >= 1; k--) {
    reduceRow(work, size, k, product, diagonal, offDiagonal);
    yield;
  }
  diagonal[0] = work[0]!;
  yield* implicitQl(diagonal, offDiagonal);
  return diagonal.map((value) => value * scale).sort();
}

function largestMagnitude(matrix: Float64Array, size: number): number {
  let largest = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const magnitude = Math.abs(matrix[row * size + column]!);
      if (!Number.isFinite(magnitude)) {
        throw new RangeError('the matrix has an entry that is not finite');
      }
      largest = Math.max(largest, magnitude);
    }
  }
  return largest;
}

/**
 * Brings row k of the lower triangle of `a` (destroyed) to tridiagonal form. Called from the last row upwards, so that the
 * Householder vector is a contiguous row. `offDiagonal[i]` couples i − 1 and i; `offDiagonal[0]` stays 0.
 *
 * @param product any n numbers
 */
function reduceRow(
  a: Float64Array,
  n: number,
  k: number,
  product: Float64Array,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
): void {
  const rowK = k * n;
  diagonal[k] = a[rowK + k]!;
  let tail = 0;
  for (let j = 0; j < k - 1; j++) {
    tail += a[rowK + j]! * a[rowK + j]!;
  }
  const last = a[rowK + k - 1]!;
  // Entries far below rounding error are dropped, because a division by their square would overflow.
  if (tail < 1e-60) {
    offDiagonal[k] = last;
    return;
  }
  // Reflects row k (its first k entries) onto the last of them: v = x − α e, H = I − β v vᵀ.
  const norm = Math.sqrt(tail + last * last);
  const alpha = last > 0 ? -norm : norm;
  offDiagonal[k] = alpha;
  const pivot = last - alpha;
  a[rowK + k - 1] = pivot;
  const beta = 2 / (tail + pivot * pivot);

  // product = A v, on the leading k × k block of the lower triangle.
  product.fill(0, 0, k);
  for (let i = 0; i < k; i++) {
    const rowI = i * n;
    const vi = a[rowK + i]!;
    let sum = 0;
    for (let j = 0; j < i; j++) {
      const entry = a[rowI + j]!;
      sum += entry * a[rowK + j]!;
      product[j]! += entry * vi;
    }
    product[i]! += sum + a[rowI + i]! * vi;
  }
  let inner = 0;
  for (let i = 0; i < k; i++) {
    product[i]! *= beta;
    inner += product[i]! * a[rowK + i]!;
  }
  const half = (beta / 2) * inner;
  for (let i = 0; i < k; i++) {
    product[i]! -= half * a[rowK + i]!;
  }
  for (let i = 0; i < k; i++) {
    const rowI = i * n;
    const vi = a[rowK + i]!;
    const wi = product[i]!;
    for (let j = 0; j <= i; j++) {
      a[rowI + j]! -= vi * product[j]! + wi * a[rowK + j]!;
    }
  }
}

/** Most steps per eigenvalue. A finite matrix needs two or three; more is a bug. */
const maxSweeps = 60;

/** Diagonalises the tridiagonal matrix in place: afterwards `diagonal` holds its eigenvalues, unordered. */
function* implicitQl(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
): Generator<undefined, void, undefined> {
  const n = diagonal.length;
  const e = new Float64Array(n);
  e.set(offDiagonal.subarray(1));
  let largest = 0;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, Math.abs(diagonal[i]!) + Math.abs(e[i]!));
  }
  // The tolerance is absolute, because the reduction has already perturbed every eigenvalue by as much.
  const tolerance = Number.EPSILON * largest;
  for (let low = 0; low < n; low++) {
    for (let sweep = 0; ; sweep++) {
      let high = low;
      while (high < n - 1 && Math.abs(e[high]!) > tolerance) {
        high++;
      }
      if (high === low) {
        break;
      }
      if (sweep === maxSweeps) {
        throw new Error('the QL iteration did not converge');
      }
      qlSweep(diagonal, e, low, high);
    }
    yield;
  }
}

/** One implicit QL step on the unreduced block `low … high`; `e[i]` couples i and i + 1. */
function qlSweep(d: Float64Array, e: Float64Array, low: number, high: number): void {
  const slope = (d[low + 1]! - d[low]!) / (2 * e[low]!);
  const root = Math.hypot(slope, 1);
  let g = d[high]! - d[low]! + e[low]! / (slope + (slope >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // The block has fallen apart: the caller goes on with the smaller blocks.
      d[i + 1]! -= shift;
      e[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - shift;
    const t = (d[i]! - g) * sine + 2 * cosine * b;
    shift = sine * t;
    d[i + 1] = g + shift;
    g = cosine * t - b;
  }
  d[low]! -= shift;
  e[low] = g;
  e[high] = 0;
}
