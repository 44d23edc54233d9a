import { describe, expect, test } from 'vitest';
import {
  allBlocks,
  asWritten,
  depthTree,
  leaves,
  opsOf,
  rows,
  type Folding,
  type Stretch,
} from '../../server/plot/depth.ts';
import { opsAt } from '../../server/plot/cursor.ts';
import { ops, picture, type OpSketch } from './support/pictures.ts';

/** Three stages of two blocks of two ops, a stem and a classifier. */
const resnet: OpSketch[] = [
  { label: 'conv(16, 3x3)', share: 0.1, line: 0 },
  ...[1, 2, 3].flatMap((stage) =>
    [1, 2].flatMap((block) =>
      ['conv(8, 3x3)', 'bn'].map((label, index) => ({
        label,
        share: 0.05,
        calls: [`for s = ${stage}`, `repeat #${block}`, 'Block(8)'],
        line: 10 + index,
      })),
    ),
  ),
  { label: 'dense(10)', share: 0.3, line: 20 },
];

const labels = (tree: readonly Stretch[], folding: Folding): string[] =>
  leaves(tree, folding).map(({ stretch }) => stretch.label);

describe('the tree of blocks', () => {
  const tree = depthTree(ops(resnet));

  test('has every op once, in order', () => {
    expect(tree.flatMap(opsOf).map(({ order }) => order)).toEqual(resnet.map((_, order) => order));
  });

  test('folds calls and opens iterations at first', () => {
    expect(labels(tree, asWritten)).toEqual([
      'conv(16, 3x3)',
      ...[1, 2, 3].flatMap(() => ['repeat #1 › Block(8)', 'repeat #2 › Block(8)']),
      'dense(10)',
    ]);
  });

  test('sums the shares of what is folded', () => {
    const sum = leaves(tree, asWritten).reduce((total, { stretch }) => total + stretch.share, 0);
    expect(sum).toBeCloseTo(1, 12);
    expect(leaves(tree, asWritten)[1]!.stretch.share).toBeCloseTo(0.1, 12);
  });

  test('opens and closes all', () => {
    expect(labels(tree, allBlocks(tree, 'open'))).toHaveLength(resnet.length);
    expect(labels(tree, allBlocks(tree, 'closed'))).toEqual([
      'conv(16, 3x3)',
      'for s = 1',
      'for s = 2',
      'for s = 3',
      'dense(10)',
    ]);
  });

  test('toggles one block by its key', () => {
    const [, first] = leaves(tree, asWritten);
    const open = leaves(tree, { toggled: new Set([first!.stretch.key]) });
    expect(open.slice(1, 3).map(({ stretch, level }) => [stretch.label, level])).toEqual([
      ['conv(8, 3x3)', 2],
      ['bn', 2],
    ]);
  });

  test('gives every row another key', () => {
    const keys = rows(tree, allBlocks(tree, 'open')).map(({ stretch }) => stretch.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('opens a block that is nearly everything', () => {
    const whole = depthTree(ops(resnet.map((op) => ({ ...op, calls: ['Skeleton', ...(op.calls ?? [])] }))));
    expect(labels(whole, asWritten)).toEqual(labels(tree, asWritten));
  });
});

describe('the ops at a cursor', () => {
  const shown = picture({ contributions: { over: 'all', ops: ops(resnet) } });
  const at = (line: number, character: number, uri = 'file:///net.arch'): number =>
    opsAt(shown, { uri, line, character }).size;

  test('are those written there, at every call site', () => {
    expect(at(10, 5)).toBe(6);
    expect(at(0, 2)).toBe(1);
    expect([...opsAt(shown, { uri: 'file:///net.arch', line: 20, character: 20 })]).toEqual(['op.13']);
  });

  test('are those inside a call where the cursor is on the call', () => {
    expect(at(102, 3)).toBe(12);
  });

  test('are none beside the text of ops and in other files', () => {
    expect(at(0, 1)).toBe(0);
    expect(at(50, 0)).toBe(0);
    expect(at(10, 5, 'file:///other.arch')).toBe(0);
  });
});
