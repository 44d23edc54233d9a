import { nearestName } from '../../base/nearest-name.ts';
import { moveKinds, type Move, type MoveKind } from './move.ts';

/** For people, by kind. */
export const moveKindTexts: Readonly<Record<MoveKind, string>> = {
  'cell edge': 'another op on an edge of a cell',
  convolution: 'depthwise in place of full convolutions, and back',
  depth: 'a repetition less or more',
  groups: 'groups of convolutions',
  heads: 'heads of attention',
  kernel: 'sizes of kernels',
  norm: 'another norm',
  number: 'other small numbers of lists and arguments',
  pooling: 'average for maximum pooling, and back',
  skip: 'a residual connection less or more',
  width: 'a quarter of a width less or more',
  activation: 'another activation: scores before training say little about them',
};

/**
 * What is varied unless told otherwise: all but activations, by which a score before training is changed without anything being known
 * of the trained network.
 */
export const defaultMoveKinds: readonly MoveKind[] = moveKinds.filter((kind) => kind !== 'activation');

/** Moves of some kinds. */
export function ofKinds(moves: readonly Move[], kinds: readonly MoveKind[]): readonly Move[] {
  return moves.filter(({ kind }) => kinds.includes(kind));
}

/** What is offered at a place. Who points at nothing but an activation asks for others: so all, where none is of these kinds. */
export function offeredAt(moves: readonly Move[], kinds: readonly MoveKind[]): readonly Move[] {
  const offered = ofKinds(moves, kinds);
  return offered.length > 0 ? offered : moves;
}

/**
 * Reads kinds as a command has them: names with commas between, `all`, and `-` before one that is left out of those before it, or of the
 * default where it stands first. Blanks may be written as hyphens.
 *
 * @throws RangeError for a name that is none, saying which there are
 */
export function parseMoveKinds(text: string): readonly MoveKind[] {
  const words = text.split(',').map((word) => word.trim());
  const chosen = new Set<MoveKind>(words[0]?.startsWith('-') === true ? defaultMoveKinds : []);
  for (const word of words) {
    if (word === 'all') for (const kind of moveKinds) chosen.add(kind);
    else if (word.startsWith('-')) chosen.delete(kindNamed(word.slice(1)));
    else chosen.add(kindNamed(word));
  }
  if (chosen.size === 0) throw new RangeError('No kind of change is left.');
  return moveKinds.filter((kind) => chosen.has(kind));
}

/** As a command has it: `cell-edge`. */
export function moveKindName(kind: MoveKind): string {
  return kind.replaceAll(' ', '-');
}

function kindNamed(word: string): MoveKind {
  const kind = moveKinds.find((each) => each === word || moveKindName(each) === word);
  if (kind !== undefined) return kind;
  const names = moveKinds.map(moveKindName);
  const near = nearestName(word, names);
  throw new RangeError(
    `'${word}' is not a kind of change. ${near === undefined ? '' : `Did you mean ${near}? `}There are: all, ${names.join(', ')}.`,
  );
}
