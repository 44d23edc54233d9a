import { isLeaf, type AppliedOp, type IrNode, type NodeId, type Op, type Program } from '../ir.ts';
import { inferShape } from '../ops/index.ts';
import type { Shape } from '../shapes.ts';
import { axisAfter, followed, NotStageable, type Way } from './ways.ts';

/** What a node is where a stage reads it and does not compute it. */
export type Given = 'rows' | 'whole';

/** How inputs of a chunk that are values of other stages are called: by the node of the whole program. */
export function givenName(id: NodeId, given: Given): string {
  return `${given}:${id}`;
}

/** Writes some nodes of a program for a chunk of fewer samples. */
export class ChunkWriter {
  readonly nodes: IrNode[] = [];
  readonly #program: Program;
  readonly #ways: readonly Way[];
  readonly #batch: number;
  readonly #ids = new Map<NodeId, NodeId>();
  readonly #whole = new Map<NodeId, NodeId>();
  /** By node and axis, a value that is one for all samples and has as many rows as a chunk. */
  readonly #shorter = new Map<string, NodeId>();

  constructor(program: Program, ways: readonly Way[], batch: number) {
    this.#program = program;
    this.#ways = ways;
    this.#batch = batch;
  }

  /** Id of a node that was written. */
  id(of: NodeId): NodeId {
    return this.#ids.get(of)!;
  }

  /** A value of an earlier stage. */
  give(of: NodeId, given: Given): void {
    const { shape } = this.#program.nodes[of]!;
    const name = givenName(of, given);
    const isRows = given === 'rows';
    const id = this.#add({ op: 'input', name }, [], isRows ? this.#shortened(shape, 0) : shape);
    if (given === 'whole' && this.#ways[of]!.axis !== undefined) this.#whole.set(of, id);
    else this.#ids.set(of, id);
  }

  /** A node whose operands are written or given. */
  write(of: NodeId): void {
    const { op, inputs, shape } = this.#program.nodes[of]!;
    const { axis, readsWhole } = this.#ways[of]!;
    const isVarying = op.op === 'input' || inputs.some((input) => this.#varies(input));
    if (!isVarying) {
      this.#ids.set(
        of,
        this.#add(
          op,
          inputs.map((input) => this.id(input)),
          shape,
        ),
      );
      return;
    }
    if (isLeaf(op)) {
      this.#ids.set(of, this.#add(op, [], this.#shortened(shape, 0)));
      return;
    }
    const operands = inputs.map((input, at) => {
      if (readsWhole === true && at === 1) return this.#whole.get(input)!;
      return this.#varies(input) ? this.id(input) : this.#fixedOperand(op, of, input, at);
    });
    this.#ids.set(of, this.#apply(this.#resized(op, axis), operands));
  }

  #varies(id: NodeId): boolean {
    const { axis, term } = this.#ways[id]!;
    return axis !== undefined && term === undefined;
  }

  /** An operand that is one for all samples: where it has a row for each, only as many as the chunk has. */
  #fixedOperand(op: AppliedOp, of: NodeId, operand: NodeId, at: number): NodeId {
    const axis = this.#axisOfOperands(of);
    const { inputs, shape } = this.#program.nodes[of]!;
    const own = this.#program.nodes[operand]!.shape;
    const varying = inputs.find((input) => this.#varies(input))!;
    const isAligned =
      op.op === 'binary' || op.op === 'concat'
        ? own[axis] === this.#program.nodes[varying]!.shape[axis]
        : op.op === 'matmul' &&
          own.length > 2 &&
          axis < own.length - 2 &&
          own[axis] === shape[axis] &&
          at < 2;
    return isAligned ? this.#rowsOf(operand, axis) : this.id(operand);
  }

  #axisOfOperands(of: NodeId): number {
    const varying = this.#program.nodes[of]!.inputs.find((input) => this.#varies(input))!;
    return this.#ways[varying]!.axis!;
  }

  /** The same value with the rows of a chunk, all rows being equal. @throws NotStageable where they may differ */
  #rowsOf(of: NodeId, axis: number): NodeId {
    const key = `${of} ${axis}`;
    const known = this.#shorter.get(key);
    if (known !== undefined) return known;
    const id = this.#shorten(of, axis);
    this.#shorter.set(key, id);
    return id;
  }

  #shorten(of: NodeId, axis: number): NodeId {
    const { op, inputs, shape } = this.#program.nodes[of]!;
    const wanted = this.#shortened(shape, axis);
    if (op.op === 'constant' && op.source.kind === 'fill') return this.#add(op, [], wanted);
    if (isLeaf(op)) throw new NotStageable('a constant with a row a sample');
    const shapeOf = (id: NodeId): Shape => this.#program.nodes[id]!.shape;
    if (op.op === 'reshape' || op.op === 'transpose') {
      const before =
        op.op === 'reshape'
          ? axisAfter(shape, axis, shapeOf(inputs[0]!), this.#program.batch)
          : op.permutation[axis]!;
      return this.#apply(this.#resized(op, axis), [this.#rowsOf(inputs[0]!, before)]);
    }
    // Equal rows stay so where no op mixes them: the same axis of every operand that has a row for each.
    const rowed = inputs.map((input, at) => {
      const own = shapeOf(input);
      const isWeight = at === 1 && (op.op === 'conv2d' || (op.op === 'matmul' && own.length === 2));
      return own[axis] === shape[axis] && !isWeight ? axis : undefined;
    });
    if (rowed.some((own) => own !== undefined)) {
      const { axis: after } = followed(op, rowed, inputs.map(shapeOf), shape, this.#program.batch);
      if (after !== axis) throw new NotStageable(`${op.op}: rows may differ`);
    } else if (op.op !== 'broadcast') throw new NotStageable(`${op.op}: rows may differ`);
    return this.#apply(
      this.#resized(op, axis),
      inputs.map((input, at) => (rowed[at] === undefined ? this.id(input) : this.#rowsOf(input, axis))),
    );
  }

  #resized(op: AppliedOp, axis: number | undefined): AppliedOp {
    if (axis === undefined) return op;
    if (op.op === 'reshape' || op.op === 'broadcast')
      return { ...op, shape: this.#shortened(op.shape, axis) };
    return op.op === 'slice' ? { ...op, size: this.#shortened(op.size, axis) } : op;
  }

  #shortened(shape: Shape, axis: number): Shape {
    return shape.map((extent, at) => (at === axis ? (extent / this.#program.batch) * this.#batch : extent));
  }

  #apply(op: AppliedOp, operands: readonly NodeId[]): NodeId {
    const shapes = operands.map((operand) => this.nodes[operand]!.shape);
    return this.#add(op, operands, inferShape(op, shapes));
  }

  #add(op: Op, inputs: readonly NodeId[], shape: Shape): NodeId {
    this.nodes.push({ op, inputs, shape });
    return this.nodes.length - 1;
  }
}
