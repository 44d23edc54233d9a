/**
 * What looking at a text may cost before it is given up. Everything that can be repeated takes from it: a loop counts
 * also where its body is empty, and a value costs what it holds.
 */
export class Work {
  readonly limit: number;
  #done = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get done(): number {
    return this.#done;
  }

  get exhausted(): boolean {
    return this.#done > this.limit;
  }

  /** Takes some of it. @returns whether there was as much left */
  spend(amount = 1): boolean {
    this.#done += amount;
    return this.#done <= this.limit;
  }
}
