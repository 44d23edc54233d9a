import { lower } from '../network/lower.ts';
import { genotypeOf, nasBench201 } from '../network/nasbench201.ts';
import type { Network } from '../network/network.ts';
import { createBuilder, type Value } from '../tensor/builder.ts';
import type { Program } from '../tensor/ir.ts';
import { count } from '../tensor/shapes.ts';
import { copyNode } from '../tensor/transforms/copy.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';

/** Samples of a batch, and batches. */
const samples = 1000;
const batches = 3;
/** A name of its own, so that `withSamples` puts no images in its place: they would not fit. */
const NOISE_INPUT = 'noise';

/**
 * The number of linear regions: how many different sets of ReLUs 3,000 random inputs switch on (Xiong et al., On the Number of
 * Linear Regions of Convolutional Neural Networks, ICML 2020; as a score of networks Chen et al., Neural Architecture
 * Search on ImageNet in Four GPU Hours (TE-NAS), ICLR 2021). Counted, as in the released code of TE-NAS, in a single
 * cell of one channel that reads inputs of 3×3 without a stem: in a whole network each input has a region to itself.
 */
export const linearRegions: Proxy = {
  name: 'linear_regions',
  title: 'linear regions (TE-NAS)',
  source: 'Chen et al., ICLR 2021',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: `${batches} forward passes of ${samples} samples of one cell of one channel`,
  measure: (context) => {
    const cell = singleCell(context.network);
    const program = patternProgram(cell, samples);
    const noise = {
      shape: [batches * samples, ...cell.inputShape],
      source: { kind: 'normal', name: NOISE_INPUT, std: 1 },
    } as const;
    return overSeeds(context, async (seed) => {
      const { pattern } = await context.run({
        program,
        chunks: batches,
        bindings: { [NOISE_INPUT]: noise },
        seed,
      });
      return distinctRows(pattern!.data, pattern!.shape[1]!);
    });
  },
};

/** @throws ProxyFailure for a network that is not of NAS-Bench-201 */
function singleCell(network: Network): Network {
  const genotype = genotypeOf(network);
  if (genotype === undefined)
    throw new ProxyFailure('not-applicable', 'It is defined for cells of NAS-Bench-201.');
  return nasBench201(genotype, { channels: 1, cells: 1, stages: 1, stem: false, input: [1, 3, 3] });
}

/** The program of which `pattern` `[B, ReLUs]` is 1 where a sample switches a ReLU on, and 0 elsewhere. Norms in batch mode. */
export function patternProgram(network: Network, batch: number): Program {
  const { program: primal } = lower(network, { batch, norm: 'batch' });
  const b = createBuilder(batch);
  const copies: Value[] = [];
  const patterns: Value[] = [];
  for (const node of primal.nodes) {
    const { op, inputs, shape } = node;
    const operands = inputs.map((input) => copies[input]!);
    if (op.op === 'unary' && op.fn === 'relu')
      patterns.push(b.reshape(b.unary('step', operands[0]!), [batch, count(shape) / batch]));
    copies.push(op.op === 'input' ? b.input(NOISE_INPUT, shape) : copyNode(b, node, operands));
  }
  return b.finish({ pattern: b.concat(patterns, 1) });
}

/** How many different rows a row-major matrix of zeros and ones has. */
export function distinctRows(values: ArrayLike<number>, width: number): number {
  const rows = new Set<string>();
  for (let start = 0; start < values.length; start += width) {
    let row = '';
    for (let at = start; at < start + width; at += 1) row += values[at]! > 0 ? '1' : '0';
    rows.add(row);
  }
  return rows.size;
}
