import type { EvaluatedConstants } from '../../tensor/interpret.ts';
import type { NodeId, Op, Program } from '../../tensor/ir.ts';
import { GraphWriter } from '../../formats/onnx/graph.ts';
import { emitters } from './operators.ts';
import type { EmitContext } from './operators.ts';
import { encodeModel } from '../../formats/onnx/proto.ts';

/** Names of a program's inputs and outputs in the ONNX graph, different from each other and from inner names. */
export const inputName = (name: string): string => `in:${name}`;
export const outputName = (name: string): string => `out:${name}`;

/**
 * Writes a program as a serialised ONNX model. Nodes known before the run become initialisers: onnxruntime takes its
 * blocked layout for convolutions with constant weights only.
 *
 * @param bytes gives the memory of the model; default: fresh
 */
export function emitModel(
  program: Program,
  { constants, run }: EvaluatedConstants,
  bytes?: (length: number) => Uint8Array,
): Uint8Array {
  const graph = new GraphWriter();
  const names = new Map<NodeId, string>();
  const inputs = new Map<string, string>();

  for (const [id, data] of constants) names.set(id, graph.constant(data, program.nodes[id]!.shape));
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
  return encodeModel(graph.finish(), bytes);
}
