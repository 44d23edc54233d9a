import type { TextChange } from '../../../grammar/format/format.ts';

/** What a small change of a network may be about, as it is chosen. */
export const moveKinds = [
  'cell edge',
  'convolution',
  'depth',
  'groups',
  'heads',
  'kernel',
  'norm',
  'number',
  'pooling',
  'skip',
  'width',
  'activation',
] as const;

export type MoveKind = (typeof moveKinds)[number];

/** A small change of how a network is written, and nothing else in the text: a neighbour of the network. */
export interface Move {
  readonly kind: MoveKind;
  /** What is written instead of what: `3x3 → 5x5`. */
  readonly title: string;
  /** In the order of the text; they do not overlap. */
  readonly changes: readonly TextChange[];
}
