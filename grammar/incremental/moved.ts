import { own } from '../../server/base/own.ts';
import type { Span } from '../syntax.ts';

const originals = new WeakMap<object, object>();

/** A declaration that is `shift` further on; `original` finds what it was moved from. */
export function movedItem<Node extends object>(item: Node, shift: number): Node {
  if (shift === 0) return item;
  const result = moved(item, shift);
  originals.set(result, original(item));
  return result;
}

/** What a declaration was before it was moved, however often: what does not depend on places need be found out only once. */
export function original<Node extends object>(item: Node): Node {
  return (originals.get(item) as Node | undefined) ?? item;
}

/** A copy of a part of a syntax tree, or of anything else made of plain objects, whose spans are `shift` further on. */
export function moved<Tree>(tree: Tree, shift: number): Tree {
  return shift === 0 ? tree : (copy(tree, shift) as Tree);
}

function copy(value: unknown, shift: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => copy(element, shift));
  if (isSpan(value)) return { start: value.start + shift, end: value.end + shift };
  const node = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  // Fields of nodes, never names of a text; twice as fast as by way of their entries.
  // eslint-disable-next-line archlens/no-foreign-keys
  for (const key in node) result[key] = copy(node[key], shift);
  return result;
}

/** Whether `tree` is `other` moved by `shift`. */
export function isMoved(tree: unknown, other: unknown, shift: number): boolean {
  if (tree === other) return shift === 0 || typeof tree !== 'object' || tree === null;
  if (typeof tree !== 'object' || tree === null || typeof other !== 'object' || other === null)
    return Object.is(tree, other);
  if (Array.isArray(tree))
    return (
      Array.isArray(other) &&
      tree.length === other.length &&
      tree.every((element, index) => isMoved(element, other[index], shift))
    );
  if (isSpan(tree))
    return isSpan(other) && tree.start === other.start + shift && tree.end === other.end + shift;
  const keys = Object.keys(tree);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) =>
      isMoved(own(tree as Record<string, unknown>, key), own(other as Record<string, unknown>, key), shift),
    )
  );
}

function isSpan(value: object): value is Span {
  return 'start' in value;
}
