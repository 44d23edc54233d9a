import { own } from '../../base/own.ts';
import type { EvaluatedConstants } from '../../tensor/interpret.ts';
import type { NodeId, Op, Program } from '../../tensor/ir.ts';
import { programCost } from '../../tensor/cost.ts';
import type { EngineInfo } from '../engine.ts';
import type { Arrays, CompiledProgram, Executor } from '../executor.ts';
import { kernels } from './kernels.ts';
import type { KernelContext } from './kernels.ts';
import { Value } from './value.ts';
import type { Runtime, Tensor } from './value.ts';

/** Runs programs with the kernels of a TensorFlow.js runtime, whose backend is the active one. */
export function tfjsExecutor(tf: Runtime, info: EngineInfo): Executor {
  return {
    info,
    keptBytes: (program) => programCost(program).constantBytes,
    compile: (program, evaluated) => Promise.resolve(compile(tf, program, evaluated)),
  };
}

function compile(tf: Runtime, program: Program, { constants, run }: EvaluatedConstants): CompiledProgram {
  const known = new Map<NodeId, Value>();
  for (const [id, data] of constants)
    known.set(id, new Value(tf, tf.tensor(data, [...program.nodes[id]!.shape], 'float32'), 'plain'));
  // Repetitions of constants are made once.
  const each: NodeId[] = [];
  for (const id of run) {
    const { op, inputs } = program.nodes[id]!;
    if (op.op !== 'input' && inputs.every((input) => known.has(input)))
      known.set(id, compute(tf, program, id, known));
    else each.push(id);
  }
  const lastUse = lastUses(program, each);

  return {
    async run(inputs) {
      const values = new Map(known);
      try {
        for (const id of each) {
          const { op, inputs: operands, shape } = program.nodes[id]!;
          if (op.op === 'input') {
            values.set(id, new Value(tf, tf.tensor(own(inputs, op.name)!, [...shape], 'float32'), 'plain'));
            continue;
          }
          values.set(id, compute(tf, program, id, values));
          for (const operand of new Set(operands)) {
            if (lastUse.get(operand) !== id || known.has(operand)) continue;
            values.get(operand)!.dispose();
            values.delete(operand);
          }
        }
        const outputs = new Map<string, Float32Array>();
        for (const { name, node } of program.outputs)
          outputs.set(name, (await values.get(node)!.as('plain').data<'float32'>()).slice());
        return Object.fromEntries(outputs) satisfies Arrays;
      } finally {
        for (const [id, value] of values) if (!known.has(id)) value.dispose();
      }
    },
    release() {
      for (const value of known.values()) value.dispose();
      return Promise.resolve();
    },
  };
}

/** Computes a node. Of the tensors that its kernel allocates, the result and new layouts of operands are kept. */
function compute(tf: Runtime, program: Program, id: NodeId, values: ReadonlyMap<NodeId, Value>): Value {
  const { op, inputs, shape } = program.nodes[id]!;
  const context: KernelContext = {
    tf,
    inputs: inputs.map((input) => values.get(input)!),
    inputShapes: inputs.map((input) => program.nodes[input]!.shape),
    shape,
  };
  // The key picks the kernel of the very variant `op` is, which the type system cannot follow.
  const kernel = kernels[op.op as keyof typeof kernels] as (op: Op, context: KernelContext) => Value;
  tf.engine().startScope();
  try {
    const result = kernel(op, context);
    for (const value of [result, ...context.inputs]) value.each((tensor: Tensor) => tf.keep(tensor));
    return result;
  } finally {
    tf.engine().endScope();
  }
}

/** The node after which a value is not needed any more; outputs are needed to the end. */
function lastUses(program: Program, run: readonly NodeId[]): ReadonlyMap<NodeId, NodeId> {
  const last = new Map<NodeId, NodeId>();
  for (const id of run) for (const operand of program.nodes[id]!.inputs) last.set(operand, id);
  for (const { node } of program.outputs) last.delete(node);
  return last;
}
