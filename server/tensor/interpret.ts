import { own } from '../base/own.ts';
import { allocate, type Dtype, type Numbers, type Tensor } from './array.ts';
import { isLeaf, type IrNode, type NodeId, type Program, type Source } from './ir.ts';
import { lastReads, reaching, splitConstants } from './liveness.ts';
import { fillFrom, materialise } from './materialise.ts';
import { ruleOf } from './ops/index.ts';
import { count } from './shapes.ts';

export { materialise } from './materialise.ts';

export interface InterpretOptions {
  /** Seed of drawn constants. */
  readonly seed: number;
  /** Type of the values between nodes; sums are float64 in any case. Default `float64`. */
  readonly dtype?: Dtype;
}

/**
 * Runs one chunk of a program: the reference that engines and transforms are tested against. Throws `RangeError` when
 * an input is missing or of another size.
 */
export function interpret(
  program: Program,
  inputs: Readonly<Record<string, Numbers>>,
  options: InterpretOptions,
): Record<string, Tensor> {
  const dtype = options.dtype ?? 'float64';
  const wanted = program.outputs.map((output) => output.node);
  const values = evaluate(
    program,
    wanted,
    (node) => {
      if (node.op.op === 'constant') return materialise(node.op.source, node.shape, options.seed, dtype);
      if (node.op.op !== 'input') return undefined;
      const data = own(inputs, node.op.name);
      if (data?.length !== count(node.shape)) {
        throw new RangeError(
          `input ${node.op.name}: ${data?.length ?? 'no'} values for [${node.shape.join()}]`,
        );
      }
      const copy = allocate(dtype, data.length);
      copy.set(data);
      return copy;
    },
    (length) => allocate(dtype, length),
  );
  return Object.fromEntries(
    program.outputs.map(({ name, node }) => [
      name,
      { shape: program.nodes[node]!.shape, data: values.get(node)! },
    ]),
  );
}

/** A program as an engine runs it: constants with their values, and the nodes that are left. */
export interface EvaluatedConstants {
  /** Values of nodes that depend on constants only and are read by a node of `run` or are outputs. */
  readonly constants: ReadonlyMap<NodeId, Float32Array>;
  /**
   * Nodes that an output needs and that are run, ascending: inputs, nodes that depend on them, and concatenations of one
   * constant with itself. Such a concatenation is not computed here, because the constant is so much smaller; an engine may do so
   * when it loads the program. Ids are those of the program.
   */
  readonly run: readonly NodeId[];
}

/**
 * Computes once whatever does not depend on the inputs: kernel flips, folded scales, masks.
 *
 * @param zeros gives the arrays; default: fresh ones
 * @param fill writes the values of a source over zeros
 */
export function evaluateConstants(
  program: Program,
  seed: number,
  zeros: (length: number) => Float32Array = (length) => new Float32Array(length),
  fill: (source: Source, seed: number, out: Float32Array) => void = fillFrom,
): EvaluatedConstants {
  const { constants, repeats, run } = splitConstants(program);
  const values = evaluate(
    program,
    constants,
    ({ op, shape }) => {
      if (op.op !== 'constant') return undefined;
      const values = zeros(count(shape));
      fill(op.source, seed, values);
      return values;
    },
    zeros,
  );
  return { constants: values as Map<NodeId, Float32Array>, run: [...repeats, ...run].sort((a, b) => a - b) };
}

/** Gives an array of so many zeros. */
type Zeros = (length: number) => Numbers;

/** Values of the wanted nodes; others are dropped after their last use. */
function evaluate(
  program: Program,
  wanted: readonly NodeId[],
  leaf: (node: IrNode) => Numbers | undefined,
  zeros: Zeros,
): Map<NodeId, Numbers> {
  const needed = reaching(program, wanted);
  const steps = [...program.nodes.keys()].filter((id) => needed[id]);
  const lastRead = lastReads(program, steps);
  for (const id of wanted) lastRead.delete(id);
  const values = new Map<NodeId, Numbers>();
  for (const id of steps) {
    const node = program.nodes[id]!;
    const operands = node.inputs.map((input) => ({
      shape: program.nodes[input]!.shape,
      data: values.get(input)!,
    }));
    values.set(id, leaf(node) ?? runNode(node, operands, zeros));
    for (const input of node.inputs) if (lastRead.get(input) === id) values.delete(input);
  }
  return values;
}

function runNode({ op, shape }: IrNode, operands: readonly Tensor[], zeros: Zeros): Numbers {
  if (isLeaf(op)) throw new TypeError(`${op.op}: has no operands to compute from`);
  const { kernel } = ruleOf(op);
  if (kernel === 'view') return operands[0]!.data;
  const out = zeros(count(shape));
  kernel(op, operands, shape, out);
  return out;
}
