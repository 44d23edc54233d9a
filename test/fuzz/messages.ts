// What a campaign and the processes that try cases say to each other.
import type { Json } from './target.ts';

export interface Failure {
  /** Alike for findings of one cause. */
  readonly signature: string;
  /** For people. */
  readonly text: string;
}

/** To a process. */
export type Order =
  /** Try cases of these targets, taking turns, each from its first index on in steps of `stride`, without an end. */
  | {
      readonly kind: 'run';
      readonly first: Readonly<Record<string, number>>;
      readonly seed: number;
      readonly stride: number;
    }
  /** Try these inputs one after another, with nothing left from before. */
  | { readonly kind: 'try'; readonly target: string; readonly inputs: readonly Json[] };

/** From a process. */
export type Report =
  | { readonly kind: 'started'; readonly target: string; readonly index: number }
  | { readonly kind: 'failed'; readonly target: string; readonly index: number; readonly failure: Failure }
  /** Of a trial. */
  | { readonly kind: 'tried'; readonly failure?: Failure };
