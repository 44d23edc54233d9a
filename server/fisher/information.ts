/**
 * Collects the rows of the factor of F = (1/N) Σ rowᵀ row in float64, in whichever form is smaller: the rows themselves
 * when there are fewer of them than weights (their Gram matrix has the same non-zero eigenvalues), else F.
 */
export class FisherInformation {
  readonly weights: number;
  /** Σ row², per weight: N times the diagonal of F. */
  readonly #squares: Float64Array;
  readonly #rows: Float64Array | undefined;
  readonly #product: Float64Array | undefined;
  readonly #capacity: number;
  #count = 0;

  /** @param rows how many rows will come in all. */
  constructor(weights: number, rows: number) {
    this.weights = weights;
    this.#capacity = rows;
    this.#squares = new Float64Array(weights);
    if (rows < weights) {
      this.#rows = new Float64Array(rows * weights);
    } else {
      this.#product = new Float64Array(weights * weights);
    }
  }

  /** Adds `count` rows, row-major `[count, weights]`. */
  add(rows: Float64Array, count: number): void {
    if (this.#count + count > this.#capacity) {
      throw new RangeError(`more than the ${this.#capacity} rows announced`);
    }
    const { weights } = this;
    for (let row = 0; row < count; row++) {
      for (let w = 0; w < weights; w++) {
        this.#squares[w]! += rows[row * weights + w]! ** 2;
      }
    }
    if (this.#rows !== undefined) {
      this.#rows.set(rows.subarray(0, count * weights), this.#count * weights);
    } else {
      addProduct(this.#product!, rows, count, weights);
    }
    this.#count += count;
  }

  /** The diagonal of F, length P. */
  diagonal(samples: number): Float64Array {
    return this.#squares.map((value) => value / samples);
  }

  /** A symmetric matrix (lower triangle filled) with the non-zero eigenvalues of F. */
  smallest(samples: number): { readonly matrix: Float64Array; readonly size: number } {
    if (this.#product !== undefined) {
      return { matrix: this.#product.map((value) => value / samples), size: this.weights };
    }
    const size = this.#count;
    return { matrix: gram(this.#rows!, size, this.weights, samples), size };
  }

  /** The factor itself `[count, weights]`, row-major, where it is kept. */
  get factor(): { readonly rows: Float64Array; readonly count: number } | undefined {
    return this.#rows === undefined ? undefined : { rows: this.#rows, count: this.#count };
  }

  /** F over some of the weights alone: its principal submatrix, exactly as if only they had been sampled. */
  restrict(kept: readonly number[]): FisherInformation {
    const { weights } = this;
    if (this.#rows !== undefined) {
      const rows = new Float64Array(this.#count * kept.length);
      for (let row = 0; row < this.#count; row++) {
        for (const [to, from] of kept.entries()) {
          rows[row * kept.length + to] = this.#rows[row * weights + from]!;
        }
      }
      const restricted = new FisherInformation(kept.length, this.#count);
      restricted.add(rows, this.#count);
      return restricted;
    }
    // There are at least as many rows as weights, so the product is the smaller form for fewer weights too.
    const restricted = new FisherInformation(kept.length, this.#capacity);
    restricted.#count = this.#count;
    for (const [i, from] of kept.entries()) {
      restricted.#squares[i] = this.#squares[from]!;
      for (let j = 0; j <= i; j++) {
        restricted.#product![i * kept.length + j] = this.#product![from * weights + kept[j]!]!;
      }
    }
    return restricted;
  }
}

/** product += rowsᵀ rows, lower triangle; four rows at a time to write the product a quarter as often. */
function addProduct(product: Float64Array, rows: Float64Array, count: number, weights: number): void {
  let row = 0;
  for (; row + 4 <= count; row += 4) {
    const a = row * weights;
    const b = a + weights;
    const c = b + weights;
    const d = c + weights;
    for (let i = 0; i < weights; i++) {
      const ai = rows[a + i]!;
      const bi = rows[b + i]!;
      const ci = rows[c + i]!;
      const di = rows[d + i]!;
      const target = i * weights;
      for (let j = 0; j <= i; j++) {
        product[target + j]! += ai * rows[a + j]! + bi * rows[b + j]! + ci * rows[c + j]! + di * rows[d + j]!;
      }
    }
  }
  for (; row < count; row++) {
    const a = row * weights;
    for (let i = 0; i < weights; i++) {
      const ai = rows[a + i]!;
      const target = i * weights;
      for (let j = 0; j <= i; j++) {
        product[target + j]! += ai * rows[a + j]!;
      }
    }
  }
}

function gram(rows: Float64Array, count: number, weights: number, samples: number): Float64Array {
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const a = i * weights;
    for (let j = 0; j <= i; j++) {
      const b = j * weights;
      let sum = 0;
      for (let w = 0; w < weights; w++) {
        sum += rows[a + w]! * rows[b + w]!;
      }
      matrix[i * count + j] = sum / samples;
    }
  }
  return matrix;
}
