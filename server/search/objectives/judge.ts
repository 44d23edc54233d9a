import type { ScoreOptions } from '../../score/scorer.ts';
import type { Variant } from '../variants.ts';
import type { Verdict } from '../what-if.ts';

/** Neighbours of a step that are looked at again, the best first, before it is given up. */
export const looked = 6;

/** Changes that one set of seeds prefers. */
export interface Screened {
  /** Indices of at most `looked` of them, the best first. */
  readonly preferred: readonly number[];
  /** By index, where there is one for every neighbour. */
  readonly verdicts?: readonly Verdict[];
}

export interface JudgeOptions extends ScoreOptions {
  /** `tried` of `total` neighbours. */
  readonly onTried?: ((tried: number, total: number) => void) | undefined;
}

/** Decides among the neighbours of one network, by an objective. */
export interface Judge {
  /** @returns undefined when cancelled; a message where the network itself cannot be compared */
  screen(variants: readonly Variant[], options: JudgeOptions): Promise<Screened | string | undefined>;
  /**
   * The same neighbours by seeds that had no part in choosing them, and what other scores say.
   *
   * @param chosen in the order of `screen`
   * @returns a function that gives the verdict of the one at an index of `chosen`; undefined from it when cancelled
   */
  check(
    chosen: readonly Variant[],
    options: ScoreOptions,
  ): Promise<(index: number) => Promise<Verdict | undefined>>;
}
