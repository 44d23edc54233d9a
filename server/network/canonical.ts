import type { Network } from './network.ts';
import type { ArgValue } from './op.ts';
import type { Shape } from './shape.ts';

/** A network reduced to its mathematics: a JSON value to hash (docs/architecture.md#invariants, 4). */
export interface CanonicalNetwork {
  readonly input: Shape;
  readonly classes: number;
  /** In declaration order, which decides the chosen weights (docs/score.md#chosen-weights); inputs are indices into this list. */
  readonly nodes: readonly CanonicalNode[];
  readonly output: number;
}

export interface CanonicalNode {
  readonly op: string;
  /** Sorted by name. */
  readonly args: readonly (readonly [string, ArgValue])[];
  readonly inputs: readonly number[];
  /** Names of the parameters: their values are drawn by them. */
  readonly params: readonly string[];
}

/**
 * Equal for networks that differ in names, comments, formatting or place only; different when an op, an argument,
 * the wiring, the order or the address of a parameter differs.
 */
export function canonicalNetwork(network: Network): CanonicalNetwork {
  return {
    input: network.inputShape,
    classes: network.classes,
    nodes: network.nodes.map((node) => ({
      op: node.op,
      args: Object.entries(node.args).sort(([a], [b]) => (a < b ? -1 : 1)),
      inputs: node.inputs,
      params: node.params.map((param) => param.name),
    })),
    output: network.output,
  };
}
