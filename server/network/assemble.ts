import { formatCount } from '../base/quantities.ts';
import type { Network, NetworkNode, NetworkParam, Origin } from './network.ts';
import { ShapeError, type ArgValue, type OpContext, type OpDefinition } from './op.ts';
import { describeShape } from './parts/inputs.ts';
import { elementCount, formatShape, sameShape, type Shape } from './shape.ts';

/** Name of node 0, which is no op. */
export const INPUT_OP = 'input';

/** Where an op is put: its structural address (unique) and its place in the source. */
export interface Placement {
  readonly path: string;
  readonly origin: Origin;
}

/**
 * Builds a network node by node. Shapes, parameters, MACs and layers come from the op definitions;
 * what cannot be built throws `ShapeError`, and the assembler stays usable without that node.
 */
export class NetworkAssembler {
  readonly input: NetworkNode;
  readonly #nodes: NetworkNode[];

  constructor(inputShape: Shape, origin: Origin) {
    this.input = {
      id: 0,
      op: INPUT_OP,
      args: {},
      inputs: [],
      shape: inputShape,
      path: INPUT_OP,
      params: [],
      macs: 0,
      layers: 0,
      origin,
    };
    this.#nodes = [this.input];
  }

  get nodes(): readonly NetworkNode[] {
    return this.#nodes;
  }

  /**
   * Applies `op` with complete arguments (see `bindArguments`) to the current tensor and named ones.
   * Throws `ShapeError`; `TypeError` for a number of inputs the op does not take.
   */
  apply(
    op: OpDefinition,
    args: Readonly<Record<string, ArgValue>>,
    inputs: readonly NetworkNode[],
    placement: Placement,
  ): NetworkNode {
    const { min, max } = op.extraInputs ?? { min: 0, max: 0 };
    if (inputs.length < 1 + min || inputs.length > 1 + max) {
      throw new TypeError(`${op.name} cannot take ${inputs.length} tensors`);
    }
    const context: OpContext = { inputs: inputs.map((node) => node.shape), args };
    const node: NetworkNode = {
      id: this.#nodes.length,
      op: op.name,
      args,
      inputs: inputs.map((input) => input.id),
      shape: shapeOf(op, context),
      path: placement.path,
      params: networkParams(op, context, placement.path),
      macs: op.macs?.(context) ?? 0,
      layers: op.layers?.(context) ?? 0,
      origin: placement.origin,
    };
    const weights = node.params.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    if (!Number.isSafeInteger(weights)) throw tooMany(op, 'parameters', weights);
    if (!Number.isSafeInteger(node.macs)) throw tooMany(op, 'multiply-accumulates', node.macs);
    this.#nodes.push(node);
    return node;
  }

  /** The network that ends in `output`. Throws `ShapeError` unless that is a vector of `classes` logits. */
  finish(name: string, classes: number, output: NetworkNode): Network {
    checkLogits(output.shape, classes);
    return { name, inputShape: this.input.shape, classes, nodes: [...this.#nodes], output: output.id };
  }
}

/** The shape an op gives. Throws `ShapeError`, also for more values than can be counted exactly. */
export function shapeOf(op: OpDefinition, context: OpContext): Shape {
  const shape = op.shape(context);
  const values = elementCount(shape);
  if (!Number.isSafeInteger(values)) throw tooMany(op, 'values', values);
  return shape;
}

function tooMany(op: OpDefinition, what: string, count: number): ShapeError {
  return new ShapeError(
    `\`${op.name}\` has ${formatCount(count)} ${what} here, too many to be counted exactly`,
    'Use fewer channels or a smaller image.',
    { code: 'number-range' },
  );
}

/** Throws `ShapeError` unless `shape` is that of the logits of `classes` classes. */
export function checkLogits(shape: Shape, classes: number): void {
  if (sameShape(shape, [classes])) return;
  const remedies: Readonly<Record<number, string>> = {
    1: 'End with `dense(classes)`.',
    2: 'End with `mean_tokens -> dense(classes)` (or `take_token` after a `cls_token`).',
    3: 'End with `gap -> dense(classes)`.',
  };
  throw new ShapeError(
    `the network must end in a vector of ${formatShape([classes])} logits, one per class, but ends in ${describeShape(shape)}`,
    remedies[shape.length] ?? 'End with a vector of logits.',
  );
}

function networkParams(op: OpDefinition, context: OpContext, path: string): readonly NetworkParam[] {
  return (op.params?.(context) ?? []).map(({ name, shape, init }) => ({
    name: `${path}/${name}`,
    shape,
    init,
  }));
}
