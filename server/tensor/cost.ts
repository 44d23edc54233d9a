import {
  isLeaf,
  type ChosenWeight,
  type IrNode,
  type NodeId,
  type PrimalProgram,
  type Program,
} from './ir.ts';
import { lastReads, splitConstants } from './liveness.ts';
import { isView, ruleOf } from './ops/index.ts';
import { analyseActivity, distinctElements } from './transforms/activity.ts';
import { count } from './shapes.ts';

/** The cost of one chunk of a program. All but `constantBytes` grow in proportion to the batch. */
export interface ProgramCost {
  /** Multiply-accumulates of convolutions and matrix products. */
  readonly macs: number;
  /** Bytes read and written by nodes, float32, as if none were fused. */
  readonly bytesTouched: number;
  /** Bytes of the constants that the run reads. */
  readonly constantBytes: number;
  /** Most bytes of inputs and intermediate values alive at once, nodes running in program order. */
  readonly peakBytes: number;
}

const bytesPerValue = 4;

/** Counts what a chunk of the program costs, from shapes alone. */
export function programCost(program: Program): ProgramCost {
  const { constants, repeats, run } = splitConstants(program);
  const bytesOf = (id: NodeId): number => bytesPerValue * count(program.nodes[id]!.shape);
  let macs = 0;
  let bytesTouched = 0;
  for (const id of run) {
    const node = program.nodes[id]!;
    macs += nodeMacs(program, node);
    if (movesData(node)) bytesTouched += bytesOf(id) + sum(node.inputs.map(bytesOf));
  }
  return {
    macs,
    bytesTouched,
    constantBytes: sum([...constants, ...repeats].map(bytesOf)),
    peakBytes: peakBytes(program, run),
  };
}

/** Relative costs of getting a Jacobian, in multiply-accumulates per sample or their worth in memory traffic. */
export interface ModeCosts {
  readonly reverse: number;
  readonly forward: number;
  readonly cheaper: 'reverse' | 'forward';
}

/** How many multiply-accumulates take the time of one element that passes through memory. */
const macsPerElement = 16;

/**
 * Compares reverse mode with `lanes` cotangents to forward mode by counting, without building either: reverse mode
 * visits every active operand with all lanes, forward mode with one lane per chosen scalar that reaches it.
 */
export function compareModes(
  primal: PrimalProgram,
  weights: readonly ChosenWeight[],
  lanes: number,
): ModeCosts {
  const { program } = primal;
  const { active, uses } = analyseActivity(primal, weights);
  const scalarsOf = weights.map((weight) => distinctElements(weight).length);
  const { run } = splitConstants({
    ...program,
    outputs: [{ name: 'logits', node: primal.logits, gather: 'samples' }],
  });
  const runs = new Set(run);
  const reached = new Map<NodeId, ReadonlySet<number>>();
  let once = 0;
  let reverse = 0;
  let forward = 0;
  for (const [id, node] of program.nodes.entries()) {
    // A chosen weight that is broadcast, as a class token is, depends on no input: it costs nothing to run, but is active.
    const work = runs.has(id) ? nodeWork(program, node) : 0;
    once += work;
    if (!active[id]) continue;
    const own = new Set((uses.get(id) ?? []).map((use) => use.weight));
    for (const input of node.inputs) {
      if (!active[input]) continue;
      reverse += lanes * work * adjointWork(node);
      const through = reached.get(input)!;
      forward += work * sum([...through].map((weight) => scalarsOf[weight]!));
      for (const weight of through) own.add(weight);
    }
    reached.set(id, own);
  }
  const perSample = (work: number): number => (once + work) / program.batch;
  const costs = { reverse: perSample(reverse), forward: perSample(forward) };
  return { ...costs, cheaper: costs.forward < costs.reverse ? 'forward' : 'reverse' };
}

function nodeWork(program: Program, node: IrNode): number {
  return nodeMacs(program, node) + (movesData(node) ? macsPerElement * count(node.shape) : 0);
}

function nodeMacs({ nodes }: Program, { op, inputs, shape }: IrNode): number {
  if (isLeaf(op)) return 0;
  return ruleOf(op).macs(
    op,
    inputs.map((input) => nodes[input]!.shape),
    shape,
  );
}

/** How many times a node's work its adjoint takes. */
function adjointWork({ op }: IrNode): number {
  return isLeaf(op) ? 1 : (ruleOf(op).adjointWork?.(op) ?? 1);
}

/** Whether the node writes values: an input is given, and a view is no copy. */
function movesData({ op }: IrNode): boolean {
  return op.op !== 'input' && !isView(op);
}

function peakBytes(program: Program, run: readonly NodeId[]): number {
  const ran = new Set(run);
  // A view shares its operand's memory, which lives as long as any of its views.
  const owner = new Map<NodeId, NodeId>();
  for (const id of run) {
    const { op, inputs } = program.nodes[id]!;
    owner.set(id, isView(op) ? owner.get(inputs[0]!)! : id);
  }
  const end = new Map<NodeId, NodeId>();
  for (const [id, last] of lastReads(program, run)) {
    if (ran.has(id)) end.set(owner.get(id)!, Math.max(last, end.get(owner.get(id)!) ?? 0));
  }
  for (const { node } of program.outputs) if (ran.has(node)) end.delete(owner.get(node)!);
  const ending = new Map<NodeId, number>();
  let alive = 0;
  let peak = 0;
  for (const id of run) {
    if (owner.get(id) === id) {
      const bytes = bytesPerValue * count(program.nodes[id]!.shape);
      alive += bytes;
      const last = end.get(id);
      if (last !== undefined) ending.set(last, (ending.get(last) ?? 0) + bytes);
    }
    peak = Math.max(peak, alive);
    alive -= ending.get(id) ?? 0;
  }
  return peak;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
