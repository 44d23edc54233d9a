import type { PictureCall, PictureOp, Place } from './picture.ts';

/** A stretch of the network: one op, or the ops of one call or iteration. */
export type Stretch = OpStretch | BlockStretch;

export interface OpStretch {
  readonly kind: 'op';
  readonly key: string;
  readonly label: string;
  readonly share: number;
  readonly op: PictureOp;
  readonly place: Place;
}

export interface BlockStretch {
  readonly kind: 'block';
  /** Stable while the text around it changes. */
  readonly key: string;
  /** `for c = 16 › repeat #1 › BasicBlock(16)`: a chain of calls with nothing beside is one block. */
  readonly label: string;
  /** Sum over its ops. */
  readonly share: number;
  readonly ops: number;
  readonly children: readonly Stretch[];
  /** The innermost call of the chain. */
  readonly place: Place;
  /** Whether it is folded at first: calls of blocks are; iterations, and blocks with most of the ops, are not. */
  readonly folded: boolean;
}

interface Open {
  readonly calls: readonly PictureCall[];
  readonly key: string;
  readonly children: Stretch[];
}

/** The ops as a tree of blocks in the order of the network. */
export function depthTree(ops: readonly PictureOp[]): Stretch[] {
  const root: Open = { calls: [], key: '', children: [] };
  const stack: Open[] = [root];
  const used = new Map<string, number>();
  const close = (): void => {
    const open = stack.pop()!;
    stack.at(-1)!.children.push(block(open));
  };
  for (const op of ops) {
    let depth = 0;
    while (depth < op.calls.length && depth + 1 < stack.length && same(op, stack[depth + 1]!, depth)) {
      depth += 1;
    }
    while (stack.length > depth + 1) {
      close();
    }
    while (stack.length <= op.calls.length) {
      const level = stack.length;
      const name = `${stack.at(-1)!.key}/${op.calls[level - 1]!.label}`;
      // Two calls of one label beside each other are told apart by their order.
      const count = (used.get(name) ?? 0) + 1;
      used.set(name, count);
      stack.push({
        calls: op.calls.slice(0, level),
        key: count === 1 ? name : `${name}#${count}`,
        children: [],
      });
    }
    const { path, label, place, share } = op;
    stack.at(-1)!.children.push({ kind: 'op', key: path, label, share: share.value, op, place });
  }
  while (stack.length > 1) {
    close();
  }
  return unfoldWhole(root.children, ops.length);
}

/** A block with more than half of the ops says nothing while it is folded. */
function unfoldWhole(stretches: readonly Stretch[], total: number): Stretch[] {
  return stretches.map((stretch) =>
    stretch.kind === 'block' && stretch.ops * 2 > total
      ? { ...stretch, folded: false, children: unfoldWhole(stretch.children, total) }
      : stretch,
  );
}

function same({ calls }: PictureOp, open: Open, depth: number): boolean {
  const [mine, its] = [calls[depth]!, open.calls[depth]!];
  return mine.label === its.label && samePlace(mine.place, its.place);
}

function samePlace(a: Place, b: Place): boolean {
  return a.uri === b.uri && a.start.line === b.start.line && a.start.character === b.start.character;
}

function block({ calls, key, children }: Open): BlockStretch {
  const last = calls.at(-1)!;
  const [only] = children;
  if (children.length === 1 && only?.kind === 'block') {
    return {
      ...only,
      key,
      label: `${last.label} › ${only.label}`,
      folded: only.folded || last.kind === 'call',
    };
  }
  return {
    kind: 'block',
    key,
    label: last.label,
    share: children.reduce((sum, child) => sum + child.share, 0),
    ops: children.reduce((sum, child) => sum + (child.kind === 'op' ? 1 : child.ops), 0),
    children,
    place: last.place,
    folded: last.kind === 'call',
  };
}

/** Which blocks are open: as they are at first, but for the ones named here. */
export interface Folding {
  readonly toggled: ReadonlySet<string>;
}

export const asWritten: Folding = { toggled: new Set() };

export function isOpen({ folded, key }: BlockStretch, { toggled }: Folding): boolean {
  return folded === toggled.has(key);
}

/** An item of the strip, and how deep it is nested. */
export interface VisibleStretch {
  readonly stretch: Stretch;
  readonly level: number;
  /** Open blocks around it, outermost first. */
  readonly within: readonly BlockStretch[];
}

/** The leaves of the tree as it is folded: ops, and blocks that are closed. */
export function leaves(tree: readonly Stretch[], folding: Folding): VisibleStretch[] {
  return walk(tree, folding, []).filter(({ stretch }) => stretch.kind === 'op' || !isOpen(stretch, folding));
}

/** Every row of the tree as it is folded, blocks before what is in them. */
export function rows(tree: readonly Stretch[], folding: Folding): VisibleStretch[] {
  return walk(tree, folding, []);
}

function walk(tree: readonly Stretch[], folding: Folding, within: readonly BlockStretch[]): VisibleStretch[] {
  return tree.flatMap((stretch): VisibleStretch[] => {
    const item = { stretch, level: within.length, within };
    return stretch.kind === 'block' && isOpen(stretch, folding)
      ? [item, ...walk(stretch.children, folding, [...within, stretch])]
      : [item];
  });
}

/** The ops of a stretch, in order. */
export function opsOf(stretch: Stretch): PictureOp[] {
  return stretch.kind === 'op' ? [stretch.op] : stretch.children.flatMap(opsOf);
}

/** The folding in which every block is open, or closed. */
export function allBlocks(tree: readonly Stretch[], state: 'open' | 'closed'): Folding {
  const toggled = new Set<string>();
  const visit = (stretches: readonly Stretch[]): void => {
    for (const stretch of stretches) {
      if (stretch.kind === 'op') continue;
      if (stretch.folded === (state === 'open')) toggled.add(stretch.key);
      visit(stretch.children);
    }
  };
  visit(tree);
  return { toggled };
}

/** Whether anything of a stretch was sampled: without that its share is unknown, not 0. */
export function isSampled(stretch: Stretch): boolean {
  return opsOf(stretch).some(({ tensors, silent }) => tensors > 0 || silent !== undefined);
}
