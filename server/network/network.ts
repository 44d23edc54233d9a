import type { Span } from '../../grammar/syntax.ts';
import type { ArgValue, ParamInit } from './op.ts';
import type { Shape } from './shape.ts';

/** A place in a file. */
export interface Location {
  readonly uri: string;
  readonly span: Span;
}

/** Where a node comes from: the op in the source, and the calls and loop iterations that led there, outermost first. */
export interface Origin extends Location {
  readonly calls: readonly CallSite[];
}

/** A call of a block or cell, or an iteration of a loop, on the way to a node. */
export interface CallSite extends Location {
  /** For people: `BasicBlock(32, stride = 2)`, `repeat #2`, `for c = 32, s = 2`. */
  readonly label: string;
  readonly kind: 'call' | 'iteration';
}

/** A trainable tensor of the network. */
export interface NetworkParam {
  /** `<node path>/<param name>`, unique; its values are drawn by it and the seed. */
  readonly name: string;
  readonly shape: Shape;
  readonly init: ParamInit;
}

/** An op applied to the outputs of earlier nodes, at one of its call sites; node 0 is the input. */
export interface NetworkNode {
  /** Index in `Network.nodes`; inputs always have smaller ids. */
  readonly id: number;
  /** Name of an `OpDefinition`, or `input` for node 0. */
  readonly op: string;
  /** All arguments, defaults filled in. */
  readonly args: Readonly<Record<string, ArgValue>>;
  readonly inputs: readonly number[];
  readonly shape: Shape;
  /**
   * Structural address, for instance `for.0:2/repeat.0:1/block.0/residual.0/body/conv.1`: kind and ordinal among the
   * statements of the same kind in its body, and the iteration. Independent of names, comments and formatting.
   */
  readonly path: string;
  readonly params: readonly NetworkParam[];
  readonly macs: number;
  readonly layers: number;
  readonly origin: Origin;
}

/** A checked network: well-shaped, acyclic, one input and one output that is a vector of logits. */
export interface Network {
  readonly name: string;
  readonly inputShape: Shape;
  readonly classes: number;
  readonly nodes: readonly NetworkNode[];
  /** Id of the node that gives the logits, of shape `[classes]`. */
  readonly output: number;
}

/** Size and cost of a whole network. */
export interface NetworkTotals {
  readonly params: number;
  readonly macs: number;
  /** ℵ: convs and linears. */
  readonly layers: number;
}
