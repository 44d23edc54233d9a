import type { AppliedOp, IrNode, NodeId, Program } from '../../ir.ts';
import { reaching } from '../../liveness.ts';
import { ruleOf } from '../../ops/index.ts';
import { uniformOf, unscaled, type Rewriter, type Scaled } from '../../ops/parts/rewriting.ts';
import { ProgramRewriter } from './rewriter.ts';

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
  const r = new ProgramRewriter(program.batch);
  const terms: Scaled[] = [];
  for (const [id, node] of program.nodes.entries()) {
    if (!live[id]) continue;
    const operands = node.inputs.map((input) => terms[input]!);
    const term = rewrite(r, node, operands);
    terms[id] = term;
    r.addReaders(term.value, uses[id]!);
  }
  const outputs = program.outputs.map(({ name, node }) => [name, r.product(terms[node]!)] as const);
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

function rewrite(r: ProgramRewriter, { op, shape }: IrNode, operands: readonly Scaled[]): Scaled {
  if (op.op === 'constant') return unscaled(r.constant(op.source, shape));
  if (op.op === 'input') return unscaled(r.input(op.name, shape));
  const rule = ruleOf(op);
  const uniform = rule.uniform(
    op,
    operands.map((operand) => uniformOf(r, operand)),
    operands.map(({ value }) => value.shape),
    shape,
  );
  if (uniform !== undefined) return unscaled(r.fill(uniform, shape));
  return rule.rewrite?.(r, op, operands, shape) ?? rewriteByLinearity(r, op, operands);
}

/** Lets the factor of a single operand pass where the op is linear in it. */
function rewriteByLinearity(r: Rewriter, op: AppliedOp, operands: readonly Scaled[]): Scaled {
  const [x] = operands as readonly [Scaled, ...Scaled[]];
  const linearity = ruleOf(op).linearity(op);
  if (operands.length === 1 && (linearity === 'linear' || (linearity === 'positive' && x.scale > 0)))
    return { value: r.apply(op, [x.value]), scale: x.scale };
  if (operands.length === 1 && linearity === 'invariant' && x.scale > 0)
    return unscaled(r.apply(op, [x.value]));
  return unscaled(
    r.apply(
      op,
      operands.map((operand) => r.product(operand)),
    ),
  );
}
