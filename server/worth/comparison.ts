import { genotypeOf } from '../network/nasbench201.ts';
import type { Network, NetworkNode } from '../network/network.ts';
import type { ComparisonKind } from './worth.ts';

/** What of a network says in what another one differs from it. A plain value. */
export interface Outline {
  /** The ops of all nodes, in order. */
  readonly ops: readonly string[];
  /** By node, the shape of its output. */
  readonly shapes: readonly string[];
  /** Height and width at which trainable layers work, with how many do, in order: `16x16 ×4`. */
  readonly depths: readonly string[];
  /** Whether it is a cell in the skeleton of NAS-Bench-201. */
  readonly isCell: boolean;
}

export function outlineOf(network: Network): Outline {
  const { nodes } = network;
  return {
    ops: nodes.map(({ op }) => op),
    shapes: nodes.map(({ shape }) => shape.join('x')),
    depths: depthsOf(nodes),
    isCell: genotypeOf(network) !== undefined,
  };
}

/**
 * In what two networks of one task differ, as far as it decides which scores order them (docs/trust.md#kinds-of-comparison):
 * `width` where all ops are the same ones and sizes of their results differ; `ops` where each resolution has as many trainable layers, or
 * both are cells of NAS-Bench-201; `depth` where they are made of the same ops; else `family`.
 */
export function comparisonOf(a: Outline, b: Outline): ComparisonKind {
  if (isEqual(a.ops, b.ops)) return isEqual(a.shapes, b.shapes) ? 'ops' : 'width';
  if (a.isCell && b.isCell) return 'ops';
  const shared = sharedOps(a, b);
  if (shared >= alike && isEqual(a.depths, b.depths)) return 'ops';
  return shared >= sameFamily ? 'depth' : 'family';
}

/** Shares of the different ops of two networks that both have. Of a family they may differ in one that few blocks use. */
const alike = 0.5;
const sameFamily = 0.75;

function sharedOps(a: Outline, b: Outline): number {
  const [of, other] = [new Set(a.ops), new Set(b.ops)];
  const both = [...of].filter((op) => other.has(op)).length;
  return both / (of.size + other.size - both);
}

function depthsOf(nodes: readonly NetworkNode[]): readonly string[] {
  const runs: { readonly at: string; layers: number }[] = [];
  for (const { layers, shape } of nodes) {
    if (layers === 0) continue;
    const at = shape.length === 3 ? `${shape[1]}x${shape[2]}` : 'vector';
    const last = runs.at(-1);
    if (last?.at === at) last.layers += layers;
    else runs.push({ at, layers });
  }
  return runs.map(({ at, layers }) => `${at} ×${layers}`);
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
