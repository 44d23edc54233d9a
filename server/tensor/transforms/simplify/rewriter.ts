import { createBuilder, type ProgramBuilder, type Value } from '../../builder.ts';
import type { Op, Source } from '../../ir.ts';
import type { AppliedOp } from '../../shapes.ts';

/** What made a value. */
export interface Made {
  readonly op: Op;
  readonly operands: readonly Value[];
}

/**
 * A builder for rewriting programs: knows what each value is made of, merges equal constants, and contracts chains of
 * data movement.
 */
export class Rewriter {
  readonly builder: ProgramBuilder;
  readonly #made: Made[] = [];
  readonly #constant: boolean[] = [];
  readonly #uniform = new Map<number, number>();
  readonly #constants = new Map<string, Value>();
  readonly #single = new Map<number, boolean>();

  constructor(batch: number) {
    this.builder = createBuilder(batch);
  }

  madeOf({ node }: Value): Made {
    return this.#made[node]!;
  }

  /** Whether the value is known before the run. */
  isConstant({ node }: Value): boolean {
    return this.#constant[node]!;
  }

  /** The number that all elements are, where that is known. */
  uniform({ node }: Value): number | undefined {
    return this.#uniform.get(node);
  }

  /** Whether one reader only has asked for the value: then it may be made differently for it. */
  isSingle({ node }: Value): boolean {
    return this.#single.get(node) ?? false;
  }

  /** Says that the value stands for a node of the old program with so many readers. */
  addReaders({ node }: Value, readers: number): void {
    this.#single.set(node, (this.#single.get(node) ?? true) && readers === 1);
  }

  input(name: string, shape: readonly number[]): Value {
    return this.#record(this.builder.input(name, shape), { op: { op: 'input', name }, operands: [] });
  }

  constant(source: Source, shape: readonly number[]): Value {
    const key = `${shape.join()} ${sourceKey(source)}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const value = this.builder.constant(source, shape);
    this.#constants.set(key, value);
    if (source.kind === 'fill') this.#uniform.set(value.node, source.value);
    return this.#record(value, { op: { op: 'constant', source }, operands: [] });
  }

  fill(value: number, shape: readonly number[]): Value {
    return this.constant({ kind: 'fill', value }, shape);
  }

  apply(op: AppliedOp, operands: readonly Value[]): Value {
    const first = operands[0]!;
    const inner = this.madeOf(first);
    const merged = operands.length === 1 ? contracted(op, inner.op) : undefined;
    if (merged !== undefined) return this.apply(merged, inner.operands);
    const strided = op.op === 'gather' ? asSlice(op, first.shape) : undefined;
    if (strided !== undefined) return this.apply(strided, operands);
    const own = op.op === 'binary' ? this.#unbroadcast(operands) : operands;
    return this.#record(this.builder.apply(op, own), { op, operands: own });
  }

  /** Elementwise operands without the broadcasts that the op does by itself. */
  #unbroadcast(operands: readonly Value[]): readonly Value[] {
    const own = [...operands];
    for (const [i, value] of own.entries()) {
      const { op, operands: inner } = this.madeOf(value);
      const other = own[1 - i]!;
      if (
        op.op === 'broadcast' &&
        value.shape.every((e, axis) => e === inner[0]!.shape[axis] || e === other.shape[axis])
      ) {
        own[i] = inner[0]!;
      }
    }
    return own;
  }

  #record(value: Value, made: Made): Value {
    if (this.#made[value.node] === undefined) {
      this.#made[value.node] = made;
      this.#constant[value.node] =
        made.op.op !== 'input' && made.operands.every((operand) => this.isConstant(operand));
    }
    return value;
  }
}

/** The one op that does what `outer` does to the result of `inner`. */
function contracted(outer: AppliedOp, inner: Op): AppliedOp | undefined {
  if (outer.op === 'reshape' && inner.op === 'reshape') return outer;
  if (outer.op === 'broadcast' && inner.op === 'broadcast') return outer;
  if (outer.op === 'affine' && inner.op === 'affine') {
    return {
      op: 'affine',
      scale: outer.scale * inner.scale,
      shift: outer.scale * inner.shift + outer.shift,
    };
  }
  if (outer.op === 'transpose' && inner.op === 'transpose') {
    return { op: 'transpose', permutation: outer.permutation.map((axis) => inner.permutation[axis]!) };
  }
  if (outer.op === 'gather' && inner.op === 'gather' && outer.axis === inner.axis) {
    return { op: 'gather', axis: outer.axis, indices: outer.indices.map((i) => inner.indices[i]!) };
  }
  if (outer.op === 'slice' && inner.op === 'slice') {
    return {
      op: 'slice',
      start: outer.start.map((start, axis) => inner.start[axis]! + start * inner.step[axis]!),
      size: outer.size,
      step: outer.step.map((step, axis) => step * inner.step[axis]!),
    };
  }
  return undefined;
}

/** A gather of evenly spaced positions, which then contracts with slices along other axes. */
function asSlice(
  { axis, indices }: Extract<Op, { readonly op: 'gather' }>,
  shape: readonly number[],
): AppliedOp | undefined {
  const first = indices[0]!;
  const step = indices.length === 1 ? 1 : indices[1]! - first;
  if (step < 1 || indices.some((index, i) => index !== first + i * step)) return undefined;
  const along = (own: number, other: (extent: number) => number): number[] =>
    shape.map((extent, i) => (i === axis ? own : other(extent)));
  return {
    op: 'slice',
    start: along(first, () => 0),
    size: along(indices.length, (extent) => extent),
    step: along(step, () => 1),
  };
}

function sourceKey(source: Source): string {
  switch (source.kind) {
    case 'normal':
      return `normal ${source.std} ${source.name}`;
    case 'signs':
      return `signs ${source.scale} ${source.name}`;
    case 'fill':
      return `fill ${source.value}`;
    case 'inline':
      return `${source.dtype} ${source.base64}`;
  }
}
