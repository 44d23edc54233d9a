import type { ComparisonKind } from './worth.ts';

/** What of a network says in what another one differs from it. A plain value, small enough to be sent; texts are equal for what is equal. */
export interface Outline {
  /** The different ops. */
  readonly ops: readonly string[];
  /** Of the ops of all nodes, in order. */
  readonly sequence: string;
  /** Of the shapes of their outputs. */
  readonly shapes: string;
  /** Of height and width at which trainable layers work, with how many do, in order. */
  readonly depths: string;
  /** Whether it is a cell in the skeleton of NAS-Bench-201. */
  readonly isCell: boolean;
}

/**
 * In what two networks of one task differ, as far as it decides which scores order them (docs/trust.md#kinds-of-comparison):
 * `width` where all ops are the same ones and sizes of their results differ; `ops` where each resolution has as many trainable layers, or
 * both are cells of NAS-Bench-201; `depth` where they are made of the same ops; else `family`.
 */
export function comparisonOf(a: Outline, b: Outline): ComparisonKind {
  if (a.sequence === b.sequence) return a.shapes === b.shapes ? 'ops' : 'width';
  if (a.isCell && b.isCell) return 'ops';
  const shared = sharedOps(a, b);
  if (shared >= alike && a.depths === b.depths) return 'ops';
  return shared >= sameFamily ? 'depth' : 'family';
}

/** Shares of the different ops of two networks that both have. Of a family they may differ in one that few blocks use. */
const alike = 0.5;
const sameFamily = 0.75;

function sharedOps(a: Outline, b: Outline): number {
  const other = new Set(b.ops);
  const both = a.ops.filter((op) => other.has(op)).length;
  return both / (a.ops.length + b.ops.length - both);
}
