import type { NetworkNode } from './network.ts';

/** How the layers of a network mix places, by the op that most of them use: docs/ranking.md#families. */
type Mixing = 'attention' | 'depthwise' | 'grouped' | 'conv' | 'pointwise';

/**
 * The family of a network by its construction: how its paths are joined, and how most of its layers mix places, `residual conv`,
 * `concat conv`, `plain depthwise`, `residual attention` (docs/ranking.md#families).
 */
export function familyOf({ nodes }: { readonly nodes: readonly NetworkNode[] }): string {
  return `${wiringOf(nodes)} ${mixingOf(nodes)}`;
}

/** By what joins more paths; sums where both join as many. */
function wiringOf(nodes: readonly NetworkNode[]): 'residual' | 'concat' | 'plain' {
  const joins = (name: string): number =>
    nodes.filter(({ op, inputs }) => op === name && inputs.length > 1).length;
  const [sums, concats] = [joins('add'), joins('concat')];
  if (sums === 0 && concats === 0) return 'plain';
  return concats > sums ? 'concat' : 'residual';
}

const convolutions: ReadonlySet<string> = new Set(['conv', 'conv_transpose', 'nor_conv_3x3']);

/** Of as many the first in this order. */
const order: readonly Mixing[] = ['attention', 'depthwise', 'grouped', 'conv'];

function mixingOf(nodes: readonly NetworkNode[]): Mixing {
  const counts = new Map<Mixing, number>();
  for (const node of nodes) {
    const mixing = mixingOfNode(node);
    if (mixing !== undefined) counts.set(mixing, (counts.get(mixing) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  return most === 0 ? 'pointwise' : order.find((mixing) => counts.get(mixing) === most)!;
}

/** Undefined for ops that see one place at a time, or have no weights. */
function mixingOfNode({ op, args, params }: NetworkNode): Mixing | undefined {
  if (op === 'attention' || op === 'attend') return 'attention';
  if (op === 'dwconv') return 'depthwise';
  const [weight] = params;
  // [out, in / groups, kh, kw]
  const [out = 0, perGroup = 0, height = 1, width = 1] = weight?.shape ?? [];
  if (!convolutions.has(op) || height * width === 1) return undefined;
  // What makes patches of an image sees each place once.
  const [strideY = 1, strideX = 1] = Array.isArray(args['stride'])
    ? (args['stride'] as readonly number[])
    : [];
  if (strideY >= height && strideX >= width) return undefined;
  const groups = typeof args['groups'] === 'number' ? args['groups'] : 1;
  if (groups === 1) return 'conv';
  return perGroup === 1 && out >= groups ? 'depthwise' : 'grouped';
}
