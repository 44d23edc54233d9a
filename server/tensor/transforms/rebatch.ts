import type { AppliedOp, IrNode, NodeId, Op, Program } from '../ir.ts';
import { inferShape, ruleOf } from '../ops/index.ts';
import type { Shape } from '../shapes.ts';

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
  /** New id by old id. */
  readonly #ids: NodeId[] = [];
  readonly #ofSamples: boolean[] = [];
  /** By old id: the constant with the new number of rows, all equal. */
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

  #add(op: Op, inputs: readonly NodeId[], shape: Shape): NodeId {
    this.#nodes.push({ op, inputs, shape });
    return this.#nodes.length - 1;
  }

  /** The shape for the new number of samples. */
  #rows(shape: Shape): Shape {
    const rows = (shape[0]! / this.#program.batch) * this.#batch;
    if (shape.length === 0 || shape[0]! % this.#program.batch !== 0 || rows < 1) throw new MixedSamples();
    return [rows, ...shape.slice(1)];
  }

  #apply(op: AppliedOp, { inputs, shape }: IrNode): NodeId {
    const wanted = this.#rows(shape);
    const operands = this.#operands(op, inputs, shape);
    const applied = ruleOf(op).withRows?.(op, (whole) => this.#rows(whole)) ?? op;
    const result = inferShape(
      applied,
      operands.map((operand) => this.#nodes[operand]!.shape),
    );
    if (result.join() !== wanted.join()) throw new MixedSamples();
    return this.#add(applied, operands, wanted);
  }

  #operands(op: AppliedOp, inputs: readonly NodeId[], shape: Shape): readonly NodeId[] {
    const rule = ruleOf(op);
    const shapes = inputs.map((input) => this.#shape(input));
    if (!rule.keepsSamples(op, shapes)) throw new MixedSamples();
    return inputs.map((input, operand) => {
      const isShared = rule.isShared?.(shapes, operand) === true;
      if (isShared && this.#ofSamples[input]!) throw new MixedSamples();
      const isRepeated = !this.#ofSamples[input]! && shapes[operand]![0] === 1 && shape[0] !== 1;
      return isShared || isRepeated ? this.#ids[input]! : this.#operand(input);
    });
  }

  #shape(id: NodeId): Shape {
    return this.#program.nodes[id]!.shape;
  }

  #operand(id: NodeId): NodeId {
    return this.#ofSamples[id] ? this.#ids[id]! : this.#shorten(id);
  }

  /** A constant that has equal rows for all samples, for the new number of samples. */
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
    // A repetition of one row.
    if (op.op === 'broadcast' && this.#shape(operand!)[0] === 1) {
      const shape = this.#rows(node.shape);
      return this.#add({ ...op, shape }, [this.#ids[operand!]!], shape);
    }
    return this.#apply(op, node);
  }
}
