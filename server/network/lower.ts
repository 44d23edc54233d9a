import { createBuilder, type Value } from '../tensor/builder.ts';
import type { ParamRef, PrimalProgram, Source } from '../tensor/ir.ts';
import { INPUT_OP } from './assemble.ts';
import type { Network, NetworkNode, NetworkParam } from './network.ts';
import { paramSource, type NormMode } from './op.ts';
import { opRegistry } from './ops/index.ts';
import { sameShape } from './shape.ts';

/** Name of the program input that holds the samples, `[batch, …inputShape]`. */
export const SAMPLES_INPUT = 'x';

/** Name of the program output that holds the logits, `[batch, classes]`. */
export const LOGITS_OUTPUT = 'logits';

export interface LowerOptions {
  /** Samples per chunk. */
  readonly batch: number;
  /** Where the values of a parameter come from; default: drawn by its name as its `init` says. */
  readonly params?: (param: NetworkParam) => Source;
  /** Default `eval`. */
  readonly norm?: NormMode;
}

function drawn(param: NetworkParam): Source {
  return paramSource(param.name, param.init);
}

/**
 * Writes a network as a tensor program. Every parameter is a constant of its own, in declaration order, whether or
 * not it reaches the logits. Throws `TypeError` for a network that does not come from the ops of the registry.
 */
export function lower(network: Network, options: LowerOptions): PrimalProgram {
  const { batch, params: sourceOf = drawn, norm = 'eval' } = options;
  const builder = createBuilder(batch);
  const params: ParamRef[] = [];
  const values: Value[] = [];

  const declare = (node: NetworkNode): ReadonlyMap<string, Value> =>
    new Map(
      node.params.map((param) => {
        const value = builder.constant(sourceOf(param), param.shape);
        params.push({ name: param.name, node: value.node, shape: param.shape });
        return [param.name, value];
      }),
    );

  const lowerNode = (node: NetworkNode): Value => {
    if (node.op === INPUT_OP) return builder.input(SAMPLES_INPUT, [batch, ...node.shape]);
    const op = opRegistry.get(node.op);
    if (op === undefined) throw new TypeError(`no op ${node.op}`);
    const declared = declare(node);
    return op.lower({
      builder,
      norm,
      args: node.args,
      inputs: node.inputs.map((id) => network.nodes[id]!.shape),
      values: node.inputs.map((id) => values[id]!),
      param: (name) => {
        const value = declared.get(`${node.path}/${name}`);
        if (value === undefined) throw new TypeError(`${node.op} declares no parameter ${name}`);
        return value;
      },
    });
  };

  for (const node of network.nodes) {
    const value = lowerNode(node);
    if (!sameShape(value.shape, [batch, ...node.shape])) {
      throw new TypeError(
        `${node.op} is lowered to [${value.shape.join()}], not [${[batch, ...node.shape].join()}]`,
      );
    }
    values.push(value);
  }

  const logits = values[network.output]!;
  return {
    program: builder.finish({ [LOGITS_OUTPUT]: logits }),
    params,
    logits: logits.node,
    nodeValues: values.map((value) => value.node),
  };
}
