import type { Network } from '../network/network.ts';
import { SAMPLES_INPUT } from '../network/lower.ts';
import type { Program } from '../tensor/ir.ts';
import { pullBack } from '../tensor/transforms/pull-back.ts';
import { simplify } from '../tensor/transforms/simplify/simplify.ts';
import { count } from '../tensor/shapes.ts';
import { measured, samplesBinding } from './measured.ts';
import { ProxyFailure } from './proxy.ts';
import { SharedPass } from './shared-pass.ts';
import { SharedProgram } from './shared-program.ts';

/** Samples of a batch. */
export const inputGradientSamples = 64;

const programs = new SharedProgram(({ network }) => inputGradientProgram(network, inputGradientSamples));

/** ∂ Σ logits / ∂x of a batch, norms in batch mode: `inputGradientSamples` rows as long as an input. @throws ProxyFailure */
export const inputGradients = new SharedPass(async (context, seed): Promise<readonly Float32Array[]> => {
  const { network } = context;
  const { gradient } = await context.run({
    program: programs.of(context),
    chunks: 1,
    bindings: samplesBinding(network, inputGradientSamples),
    seed,
  });
  const size = count(network.inputShape);
  return Array.from({ length: inputGradientSamples }, (_, row) =>
    gradient!.data.subarray(row * size, (row + 1) * size),
  );
});

/** The program of which `gradient` `[B, inputs]` is the derivative of the sum of all logits of the batch. */
export function inputGradientProgram(network: Network, batch: number): Program {
  const { b, primal, nodes, logits } = measured(network, 'batch', batch);
  const input = [...nodes.values()].find(({ op }) => op.op === 'input' && op.name === SAMPLES_INPUT);
  const ones = b.broadcast(b.scalar(1, 2), logits.shape);
  const gradient =
    input === undefined ? undefined : pullBack(b, nodes, primal.logits, ones, [input.id]).get(input.id);
  if (gradient === undefined)
    throw new ProxyFailure('no-signal', 'No path leads from the input to the logits.');
  return simplify(b.finish({ gradient: b.reshape(gradient, [batch, count(network.inputShape)]) }));
}

/**
 * The correlation matrix of rows, row-major, in float64.
 *
 * @throws ProxyFailure for a row that is constant or not finite
 */
export function correlations(rows: readonly Float32Array[]): Float64Array {
  const standardised = rows.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const centred = Float64Array.from(row, (value) => value - mean);
    const norm = Math.sqrt(centred.reduce((sum, value) => sum + value ** 2, 0));
    if (!Number.isFinite(norm))
      throw new ProxyFailure('overflow', 'The gradients leave the range of 32-bit floats.');
    if (norm === 0) throw new ProxyFailure('no-signal', 'A sample has the same gradient everywhere.');
    return centred.map((value) => value / norm);
  });
  const size = rows.length;
  const matrix = new Float64Array(size ** 2);
  for (const [i, one] of standardised.entries())
    for (let j = 0; j <= i; j += 1) {
      const other = standardised[j]!;
      let product = 0;
      for (let at = 0; at < one.length; at += 1) product += one[at]! * other[at]!;
      matrix[i * size + j] = matrix[j * size + i] = product;
    }
  return matrix;
}
