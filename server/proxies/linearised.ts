import type { Network, NetworkNode } from '../network/network.ts';
import { opRegistry } from '../network/ops/index.ts';

/** Ops whose values lie between two bounds: as factors of a product they are gates. */
const bounded: ReadonlySet<string> = new Set(['sigmoid', 'hardsigmoid', 'tanh', 'softmax']);

/**
 * The network that SynFlow looks at, as far as whole ops decide it (docs/score.md#synflow): activations, layer and group norms
 * and squeeze-and-excitation pass on what they get, a product loses the gates among its factors, and a difference is a sum. Batch
 * norms stay. What nothing reads any more stays too.
 */
export function linearised(network: Network): Network {
  return { ...network, nodes: network.nodes.map((node) => linearisedNode(network.nodes, node)) };
}

function linearisedNode(nodes: readonly NetworkNode[], node: NetworkNode): NetworkNode {
  if (node.op === 'mul') return withoutGates(nodes, node);
  if (node.op === 'sub') return { ...node, op: 'add' };
  const category = opRegistry.get(node.op)?.category;
  const passes = category === 'activation' || (category === 'norm' && node.op !== 'bn') || node.op === 'se';
  return passes ? passing(node, node.inputs[0]!) : node;
}

function passing(node: NetworkNode, input: number): NetworkNode {
  return { ...node, op: 'identity', args: {}, inputs: [input], params: [] };
}

/** A product whose only factor that is no gate has its shape becomes that factor. */
function withoutGates(nodes: readonly NetworkNode[], node: NetworkNode): NetworkNode {
  const signals = node.inputs.filter((input) => !isGate(nodes, nodes[input]!));
  const [signal, ...others] = signals;
  if (signal !== undefined && others.length === 0 && nodes[signal]!.shape.join() === node.shape.join())
    return passing(node, signal);
  return others.length === 0 ? node : { ...node, inputs: signals };
}

/** Whether the values are bounded, also where they were only moved since. */
function isGate(nodes: readonly NetworkNode[], node: NetworkNode): boolean {
  let own = node;
  while (opRegistry.get(own.op)?.category === 'shape' && own.inputs.length === 1)
    own = nodes[own.inputs[0]!]!;
  return bounded.has(own.op);
}
