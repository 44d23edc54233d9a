import { createBuilder, type ProgramBuilder, type Value } from '../tensor/builder.ts';
import type { ParamRef, PrimalProgram, Program, Source } from '../tensor/ir.ts';
import { simplify } from '../tensor/transforms/simplify/simplify.ts';
import { INPUT_OP } from './assemble.ts';
import type { Network, NetworkNode, NetworkParam } from './network.ts';
import { paramSource, type Normalise, type NormMode } from './op.ts';
import { opRegistry } from './ops/index.ts';
import { normaliser, observedNormaliser } from './parts/normalisation.ts';
import { sameShape } from './shape.ts';

/** Name of the program input that holds the samples, `[batch, …inputShape]`. */
export const SAMPLES_INPUT = 'x';

/** Name of the program output that holds the logits, `[batch, classes]`. */
export const LOGITS_OUTPUT = 'logits';

/** Name of the program output of `lowerStatistics`. */
export const STATISTICS_OUTPUT = 'statistics';

interface Lowering {
  /** Samples per chunk. */
  readonly batch: number;
  /** Where the values of a parameter come from; default: drawn by its name as its `init` says. */
  readonly params?: (param: NetworkParam) => Source;
}

export interface LowerOptions extends Lowering {
  /** Default `eval`. */
  readonly norm?: NormMode;
}

export interface StatisticsOptions extends Lowering {
  /** In place of the ε of the norms, where it is given. */
  readonly eps?: number;
}

/** The program that measures what batch norms get. */
export interface StatisticsProgram {
  /** Gives `statistics`: of each norm the means of its channels, then their biased variances, one after the other, and zeros up to a multiple of the batch. */
  readonly program: Program;
  /** In the order of the program. */
  readonly norms: readonly MeasuredNorm[];
}

export interface MeasuredNorm {
  readonly channels: number;
  /** Numbers a channel has in all samples together: what its mean is taken over. */
  readonly count: number;
}

function drawn(param: NetworkParam): Source {
  return paramSource(param.name, param.init);
}

/**
 * Writes a network as a tensor program. Every parameter is a constant of its own, in declaration order, whether or
 * not it reaches the logits. Throws `TypeError` for a network that does not come from the ops of the registry.
 */
export function lower(network: Network, options: LowerOptions): PrimalProgram {
  const builder = createBuilder(options.batch);
  const { values, params } = build(network, builder, normaliser(builder, options.norm ?? 'eval'), options);
  const logits = values[network.output]!;
  return {
    program: builder.finish({ [LOGITS_OUTPUT]: logits }),
    params,
    logits: logits.node,
    nodeValues: values.map((value) => value.node),
  };
}

/**
 * The program that gives mean and variance of what every batch norm gets while each normalises with those of the samples
 * (docs/score.md#norms). It mixes samples, so that it runs as one chunk. Throws as `lower` does.
 *
 * @returns undefined for a network without batch norms
 */
export function lowerStatistics(network: Network, options: StatisticsOptions): StatisticsProgram | undefined {
  const { batch, eps } = options;
  const builder = createBuilder(batch);
  const norms: MeasuredNorm[] = [];
  const measured: Value[] = [];
  const normalise = observedNormaliser(builder, eps, ({ mean, variance }, x, axis) => {
    const channels = x.shape[axis]!;
    norms.push({ channels, count: x.shape.reduce((product, extent) => product * extent, 1) / channels });
    measured.push(builder.reshape(mean, [channels]), builder.reshape(variance, [channels]));
  });
  build(network, builder, normalise, options);
  if (norms.length === 0) return undefined;
  const all = builder.concat(measured, 0);
  const columns = Math.ceil(all.shape[0]! / batch);
  const filled = builder.pad(all, [0], [columns * batch - all.shape[0]!]);
  const statistics = builder.reshape(filled, [batch, columns]);
  return { program: simplify(builder.finish({ [STATISTICS_OUTPUT]: statistics })), norms };
}

/** Writes the nodes of a network into a builder: the value of each, and the parameters in declaration order. */
function build(
  network: Network,
  builder: ProgramBuilder,
  normalise: Normalise,
  { params: sourceOf = drawn }: Lowering,
): { readonly values: readonly Value[]; readonly params: readonly ParamRef[] } {
  const { batch } = builder;
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
      normalise,
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
  return { values, params };
}
