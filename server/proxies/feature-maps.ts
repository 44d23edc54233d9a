import { own } from '../base/own.ts';
import { pacedEigenvalues } from '../fisher/symmetric-eigenvalues.ts';
import { lower, SAMPLES_INPUT } from '../network/lower.ts';
import type { Network, NetworkNode } from '../network/network.ts';
import { createBuilder, type ProgramBuilder, type Value } from '../tensor/builder.ts';
import type { Program } from '../tensor/ir.ts';
import { copyNode } from '../tensor/transforms/copy.ts';
import { inRows } from './measured.ts';
import { ProxyFailure, type ProxyContext } from './proxy.ts';
import { SharedPass } from './shared-pass.ts';
import { SharedProgram } from './shared-program.ts';

/** Samples of a batch. */
const samples = 64;

/**
 * The feature maps between the blocks of a network: what each of them reads, from the stem's output on, and what the last one
 * gives. A block is where the signal branches and meets again: a cell, a residual, a parallel. Of tokens, the outputs of blocks
 * alone, as AZ-NAS has it for vision transformers: those of every attention and every MLP, and not the embedding.
 *
 * @throws ProxyFailure for a network with less than two
 */
export function featureMaps({ nodes, output }: Network): readonly NetworkNode[] {
  const consumers = consumersOf(nodes, output);
  const maps: NetworkNode[] = [];
  // Output of the block that ended last; undefined once a branch reads it, which is a map already.
  let given: NetworkNode | undefined;
  let isAfterBranch = false;
  // Largest id that reads a node before the current one. Where it is not beyond the current node, all signal passes through that.
  let furthest = 0;
  for (const node of nodes) {
    const own = consumers[node.id]!;
    if (own.length === 0 && node.id !== output) continue;
    if (furthest <= node.id) {
      const isBranching = own.length > 1;
      if (isBranching && isMap(node)) maps.push(node);
      if (isBranching || isAfterBranch) given = isBranching ? undefined : node;
      isAfterBranch = isBranching;
    }
    furthest = Math.max(furthest, ...own);
  }
  if (given !== undefined && isMap(given)) maps.push(given);
  const embedding = maps.findIndex(({ shape }) => shape.length === 2);
  if (embedding >= 0) maps.splice(embedding, 1);
  if (maps.length < 2)
    throw new ProxyFailure(
      'not-applicable',
      'It compares the feature maps between blocks (cells, residuals, parallels), and there are fewer than two.',
    );
  return maps;
}

function isMap({ shape, op }: NetworkNode): boolean {
  return (shape.length === 3 || shape.length === 2) && op !== 'input';
}

/** By node, the nodes that read it and lead to the output. */
function consumersOf(nodes: readonly NetworkNode[], output: number): readonly (readonly number[])[] {
  const consumers = nodes.map((): number[] => []);
  for (const { id, inputs } of nodes.toReversed())
    if (id === output || consumers[id]!.length > 0)
      for (const input of new Set(inputs)) consumers[input]!.push(id);
  return consumers;
}

/** The program of which output `i` holds, row by row, the covariance `[C, C]` of the channels of map i over all positions. */
export function covarianceProgram(network: Network, batch: number): Program {
  const primal = lower(network, { batch, norm: 'batch' });
  const b = createBuilder(batch);
  const copies: Value[] = [];
  for (const node of primal.program.nodes) {
    const operands = node.inputs.map((input) => copies[input]!);
    copies.push(copyNode(b, node, operands));
  }
  const outputs = featureMaps(network).map(({ id }, index): [string, Value] => [
    String(index),
    covariance(b, copies[primal.nodeValues[id]!]!),
  ]);
  return b.finish(Object.fromEntries(outputs));
}

function covariance(b: ProgramBuilder, map: Value): Value {
  const rows = channelsByPosition(b, map);
  const [channels, positions] = rows.shape as readonly [number, number];
  const centred = b.sub(rows, b.reduce('mean', rows, [1]));
  const product = b.affine(b.matmul(centred, centred, { transposeB: true }), 1 / positions);
  return inRows(b, b.reshape(product, [1, channels ** 2]));
}

/** `[B, C, h, w]` → `[C, B·h·w]`, and tokens `[B, n, C]` → `[C, B·n]`. */
export function channelsByPosition(b: ProgramBuilder, map: Value): Value {
  const channel = map.shape.length === 4 ? 1 : 2;
  const others = map.shape.flatMap((_, axis) => (axis === channel ? [] : [axis]));
  const positions = others.reduce((product, axis) => product * map.shape[axis]!, 1);
  return b.reshape(b.transpose(map, [channel, ...others]), [map.shape[channel]!, positions]);
}

/** Of an image `[C, h, w]` or tokens `[n, C]`. */
function channelsOf({ shape }: NetworkNode): number {
  return shape.length === 3 ? shape[0]! : shape[1]!;
}

/**
 * Entropy of the eigenvalues over their sum, −Σ p ln(p + 1e-8), in nats: 0 for a single direction, ln C for C equal ones.
 *
 * @param matrix a covariance `[size, size]`, row-major
 * @throws ProxyFailure `no-signal` for zeros
 */
export async function spectralEntropy(matrix: Float64Array, size: number): Promise<number> {
  const eigenvalues = (await pacedEigenvalues(matrix, size)).map((value) => Math.max(0, value));
  const total = eigenvalues.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) throw new ProxyFailure('no-signal', 'No signal reaches one of the feature maps.');
  return -eigenvalues.reduce((sum, value) => sum + (value / total) * Math.log(value / total + 1e-8), 0);
}

/** The entropy of each map for a draw: one pass, whoever asks. @throws ProxyFailure */
export const mapEntropies = new SharedPass(measureMaps);

const programs = new SharedProgram(({ network }) => covarianceProgram(network, samples));

async function measureMaps(context: ProxyContext, seed: number): Promise<readonly number[]> {
  const { network } = context;
  const source = { kind: 'normal', name: 'samples', std: 1 } as const;
  const outputs = await context.run({
    program: programs.of(context),
    chunks: 1,
    bindings: { [SAMPLES_INPUT]: { shape: [samples, ...network.inputShape], source } },
    seed,
  });
  const entropies: number[] = [];
  for (const [index, map] of featureMaps(network).entries()) {
    const channels = channelsOf(map);
    const row = own(outputs, String(index))!.data.subarray(0, channels ** 2);
    entropies.push(await spectralEntropy(Float64Array.from(row), channels));
  }
  return entropies;
}
