import type { TextChange } from '../../../grammar/format/format.ts';

/** What a small change of a network is about. */
export type MoveKind =
  | 'activation'
  | 'cell edge'
  | 'convolution'
  | 'depth'
  | 'groups'
  | 'heads'
  | 'kernel'
  | 'norm'
  | 'number'
  | 'pooling'
  | 'width';

/** A small change of how a network is written, and nothing else in the text: a neighbour of the network. */
export interface Move {
  readonly kind: MoveKind;
  /** What is written instead of what: `3x3 → 5x5`. */
  readonly title: string;
  /** In the order of the text; they do not overlap. */
  readonly changes: readonly TextChange[];
}
