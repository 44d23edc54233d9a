import { createHash } from 'node:crypto';
import { genotypeOf } from '../network/nasbench201.ts';
import type { Network, NetworkNode } from '../network/network.ts';
import type { Outline } from './comparison.ts';

/** What of a network decides how it is compared with another. */
export function outlineOf(network: Network): Outline {
  const { nodes } = network;
  const ops = nodes.map(({ op }) => op);
  return {
    ops: [...new Set(ops)],
    sequence: digest(ops),
    shapes: digest(nodes.map(({ shape }) => shape.join('x'))),
    depths: digest(depthsOf(nodes)),
    isCell: genotypeOf(network) !== undefined,
  };
}

/** `16x16 ×4`, in order. */
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

function digest(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
}
