// Kinds of changes, as they are chosen.
import { expect, test } from 'vitest';
import { defaultMoveKinds, offeredAt, ofKinds, parseMoveKinds } from '../../../server/search/moves/kinds.ts';
import { moveKinds, type Move } from '../../../server/search/moves/move.ts';

const move = (kind: Move['kind']): Move => ({ kind, title: kind, changes: [] });

test('activations are varied only where they are asked for', () => {
  expect(defaultMoveKinds).toEqual(moveKinds.filter((kind) => kind !== 'activation'));
  const mixed = [move('activation'), move('width')];
  expect(ofKinds(mixed, defaultMoveKinds)).toEqual([move('width')]);
  expect(offeredAt(mixed, defaultMoveKinds)).toEqual([move('width')]);
  expect(offeredAt([move('activation')], defaultMoveKinds)).toEqual([move('activation')]);
});

test('kinds are read from the command line', () => {
  expect(parseMoveKinds('kernel, cell-edge')).toEqual(['cell edge', 'kernel']);
  expect(parseMoveKinds('all')).toEqual(moveKinds);
  expect(parseMoveKinds('all,-width')).toEqual(moveKinds.filter((kind) => kind !== 'width'));
  expect(parseMoveKinds('-width')).toEqual(defaultMoveKinds.filter((kind) => kind !== 'width'));
  expect(() => parseMoveKinds('widht')).toThrow(/'widht' is not a kind of change. Did you mean width\?/);
  expect(() => parseMoveKinds('width,-width')).toThrow('No kind of change is left.');
  expect(() => parseMoveKinds('')).toThrow(/There are: all, cell-edge, /);
});
