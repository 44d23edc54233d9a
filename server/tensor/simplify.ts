import type { Value } from './builder.ts';
import type { BinaryFn, IrNode, NodeId, Program, UnaryFn } from './ir.ts';
import { reaching } from './liveness.ts';
import { Rewriter } from './rewriter.ts';
import { product, scaledConcat, scaledConstant, scaledMatmul, unscaled, type Scaled } from './scaled.ts';
import { sameExtents } from './shapes.ts';
import { uniformResult } from './uniform.ts';

/**
 * The same outputs by fewer and cheaper nodes: sums with zeros and products with ones disappear (norms at
 * initialisation), scalar factors travel through linear ops into the constant weight of a neighbour (a norm's
 * 1/√(1 + ε), means, in adjoints too), chains of the same data movement contract, equal expressions and equal constants
 * merge, and what no output needs is dropped. Results differ by rounding only.
 */
export function simplify(program: Program): Program {
  const live = reaching(
    program,
    program.outputs.map((output) => output.node),
  );
  const uses = countUses(program, live);
  const r = new Rewriter(program.batch);
  const terms: Scaled[] = [];
  /** Whether a rewritten value serves one reader only, as far as is known. */
  const single = new Map<NodeId, boolean>();
  for (const [id, node] of program.nodes.entries()) {
    if (!live[id]) continue;
    const operands = node.inputs.map((input) => terms[input]!);
    const term = rewrite(r, node, operands, (value) => single.get(value.node) ?? false);
    terms[id] = term;
    single.set(term.value.node, (single.get(term.value.node) ?? true) && uses[id] === 1);
  }
  const outputs = program.outputs.map(({ name, node }) => [name, product(r, terms[node]!)] as const);
  return compact(r.builder.finish(Object.fromEntries(outputs)));
}

function countUses(program: Program, live: readonly boolean[]): number[] {
  const uses = program.nodes.map(() => 0);
  for (const [id, { inputs }] of program.nodes.entries()) {
    if (live[id]) for (const input of inputs) uses[input]! += 1;
  }
  for (const { node } of program.outputs) uses[node]! += 1;
  return uses;
}

/** Without the nodes that no output needs. */
function compact(program: Program): Program {
  const live = reaching(
    program,
    program.outputs.map((output) => output.node),
  );
  const renamed = new Map<NodeId, NodeId>();
  const nodes: IrNode[] = [];
  for (const [id, node] of program.nodes.entries()) {
    if (!live[id]) continue;
    renamed.set(id, nodes.length);
    nodes.push({ ...node, inputs: node.inputs.map((input) => renamed.get(input)!) });
  }
  const outputs = program.outputs.map((output) => ({ ...output, node: renamed.get(output.node)! }));
  return { ...program, nodes, outputs };
}

function rewrite(
  r: Rewriter,
  { op, shape }: IrNode,
  operands: readonly Scaled[],
  isSingle: (value: Value) => boolean,
): Scaled {
  if (op.op === 'constant') return unscaled(r.constant(op.source, shape));
  if (op.op === 'input') return unscaled(r.input(op.name, shape));
  const uniform = uniformResult(
    op,
    operands.map((operand) => uniformOf(r, operand)),
    operands.map(({ value }) => value.shape),
    shape,
  );
  if (uniform !== undefined) return unscaled(r.fill(uniform, shape));

  const [x, y] = operands as readonly [Scaled, Scaled];
  const applied = (): Value => r.apply(op, [x.value]);
  const exact = (): Scaled => unscaled(r.apply(op, [product(r, x)]));
  switch (op.op) {
    case 'affine': {
      const scale = x.scale * op.scale;
      if (op.shift !== 0) return unscaled(r.apply({ ...op, scale }, [x.value]));
      return intoWeight(r, { value: x.value, scale }, isSingle);
    }
    case 'conv2d': {
      const scale = x.scale * y.scale;
      return r.isConstant(y.value)
        ? unscaled(r.apply(op, [x.value, scaledConstant(r, y.value, scale)]))
        : { value: r.apply(op, [x.value, y.value]), scale };
    }
    case 'matmul':
      return scaledMatmul(r, op, x, y);
    case 'concat':
      return scaledConcat(r, op.axis, operands);
    case 'binary':
      return rewriteBinary(r, op.fn, x, y, shape);
    case 'unary':
      return rewriteUnary(r, op.fn, x);
    case 'argmaxOneHot':
      return x.scale > 0 ? unscaled(applied()) : exact();
    case 'softmax':
    case 'clip':
      return exact();
    case 'reduce':
    case 'pool':
      // A maximum lets positive factors pass.
      return op.fn !== 'max' || x.scale > 0 ? { value: applied(), scale: x.scale } : exact();
    case 'pad':
      return op.value === 0 ? { value: applied(), scale: x.scale } : exact();
    case 'slice':
    case 'gather':
    case 'reshape':
    case 'transpose':
    case 'broadcast':
    case 'dilate':
    case 'upsample':
      return { value: applied(), scale: x.scale };
  }
}

function uniformOf(r: Rewriter, { value, scale }: Scaled): number | undefined {
  const uniform = r.uniform(value);
  return uniform === undefined ? undefined : uniform * scale;
}

/** Lets the constant weight of the convolution or product before take the factor, when nothing else reads its result. */
function intoWeight(r: Rewriter, x: Scaled, isSingle: (value: Value) => boolean): Scaled {
  const { op, operands } = r.madeOf(x.value);
  const weight = operands[1];
  const takes = (op.op === 'conv2d' || op.op === 'matmul') && isSingle(x.value) && r.isConstant(weight!);
  return takes ? unscaled(r.apply(op, [operands[0]!, scaledConstant(r, weight!, x.scale)])) : x;
}

function rewriteUnary(r: Rewriter, fn: UnaryFn, x: Scaled): Scaled {
  const applied = (): Value => r.apply({ op: 'unary', fn }, [x.value]);
  if (fn === 'neg') return { value: x.value, scale: -x.scale };
  if (fn === 'abs') return { value: applied(), scale: Math.abs(x.scale) };
  if (fn === 'relu' && x.scale > 0) {
    const { op } = r.madeOf(x.value);
    const positive = op.op === 'unary' && (op.fn === 'relu' || op.fn === 'step');
    return { value: positive ? x.value : applied(), scale: x.scale };
  }
  if (fn === 'step' && x.scale > 0) return unscaled(applied());
  return unscaled(r.apply({ op: 'unary', fn }, [product(r, x)]));
}

function rewriteBinary(r: Rewriter, fn: BinaryFn, x: Scaled, y: Scaled, shape: readonly number[]): Scaled {
  const applied = (as: BinaryFn): Value => r.apply({ op: 'binary', fn: as }, [x.value, y.value]);
  const exact = (): Scaled => unscaled(r.apply({ op: 'binary', fn }, [product(r, x), product(r, y)]));
  const [c, d] = [uniformOf(r, x), uniformOf(r, y)];
  const whole = (term: Scaled): Value =>
    sameExtents(term.value.shape, shape) ? term.value : r.apply({ op: 'broadcast', shape }, [term.value]);
  const plus = (term: Scaled, scale: number, shift: number): Scaled =>
    shift === 0
      ? { value: whole(term), scale }
      : unscaled(r.apply({ op: 'affine', scale, shift }, [whole(term)]));
  switch (fn) {
    case 'add':
      if (d !== undefined) return plus(x, x.scale, d);
      if (c !== undefined) return plus(y, y.scale, c);
      if (x.scale === y.scale) return { value: applied('add'), scale: x.scale };
      if (x.scale === -y.scale) return { value: applied('sub'), scale: x.scale };
      return exact();
    case 'sub':
      if (d !== undefined) return plus(x, x.scale, -d);
      if (c !== undefined) return plus(y, -y.scale, c);
      if (x.scale === y.scale) return { value: applied('sub'), scale: x.scale };
      if (x.scale === -y.scale) return { value: applied('add'), scale: x.scale };
      return exact();
    case 'mul':
      if (d !== undefined) return { value: whole(x), scale: x.scale * d };
      if (c !== undefined) return { value: whole(y), scale: y.scale * c };
      return { value: applied('mul'), scale: x.scale * y.scale };
    case 'div':
      if (d !== undefined && d !== 0) return { value: whole(x), scale: x.scale / d };
      return { value: applied('div'), scale: x.scale / y.scale };
    case 'max':
    case 'min':
      return x.scale === y.scale && x.scale > 0 ? { value: applied(fn), scale: x.scale } : exact();
    case 'equal':
      return x.scale === y.scale ? unscaled(applied('equal')) : exact();
  }
}
