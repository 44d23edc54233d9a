import type { Value } from '../../builder.ts';
import type { IrNode, NodeId, Program } from '../../ir.ts';
import { reaching } from '../../liveness.ts';
import { Rewriter } from './rewriter.ts';
import { scaledConcat, scaledMatmul } from './scaled-ops.ts';
import { product, scaledConstant, uniformOf, unscaled, type Scaled } from './scaled.ts';
import { rewriteBinary, rewriteUnary } from './simplify-elementwise.ts';
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
  for (const [id, node] of program.nodes.entries()) {
    if (!live[id]) continue;
    const operands = node.inputs.map((input) => terms[input]!);
    const term = rewrite(r, node, operands);
    terms[id] = term;
    r.addReaders(term.value, uses[id]!);
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

function rewrite(r: Rewriter, { op, shape }: IrNode, operands: readonly Scaled[]): Scaled {
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
      return intoWeight(r, { value: x.value, scale });
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
    case 'adjointKernel':
      return { value: applied(), scale: x.scale };
  }
}

/** Lets the constant weight of the convolution or product before take the factor, when nothing else reads its result. */
function intoWeight(r: Rewriter, x: Scaled): Scaled {
  const { op, operands } = r.madeOf(x.value);
  const takes =
    (op.op === 'conv2d' || op.op === 'matmul') && r.isSingle(x.value) && r.isConstant(operands[1]!);
  return takes ? unscaled(product(r, x)) : x;
}
