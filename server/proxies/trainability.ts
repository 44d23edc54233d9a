import type { Binding } from '../engine/engine.ts';
import type { Network } from '../network/network.ts';
import type { ProgramBuilder, Value } from '../tensor/builder.ts';
import type { Program } from '../tensor/ir.ts';
import { pullBack } from '../tensor/transforms/pull-back.ts';
import { simplify } from '../tensor/transforms/simplify/simplify.ts';
import { channelsByPosition, featureMaps } from './feature-maps.ts';
import { inRows, measured, samplesBinding } from './measured.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';
import { largestSingularValue } from './singular-value.ts';

/** Samples of a batch. */
const samples = 64;

/**
 * Trainability of AZ-NAS (Lee and Ham, AZ-NAS, CVPR 2024; docs/score.md#vkdnw_agg): over each pair of consecutive feature maps
 * (stem, cells), a random ±1 gradient g_out at the later one becomes g_in at the earlier; s is the largest singular value
 * of g_inᵀ g_out / (samples · positions), both `[samples · positions, channels]`, g_in space-to-depth where the resolution
 * drops. The mean of 2 − s − 1/(s + 1e-6): highest, 0, where gradients neither grow nor vanish.
 */
export const trainability: Proxy = {
  name: 'trainability',
  title: 'trainability',
  source: 'Lee and Ham, CVPR 2024',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: '1 forward and 1 backward pass of 64 samples',
  measure: (context) => {
    const { network } = context;
    const { program, pairs } = trainabilityProgram(network, samples);
    const signs = Object.fromEntries(
      pairs.map(({ input, shape }): [string, Binding] => [
        input,
        { shape, source: { kind: 'signs', name: input, scale: 1 } },
      ]),
    );
    return overSeeds(context, async (seed) => {
      const bindings = { ...samplesBinding(network, samples), ...signs };
      const { transfers, changes } = await context.run({ program, chunks: 1, bindings, seed });
      // AZ-NAS gives no value to a cell that is the identity.
      if (changes!.data.subarray(0, pairs.length).includes(0))
        throw new ProxyFailure('identity', 'A cell passes its input on as it is, nothing to train in it.');
      let start = 0;
      let sum = 0;
      for (const { rows, columns } of pairs) {
        const own = transfers!.data.subarray(start, (start += rows * columns));
        const s = await largestSingularValue(own, rows, columns);
        sum += 2 - s - 1 / (s + 1e-6);
      }
      return sum / pairs.length;
    });
  },
};

interface MapPair {
  /** Name of the input that holds the random gradient, and its shape. */
  readonly input: string;
  readonly shape: readonly number[];
  /** Of g_inᵀ g_out: channels of g_in after space-to-depth, channels of g_out. */
  readonly rows: number;
  readonly columns: number;
}

/**
 * The program of which `transfers` holds, row by row, g_inᵀ g_out / (samples · positions) of each pair, one behind the other, and
 * `changes` for each pair 0 where g_in is g_out.
 */
export function trainabilityProgram(
  network: Network,
  batch: number,
): { readonly program: Program; readonly pairs: readonly MapPair[] } {
  const { b, primal, nodes } = measured(network, 'batch', batch);
  const maps = featureMaps(network).map(({ id }) => primal.nodeValues[id]!);
  const pairs: MapPair[] = [];
  const transfers: Value[] = [];
  const changes: Value[] = [];
  for (const [index, map] of maps.slice(1).entries()) {
    const before = maps[index]!;
    const shape = nodes.get(map)?.result.shape;
    const input = `signs.${index}`;
    const cotangent = shape === undefined ? undefined : b.input(input, shape);
    const received =
      cotangent === undefined ? undefined : pullBack(b, nodes, map, cotangent, [before]).get(before);
    if (received === undefined || cotangent === undefined)
      throw new ProxyFailure('no-signal', 'No signal passes from one feature map to the next.');
    const isKept = received.shape.join() === cotangent.shape.join();
    const all = cotangent.shape.map((_, axis) => axis);
    const change = isKept
      ? b.reduce('sum', b.unary('abs', b.sub(received, cotangent)), all)
      : b.scalar(1, all.length);
    changes.push(b.reshape(change, [1, 1]));
    const [gradient, given] = [onPositionsOf(b, received, cotangent), cotangent].map((own) =>
      channelsByPosition(b, own),
    );
    const [rows, columns] = [gradient!.shape[0]!, given!.shape[0]!];
    const product = b.matmul(gradient!, given!, { transposeB: true });
    pairs.push({ input, shape: cotangent.shape, rows, columns });
    transfers.push(b.reshape(b.affine(product, 1 / given!.shape[1]!), [1, rows * columns]));
  }
  const program = b.finish({
    transfers: inRows(b, b.concat(transfers, 1)),
    changes: inRows(b, b.concat(changes, 1)),
  });
  return { program: simplify(program), pairs };
}

/** The gradient at the earlier map, with as many positions as the later one. @throws ProxyFailure where they do not divide */
function onPositionsOf(b: ProgramBuilder, received: Value, later: Value): Value {
  if (received.shape.length === 4 && later.shape.length === 4)
    return spaceToDepth(b, received, [later.shape[2]!, later.shape[3]!]);
  if (received.shape.length === later.shape.length && received.shape[1] === later.shape[1]) return received;
  throw new ProxyFailure('not-applicable', 'The number of tokens changes from one feature map to the next.');
}

/** `[B, C, s·h, s·w]` → `[B, C·s·s, h, w]`. */
function spaceToDepth(b: ProgramBuilder, x: Value, [height, width]: readonly [number, number]): Value {
  const [batch, channels, rows, columns] = x.shape as readonly [number, number, number, number];
  const [down, right] = [rows / height, columns / width];
  if (!Number.isInteger(down) || !Number.isInteger(right))
    throw new ProxyFailure(
      'not-applicable',
      `A feature map of ${columns}×${rows} becomes one of ${width}×${height}, which does not divide it.`,
    );
  const split = b.reshape(x, [batch * channels, height, down, width * right]);
  const byRow = b.transpose(split, [0, 2, 1, 3]);
  const columnsApart = b.reshape(byRow, [batch * channels * down, height, width, right]);
  return b.reshape(b.transpose(columnsApart, [0, 3, 1, 2]), [batch, channels * down * right, height, width]);
}
