import type { Module } from './meaning.ts';

/** A file that is there and cannot be read. */
export interface Unreadable {
  /** Why, as the end of a sentence without its full stop. */
  readonly unreadable: string;
}

/** What an import leads to, found by the project; undefined where there is no file. */
export type ImportTarget = Module | Unreadable | 'cycle' | undefined;
