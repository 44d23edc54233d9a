import { symmetricEigenvalues } from '../fisher/symmetric-eigenvalues.ts';
import { lower, SAMPLES_INPUT } from '../network/lower.ts';
import type { Network } from '../network/network.ts';
import { createBuilder, type Value } from '../tensor/builder.ts';
import type { NodeId, Program } from '../tensor/ir.ts';
import { count } from '../tensor/shapes.ts';
import { copyNode } from '../tensor/transforms/copy.ts';
import { overSeeds, ProxyFailure, type Proxy } from './proxy.ts';

/** Samples of a batch. */
const samples = 64;
/** Ops of the language that begin with a ReLU of their input. */
const reluOps: readonly string[] = ['relu', 'nor_conv_1x1', 'nor_conv_3x3'];

/**
 * ln det K, K_ij = N_A − d_H(c_i, c_j): N_A the number of ReLUs, c_i which of them sample i switches on, d_H the Hamming
 * distance (Mellor et al., Neural Architecture Search without Training, ICML 2021). Norms in batch mode: without
 * them all samples of a deep network switch alike.
 */
export const naswot: Proxy = {
  name: 'naswot',
  title: 'NASWOT',
  source: 'Mellor et al., ICML 2021',
  better: 'higher',
  inputs: 'random',
  norm: 'batch',
  cost: `1 forward pass of ${samples} samples`,
  measure: (context) => {
    const { program, units } = activationProgram(context.network, samples);
    return overSeeds(context, async (seed) => {
      const { together } = await context.run({
        program,
        chunks: 1,
        bindings: {
          [SAMPLES_INPUT]: {
            shape: [samples, ...context.network.inputShape],
            source: { kind: 'normal', name: 'samples', std: 1 },
          },
        },
        seed,
      });
      return logDeterminant(kernel(together!.data, samples, units), samples);
    });
  },
};

/**
 * The program of which `together` `[N, N]` counts the ReLUs that two samples both switch on, and how many ReLUs there are.
 *
 * @throws ProxyFailure for a network without any
 */
export function activationProgram(
  network: Network,
  batch: number,
): { readonly program: Program; readonly units: number } {
  const { program: primal, nodeValues } = lower(network, { batch, norm: 'batch' });
  const b = createBuilder(batch);
  // Edges that leave the same node share one ReLU of the program, and each has its own in the network.
  const sharing = new Map<NodeId, number>();
  for (const { op, inputs } of network.nodes) {
    if (!reluOps.includes(op)) continue;
    const operand = nodeValues[inputs[0]!]!;
    sharing.set(operand, (sharing.get(operand) ?? 0) + 1);
  }
  const copies = new Map<NodeId, Value>();
  let together: Value | undefined;
  let units = 0;
  for (const [id, node] of primal.nodes.entries()) {
    const { op, inputs, shape } = node;
    const operands = inputs.map((input) => copies.get(input)!);
    copies.set(id, copyNode(b, node, operands));
    if (op.op !== 'unary' || op.fn !== 'relu') continue;
    const width = count(shape) / batch;
    const code = b.reshape(b.unary('step', operands[0]!), [batch, width]);
    const relus = sharing.get(inputs[0]!) ?? 1;
    const own = b.affine(b.matmul(code, code, { transposeB: true }), relus);
    together = together === undefined ? own : b.add(together, own);
    units += relus * width;
  }
  if (together === undefined)
    throw new ProxyFailure('no-relu', 'The network has no ReLU, and NASWOT looks at nothing else.');
  return { program: b.finish({ together }), units };
}

/**
 * K `[size, size]`, row-major: the ReLUs less those that only one of the two samples switches on.
 *
 * @param together how many ReLUs two samples both switch on, `[size, size]`
 * @param units N_A
 */
export function kernel(together: ArrayLike<number>, size: number, units: number): Float64Array {
  const alone = (sample: number): number => together[sample * size + sample]!;
  return Float64Array.from({ length: size * size }, (_, index) => {
    const [i, j] = [Math.floor(index / size), index % size];
    return units - (alone(i) + alone(j) - 2 * together[index]!);
  });
}

/** @throws ProxyFailure for a singular matrix */
function logDeterminant(matrix: Float64Array, size: number): number {
  const eigenvalues = symmetricEigenvalues(matrix, size);
  const [least, most] = [eigenvalues[0]!, eigenvalues.at(-1)!];
  if (!(least > most * size * Number.EPSILON))
    throw new ProxyFailure('singular', 'Two samples switch the same ReLUs on: ln det K is −∞.');
  return eigenvalues.reduce((sum, value) => sum + Math.log(value), 0);
}
