/** How many values weigh as much as a statement that is expanded. */
export const workPerStep = 32;

/**
 * What looking at a text may cost before it is given up. Everything that can be repeated takes from it: a loop counts
 * also where its body is empty, and a value costs what it holds.
 */
export class Work {
  readonly limit: number;
  readonly #whole: Work | undefined;
  #done = 0;

  /** @param whole what this is a part of: it takes from both, and ends with either */
  constructor(limit: number, whole?: Work) {
    this.limit = limit;
    this.#whole = whole;
  }

  get done(): number {
    return this.#done;
  }

  get exhausted(): boolean {
    return this.#done > this.limit || this.#whole?.exhausted === true;
  }

  /** Takes some of it. @returns whether there was as much left */
  spend(amount = 1): boolean {
    this.#done += amount;
    this.#whole?.spend(amount);
    return !this.exhausted;
  }
}
