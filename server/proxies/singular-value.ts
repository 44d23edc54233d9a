import { Pacer } from '../base/pacer.ts';
import { symmetricEigenvalues } from '../fisher/symmetric-eigenvalues.ts';
import { fillNormals } from '../tensor/random.ts';
import { ProxyFailure } from './proxy.ts';

/** Up to so many rows or columns all singular values are computed, for the largest one. */
const few = 128;

/**
 * The largest singular value of a row-major matrix `[rows, columns]`, with pauses: a large one takes seconds.
 *
 * @throws ProxyFailure where it is not finite
 */
export async function largestSingularValue(
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
): Promise<number> {
  const size = Math.min(rows, columns);
  if (size > few) return byLanczos(matrix, rows, columns);
  // AᵀA or AAᵀ, whichever is smaller: both have the squares of the singular values.
  const [vector, element] = columns <= rows ? [1, columns] : [columns, 1];
  const length = Math.max(rows, columns);
  const gram = new Float64Array(size ** 2);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j <= i; j += 1)
      for (let at = 0; at < length; at += 1)
        gram[i * size + j]! += matrix[i * vector + at * element]! * matrix[j * vector + at * element]!;
  requireFinite(gram.every(Number.isFinite));
  return Math.sqrt(Math.max(0, symmetricEigenvalues(gram, size).at(-1)!));
}

function requireFinite(isFinite: boolean): void {
  if (!isFinite) throw new ProxyFailure('overflow', 'The gradients leave the range of 32-bit floats.');
}

/** How far the square of the value may change from one step to the next, in shares of it. */
const tolerance = 1e-14;

/**
 * The Lanczos iteration on AᵀA, every new vector made orthogonal to all before (Golub and Van Loan, Matrix Computations, §10.1). The
 * largest value of the tridiagonal matrix grows to that of AᵀA, usually within a hundred steps.
 */
async function byLanczos(matrix: ArrayLike<number>, rows: number, columns: number): Promise<number> {
  const pacer = new Pacer();
  const basis: Float64Array[] = [];
  const [diagonal, offDiagonal]: [number[], number[]] = [[], []];
  let vector = new Float64Array(columns);
  fillNormals(vector, 0, 'lanczos', 1);
  let [norm, found] = [normOf(vector), 0];
  while (basis.length < columns && norm > 0) {
    const own = vector.map((value) => value / norm);
    basis.push(own);
    vector = await timesGram(matrix, rows, columns, own, pacer);
    requireFinite(Number.isFinite(normOf(vector)));
    diagonal.push(dot(vector, own));
    // Twice, because rounding of the first leaves something.
    for (let time = 0; time < 2; time += 1)
      for (const other of basis) subtract(vector, other, dot(vector, other));
    norm = normOf(vector);
    offDiagonal.push(norm);
    if (basis.length % 10 !== 0 && basis.length < columns && norm > tolerance * found) continue;
    const value = largestOf(diagonal, offDiagonal);
    if (value - found <= tolerance * value) return Math.sqrt(Math.max(0, value));
    found = value;
  }
  return Math.sqrt(Math.max(0, largestOf(diagonal, offDiagonal)));
}

function largestOf(diagonal: readonly number[], offDiagonal: readonly number[]): number {
  const size = diagonal.length;
  if (size === 0) return 0;
  const matrix = new Float64Array(size ** 2);
  for (const [at, value] of diagonal.entries()) {
    matrix[at * size + at] = value;
    if (at > 0) matrix[at * size + at - 1] = offDiagonal[at - 1]!;
  }
  return symmetricEigenvalues(matrix, size).at(-1)!;
}

/** Rows that are multiplied between pauses. */
const block = 64;

async function timesGram(
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  vector: Float64Array,
  pacer: Pacer,
): Promise<Float64Array<ArrayBuffer>> {
  const out = new Float64Array(columns);
  for (let first = 0; first < rows; first += block) {
    addRows(matrix, first, Math.min(rows, first + block), columns, vector, out);
    await pacer.pause();
  }
  return out;
}

function addRows(
  matrix: ArrayLike<number>,
  first: number,
  end: number,
  columns: number,
  vector: Float64Array,
  out: Float64Array,
): void {
  for (let row = first, start = first * columns; row < end; row += 1, start += columns) {
    let product = 0;
    for (let at = 0; at < columns; at += 1) product += matrix[start + at]! * vector[at]!;
    for (let at = 0; at < columns; at += 1) out[at]! += product * matrix[start + at]!;
  }
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += one[at]! * other[at]!;
  return sum;
}

function normOf(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function subtract(vector: Float64Array, other: Float64Array, factor: number): void {
  for (let at = 0; at < vector.length; at += 1) vector[at]! -= factor * other[at]!;
}
