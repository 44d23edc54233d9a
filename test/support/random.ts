import fc from 'fast-check';

/** Random numbers that depend on a seed alone (splitmix32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 … 2³² − 1 */
  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** 0 … 1, without 1 */
  share(): number {
    return this.#next() / 2 ** 32;
  }

  /** 0 … count − 1; 0 for a count of 0 */
  below(count: number): number {
    return Math.floor(this.share() * count);
  }

  /** low … high */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.share() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** Mostly small: 0 … most, each half as often as half of it. */
  small(most: number): number {
    return Math.floor((most + 1) ** this.share()) - 1;
  }

  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }

  /** A value of an arbitrary of fast-check. */
  sample<T>(arbitrary: fc.Arbitrary<T>): T {
    const [value] = fc.sample(arbitrary, { seed: this.#next() | 0, numRuns: 1 });
    return value!;
  }
}

/** The seed of a case, which depends on nothing but these three. */
export function seedOf(seed: number, target: string, index: number): number {
  let mixed = seed;
  for (const part of [...Array.from(target, (character) => character.codePointAt(0)!), index])
    mixed = new Random(mixed).below(2 ** 31) ^ part;
  return new Random(mixed).below(2 ** 31);
}
