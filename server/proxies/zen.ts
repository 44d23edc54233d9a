import type { Network, NetworkParam } from '../network/network.ts';
import { createBuilder, type Value } from '../tensor/builder.ts';
import { lower, SAMPLES_INPUT } from '../network/lower.ts';
import { paramSource } from '../network/op.ts';
import type { NodeId, Program, Source } from '../tensor/ir.ts';
import { copyPrimal } from '../tensor/transforms/copy.ts';
import { simplify } from '../tensor/transforms/simplify/simplify.ts';
import { samplesBinding } from './measured.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';

/** Samples of a batch. */
const samples = 64;
/** How much of a second sample is added. */
const mixture = 0.01;
const NOISE_INPUT = 'noise';

/**
 * ln E‖f(x) − f(x + 0.01·x′)‖ + Σ over batch norms of ln √(mean over channels of σ²), f the last feature map, x and x′ noise, σ² the
 * variance of what a norm gets, with its ε (Lin et al., Zen-NAS, ICCV 2021): the expressivity of the network with
 * what norms take away put back. Weights of layers are N(0, 1) as there: a norm then divides by what grows with the fan-in of
 * the layer before it. Shortcuts stay, which the paper's removes.
 */
export const zen: Proxy = {
  name: 'zen',
  title: 'Zen',
  source: 'Lin et al., ICCV 2021',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: `2 forward passes of ${samples} samples`,
  measure: (context) => {
    const { network } = context;
    const program = zenProgram(network, samples);
    const noise = {
      shape: [samples, ...network.inputShape],
      source: { kind: 'normal', name: NOISE_INPUT, std: 1 },
    } as const;
    return overSeeds(context, async (seed) => {
      const bindings = { ...samplesBinding(network, samples), [NOISE_INPUT]: noise };
      const { squares, variances } = await context.run({ program, chunks: 1, bindings, seed });
      const norms = variances?.data.subarray(0, variances.shape[1]) ?? new Float32Array();
      const distance = squares!.data.reduce((sum, square) => sum + Math.sqrt(square), 0) / samples;
      const value = norms.reduce((sum, variance) => sum + Math.log(variance) / 2, Math.log(distance));
      if (Number.isFinite(value)) return value;
      if (value !== -Infinity)
        throw new ProxyFailure('overflow', 'The feature maps leave the range of 32-bit floats.');
      throw new ProxyFailure('no-signal', 'A change of the input does not reach the last feature map.');
    });
  },
};

function standardNormal({ name, init }: NetworkParam): Source {
  const source = paramSource(name, init);
  return init.kind === 'kaiming' && source.kind === 'normal' ? { ...source, std: 1 } : source;
}

/**
 * The program of which `squares` `[B, 1]` is ‖f(x) − f(x + 0.01·x′)‖² and `variances` `[B, norms]`, absent without norms, has in
 * each row the mean variance that each norm divides by, in the order of the program.
 *
 * @throws ProxyFailure for a network without images
 */
export function zenProgram(network: Network, batch: number): Program {
  const primal = lower(network, { batch, norm: 'batch', params: standardNormal });
  const last = network.nodes.findLast(({ shape }) => shape.length === 3 && shape[1]! * shape[2]! > 1);
  if (last === undefined) throw new ProxyFailure('not-applicable', 'Zen is defined for networks of images.');
  const feature = primal.nodeValues[last.id]!;
  const b = createBuilder(batch);
  const nodes = copyPrimal(b, { ...primal, logits: feature });
  const moved = new Map<NodeId, Value>();
  for (const [id, { op, inputs, result }] of nodes) {
    if (op.op === 'input') {
      const noise = b.affine(b.input(NOISE_INPUT, result.shape), mixture);
      moved.set(id, op.name === SAMPLES_INPUT ? b.add(result, noise) : result);
    } else if (op.op === 'constant') moved.set(id, result);
    else
      moved.set(
        id,
        b.apply(
          op,
          inputs.map((input) => moved.get(input)!),
        ),
      );
  }
  const difference = b.sub(nodes.get(feature)!.result, moved.get(feature)!);
  const squares = b.reshape(b.reduce('sum', b.unary('square', difference), [1, 2, 3]), [batch, 1]);
  const variances = [...nodes.values()].flatMap(({ op, operands }) => {
    // The root of a variance over the samples is that of a norm in batch mode.
    const isRoot = op.op === 'unary' && op.fn === 'sqrt' && operands[0]!.shape[0] === 1;
    return isRoot && batch > 1 && operands[0]!.shape.length === 4
      ? [b.reshape(b.reduce('mean', operands[0]!, [1]), [1, 1])]
      : [];
  });
  if (variances.length === 0) return simplify(b.finish({ squares }));
  const all = b.broadcast(b.concat(variances, 1), [batch, variances.length]);
  return simplify(b.finish({ squares, variances: all }));
}
