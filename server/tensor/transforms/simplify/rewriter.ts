import { createBuilder } from '../../builder.ts';
import { isLeaf, type AppliedOp, type Source } from '../../ir.ts';
import { isLayer, ruleOf } from '../../ops/index.ts';
import { unscaled, type Made, type Rewriter, type Scaled } from '../../ops/parts/rewriting.ts';
import type { ProgramBuilder, Value } from '../../program-builder.ts';

/**
 * A builder for programs that are written anew: it knows what made each value, merges equal constants, and contracts chains of
 * the same op.
 */
export class ProgramRewriter implements Rewriter {
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

  isConstant({ node }: Value): boolean {
    return this.#constant[node]!;
  }

  uniform({ node }: Value): number | undefined {
    return this.#uniform.get(node);
  }

  /** Whether the value has a single reader, for which it may be made otherwise. */
  #isSingle({ node }: Value): boolean {
    return this.#single.get(node) ?? false;
  }

  /** Notes that the value stands for a node of the old program with that many readers. */
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
    const rule = ruleOf(op);
    const [first] = operands as readonly [Value, ...Value[]];
    const inner = this.madeOf(first);
    if (operands.length === 1 && inner.op.op === op.op) {
      const contracted = rule.contracted?.(op, inner.op);
      if (contracted !== undefined) return this.apply(contracted, inner.operands);
    }
    const instead = rule.instead?.(op, first.shape);
    if (instead !== undefined) return this.apply(instead, operands);
    const bare = rule.bare?.(this, operands) ?? operands;
    return this.#record(this.builder.apply(op, bare), { op, operands: bare });
  }

  product({ value, scale }: Scaled): Value {
    if (scale === 1) return value;
    if (this.isConstant(value)) return this.scaledConstant(value, scale);
    const { op, operands } = this.madeOf(value);
    const scaled =
      this.#isSingle(value) && !isLeaf(op)
        ? ruleOf(op).withFactor?.(this, op, operands, scale, value.shape)
        : undefined;
    return scaled === undefined || isLeaf(op)
      ? this.apply({ op: 'affine', scale, shift: 0 }, [value])
      : this.apply(op, scaled);
  }

  scaledConstant(value: Value, scale: number): Value {
    if (scale === 1) return value;
    const uniform = this.uniform(value);
    if (uniform !== undefined) return this.fill(uniform * scale, value.shape);
    const { op, operands } = this.madeOf(value);
    if (isLeaf(op) || ruleOf(op).movesWhole !== true)
      return this.apply({ op: 'affine', scale, shift: 0 }, [value]);
    return this.apply(
      op,
      operands.map((operand) => this.scaledConstant(operand, scale)),
    );
  }

  intoLayer(term: Scaled): Scaled {
    const { op, operands } = this.madeOf(term.value);
    const takes = isLayer(op) && this.#isSingle(term.value) && this.isConstant(operands[1]!);
    return takes ? unscaled(this.product(term)) : term;
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
