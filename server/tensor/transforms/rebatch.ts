import type { IrNode, NodeId, Op, Program } from '../ir.ts';
import { inferShape } from '../shapes.ts';
import type { AppliedOp } from '../shapes.ts';

/**
 * The same program for another number of samples per chunk. Every value that depends on an input holds its samples along
 * axis 0, one sample after the other, and no operation mixes them; so rows of the results do not depend on how samples
 * are put into chunks.
 *
 * @returns undefined for a program of which that is not true, or when its rows do not divide
 */
export function withBatch(program: Program, batch: number): Program | undefined {
  try {
    return new Rebatching(program, batch).run();
  } catch (error) {
    if (error instanceof MixedSamples || error instanceof TypeError) return undefined;
    throw error;
  }
}

class MixedSamples extends Error {}

class Rebatching {
  readonly #program: Program;
  readonly #batch: number;
  readonly #nodes: IrNode[] = [];
  /** Old → new, for values of samples and constants alike. */
  readonly #ids: NodeId[] = [];
  readonly #ofSamples: boolean[] = [];
  /** Constants of equal rows, in the new number of rows. */
  readonly #shortened = new Map<NodeId, NodeId>();

  constructor(program: Program, batch: number) {
    this.#program = program;
    this.#batch = batch;
  }

  run(): Program {
    const { nodes, outputs } = this.#program;
    for (const [id, node] of nodes.entries()) {
      const { op, inputs, shape } = node;
      this.#ofSamples[id] = op.op === 'input' || inputs.some((input) => this.#ofSamples[input]!);
      if (op.op === 'input') this.#ids[id] = this.#add(op, [], this.#rows(shape));
      else if (!this.#ofSamples[id] || op.op === 'constant')
        this.#ids[id] = this.#add(
          op,
          inputs.map((input) => this.#ids[input]!),
          shape,
        );
      else this.#ids[id] = this.#apply(op, node);
    }
    return {
      batch: this.#batch,
      nodes: this.#nodes,
      outputs: outputs.map((output) => ({ ...output, node: this.#operand(output.node) })),
    };
  }

  #add(op: Op, inputs: readonly NodeId[], shape: readonly number[]): NodeId {
    this.#nodes.push({ op, inputs, shape });
    return this.#nodes.length - 1;
  }

  /** `shape` with the rows of as many samples as there are now. */
  #rows(shape: readonly number[]): readonly number[] {
    const rows = (shape[0]! / this.#program.batch) * this.#batch;
    if (shape.length === 0 || shape[0]! % this.#program.batch !== 0 || rows < 1) throw new MixedSamples();
    return [rows, ...shape.slice(1)];
  }

  #apply(op: AppliedOp, { inputs, shape }: IrNode): NodeId {
    const wanted = this.#rows(shape);
    const operands = this.#operands(op, inputs, shape);
    const applied = this.#adapt(op, inputs);
    const result = inferShape(
      applied,
      operands.map((operand) => this.#nodes[operand]!.shape),
    );
    if (result.join() !== wanted.join()) throw new MixedSamples();
    return this.#add(applied, operands, wanted);
  }

  #operands(op: AppliedOp, inputs: readonly NodeId[], shape: readonly number[]): readonly NodeId[] {
    const [first, second] = inputs as [NodeId, NodeId];
    if (op.op === 'conv2d') {
      if (this.#ofSamples[second]) throw new MixedSamples();
      return [this.#operand(first), this.#ids[second]!];
    }
    // A matrix for all samples, on the right.
    if (op.op === 'matmul' && this.#shape(second).length === 2) {
      if (this.#ofSamples[second] || (op.transposeA && this.#shape(first).length === 2))
        throw new MixedSamples();
      return [this.#operand(first), this.#ids[second]!];
    }
    return inputs.map((input) => {
      const isShared = !this.#ofSamples[input] && this.#shape(input)[0] === 1 && shape[0] !== 1;
      return isShared ? this.#ids[input]! : this.#operand(input);
    });
  }

  /** The op as it is for the new number of rows. */
  #adapt(op: AppliedOp, inputs: readonly NodeId[]): AppliedOp {
    switch (op.op) {
      case 'reduce':
        if (op.axes.includes(0)) throw new MixedSamples();
        return op;
      case 'concat':
      case 'gather':
        if (op.axis === 0) throw new MixedSamples();
        return op;
      case 'transpose':
        if (op.permutation[0] !== 0) throw new MixedSamples();
        return op;
      case 'pad':
        if (op.before[0] !== 0 || op.after[0] !== 0) throw new MixedSamples();
        return op;
      case 'slice':
        if (op.size[0] !== this.#shape(inputs[0]!)[0]) throw new MixedSamples();
        return { ...op, size: this.#rows(op.size) };
      case 'reshape':
        return { ...op, shape: this.#rows(op.shape) };
      case 'broadcast':
        return { ...op, shape: this.#rows(op.shape) };
      case 'softmax':
      case 'argmaxOneHot':
        if (this.#shape(inputs[0]!).length < 2) throw new MixedSamples();
        return op;
      case 'adjointKernel':
        throw new MixedSamples();
      case 'conv2d':
      case 'matmul':
      case 'unary':
      case 'binary':
      case 'affine':
      case 'clip':
      case 'pool':
      case 'dilate':
      case 'upsample':
        return op;
    }
  }

  #shape(id: NodeId): readonly number[] {
    return this.#program.nodes[id]!.shape;
  }

  #operand(id: NodeId): NodeId {
    return this.#ofSamples[id] ? this.#ids[id]! : this.#shorten(id);
  }

  /** A constant that is the same for every sample and yet has rows for each of them, with as many rows as there are now. */
  #shorten(id: NodeId): NodeId {
    const known = this.#shortened.get(id);
    if (known !== undefined) return known;
    const node = this.#program.nodes[id]!;
    const short = this.#shortenOnce(node.op, node);
    this.#shortened.set(id, short);
    return short;
  }

  #shortenOnce(op: Op, node: IrNode): NodeId {
    if (op.op === 'input' || (op.op === 'constant' && op.source.kind !== 'fill')) throw new MixedSamples();
    if (op.op === 'constant') return this.#add(op, [], this.#rows(node.shape));
    const [operand] = node.inputs;
    // Equal rows are what this repetition makes.
    if (op.op === 'broadcast' && this.#shape(operand!)[0] === 1) {
      const shape = this.#rows(node.shape);
      return this.#add({ ...op, shape }, [this.#ids[operand!]!], shape);
    }
    return this.#apply(op, node);
  }
}
