import { isLeaf, type ChosenWeight, type NodeId, type Op, type PrimalProgram } from '../ir.ts';
import { reaching } from '../liveness.ts';
import { isSensitive, isView, ruleOf } from '../ops/index.ts';
import { count } from '../shapes.ts';

/** One operand of a node that is a chosen weight. */
export interface ParameterUse {
  /** Index in the chosen weights. */
  readonly weight: number;
  readonly operand: number;
}

/** The part of a primal program that depends on the chosen weights. */
export interface Activity {
  /** Nodes whose value changes with a chosen weight (the parameters and their reshapes are not among them). */
  readonly active: readonly boolean[];
  /** Uses by the node that reads the parameter. */
  readonly uses: ReadonlyMap<NodeId, readonly ParameterUse[]>;
}

/**
 * Finds the uses of the chosen weights and the nodes that depend on them. A parameter may be reshaped, and is then an operand
 * that the rule of its op can take as a weight (`WeightRule.reads`); throws `TypeError` for any other use.
 */
export function analyseActivity(primal: PrimalProgram, weights: readonly ChosenWeight[]): Activity {
  const { nodes } = primal.program;
  /** The chosen weight a node holds, unchanged but for its shape. */
  const holds = new Map<NodeId, number>(weights.map(({ param }, index) => [param.node, index]));
  const live = reaching(primal.program, [primal.logits]);
  const active = nodes.map(() => false);
  const uses = new Map<NodeId, ParameterUse[]>();
  for (const [id, { op, inputs }] of nodes.entries()) {
    if (!live[id]) continue;
    if (isView(op) && holds.has(inputs[0]!)) {
      holds.set(id, holds.get(inputs[0]!)!);
      continue;
    }
    for (const [operand, input] of inputs.entries()) {
      const weight = holds.get(input);
      if (weight === undefined) {
        if (active[input] && isSensitive(op)) active[id] = true;
        continue;
      }
      if (!mayRead(op, operand)) {
        const { name } = weights[weight]!.param;
        throw new TypeError(`parameter ${name}: no derivative as operand ${operand} of ${op.op}`);
      }
      active[id] = true;
      const known = uses.get(id);
      const use = { weight, operand };
      if (known === undefined) uses.set(id, [use]);
      else known.push(use);
    }
  }
  return { active, uses };
}

function mayRead(op: Op, operand: number): boolean {
  return !isLeaf(op) && ruleOf(op).weights?.reads(op, operand) === true;
}

/** Different elements of a chosen weight, ascending: index sets wrap in small tensors. */
export function distinctElements({ elements }: ChosenWeight): readonly number[] {
  return [...new Set(elements)].sort((a, b) => a - b);
}

/** M: how many elements each weight has. */
export function requireIndexSets(weights: readonly ChosenWeight[]): number {
  const indexSets = weights[0]?.elements.length ?? 0;
  if (indexSets === 0 || weights.some(({ elements }) => elements.length !== indexSets)) {
    throw new TypeError('weights: required: at least one, all with equally many elements');
  }
  for (const { param, elements } of weights) {
    const size = count(param.shape);
    if (elements.some((element) => !Number.isInteger(element) || element < 0 || element >= size)) {
      throw new TypeError(`weights: required: elements of ${param.name} below ${size}`);
    }
  }
  return indexSets;
}
