import type { EvaluatedConstants } from '../../tensor/interpret.ts';
import type { NodeId, Op, Program } from '../../tensor/ir.ts';
import { GraphWriter } from '../../formats/onnx/graph.ts';
import { emitters } from './operators.ts';
import type { EmitContext } from './operators.ts';
import { encodeModel } from '../../formats/onnx/proto.ts';
import { splitConstants } from '../../tensor/liveness.ts';
import { count, type Shape } from '../../tensor/shapes.ts';

/** Names of a program's inputs and outputs in the ONNX graph, different from each other and from inner names. */
export const inputName = (name: string): string => `in:${name}`;
export const outputName = (name: string): string => `out:${name}`;

/** A serialised model, and what it takes as inputs beside those of the program. */
export interface EmittedModel {
  readonly bytes: Uint8Array;
  /** By the name of the input. */
  readonly fed: ReadonlyMap<string, { readonly data: Float32Array; readonly shape: Shape }>;
  /** By its name, the data of initialisers that the model only refers to: it has to be there while a session is made. */
  readonly external: ReadonlyMap<string, Float32Array>;
}

export interface EmitOptions {
  /** Gives the memory of the model; default: fresh. */
  readonly bytes?: (length: number) => Uint8Array;
  /**
   * Matrices of so many numbers and more that are only multiplied by are inputs. As initialisers they would be there three times
   * while a session is made: here, as it is read, and in the order in which kernels read it.
   */
  readonly feedFrom?: number;
  /** Whether everything of that size is an input: convolutions by it are slower. */
  readonly feedsAll?: boolean;
}

/** Initialisers of so many numbers and more are not written into the model, which would hold them twice more: as written and as read. */
const referFrom = 2 ** 12;

/**
 * Writes a program as a serialised ONNX model. Nodes known before the run become initialisers: onnxruntime takes its
 * blocked layout for convolutions with constant weights only.
 */
export function emitModel(
  program: Program,
  { constants, run }: EvaluatedConstants,
  { bytes, feedFrom = Infinity, feedsAll = false }: EmitOptions = {},
): EmittedModel {
  const graph = new GraphWriter();
  const names = new Map<NodeId, string>();
  const inputs = new Map<string, string>();

  const fed = new Map<string, { readonly data: Float32Array; readonly shape: Shape }>();
  const external = new Map<string, Float32Array>();
  const isFed = fedOnes(program, run, feedFrom, feedsAll);
  for (const [id, data] of constants) {
    const { shape } = program.nodes[id]!;
    if (!isFed(id)) {
      const isLarge = data.length >= referFrom;
      const name = isLarge ? graph.reference(data, shape) : graph.constant(data, shape);
      if (isLarge) external.set(name, data);
      names.set(id, name);
      continue;
    }
    const name = graph.input(`weight:${id}`, shape);
    fed.set(name, { data, shape });
    names.set(id, name);
  }
  for (const id of run) {
    const { op, inputs: operands, shape } = program.nodes[id]!;
    if (op.op === 'input') {
      const name = inputs.get(op.name) ?? graph.input(inputName(op.name), shape);
      inputs.set(op.name, name);
      names.set(id, name);
    } else {
      const context: EmitContext = {
        graph,
        inputs: operands.map((operand) => names.get(operand)!),
        inputShapes: operands.map((operand) => program.nodes[operand]!.shape),
        shape,
      };
      // The key picks the emitter of the very variant `op` is, which the type system cannot follow.
      const emitter = emitters[op.op as keyof typeof emitters] as (op: Op, context: EmitContext) => string;
      names.set(id, emitter(op, context));
    }
  }

  for (const { name, node } of program.outputs)
    graph.output(outputName(name), names.get(node)!, program.nodes[node]!.shape);
  return { bytes: encodeModel(graph.finish(), bytes), fed, external };
}

/** Bytes of the initialisers of the model of a program, those among them that it refers to. */
export function initialiserBytes(program: Program, feedFrom: number, feedsAll = false): number {
  const { constants, repeats, run } = splitConstants(program);
  const isFed = fedOnes(program, run, feedFrom, feedsAll);
  const bytes = (id: NodeId): number => 4 * count(program.nodes[id]!.shape);
  return [...constants.filter((id) => !isFed(id)), ...repeats].reduce((sum, id) => sum + bytes(id), 0);
}

/** Whether a constant is an input of the model. */
function fedOnes(
  program: Program,
  run: readonly NodeId[],
  feedFrom: number,
  feedsAll: boolean,
): (id: NodeId) => boolean {
  const isFactor = onlyFactors(program, run);
  const outputs = new Set(program.outputs.map(({ node }) => node));
  return (id) => count(program.nodes[id]!.shape) >= feedFrom && (feedsAll ? !outputs.has(id) : isFactor(id));
}

/** Whether a node is a matrix that others multiply by, and nothing else: not an output either. */
function onlyFactors({ nodes, outputs }: Program, run: readonly NodeId[]): (id: NodeId) => boolean {
  const others = new Set(outputs.map(({ node }) => node));
  for (const id of run)
    for (const [at, input] of nodes[id]!.inputs.entries())
      if (nodes[id]!.op.op !== 'matmul' || at !== 1) others.add(input);
  return (id) => nodes[id]!.shape.length === 2 && !others.has(id);
}
