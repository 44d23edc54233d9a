import type { IrNode, NodeId, Program } from './ir.ts';

/** Which nodes the given ones depend on, themselves included. */
export function reaching(program: Program, ids: Iterable<NodeId>): boolean[] {
  const live = program.nodes.map(() => false);
  for (const id of ids) live[id] = true;
  for (let id = live.length - 1; id >= 0; id -= 1) {
    if (live[id]) for (const input of program.nodes[id]!.inputs) live[input] = true;
  }
  return live;
}

/** What of a program is known before the run, and what must be run. */
export interface ConstantSplit {
  /** Nodes that depend on constants only and are read by a node of `run` or are outputs. */
  readonly constants: readonly NodeId[];
  /** Inputs and nodes that depend on them and reach an output, ascending. */
  readonly run: readonly NodeId[];
}

/**
 * @param inRun says of nodes that depend on constants only whether they are run all the same, with what reads them
 */
export function splitConstants(
  program: Program,
  inRun: (node: IrNode) => boolean = () => false,
): ConstantSplit {
  const { nodes, outputs } = program;
  const live = reaching(
    program,
    outputs.map((output) => output.node),
  );
  const varies: boolean[] = [];
  for (const node of nodes) {
    varies.push(node.op.op === 'input' || node.inputs.some((input) => varies[input]) || inRun(node));
  }
  const run: NodeId[] = [];
  const constants = new Set<NodeId>();
  for (const { node } of outputs) if (!varies[node]) constants.add(node);
  for (const [id, { inputs }] of nodes.entries()) {
    if (!live[id] || !varies[id]) continue;
    run.push(id);
    for (const input of inputs) if (!varies[input]) constants.add(input);
  }
  return { constants: [...constants].sort((a, b) => a - b), run };
}

/** For every node that a listed one reads: the last of the listed that does. Outputs are read to the end. */
export function lastReads(program: Program, listed: Iterable<NodeId>): Map<NodeId, NodeId> {
  const last = new Map<NodeId, NodeId>();
  for (const id of listed) for (const input of program.nodes[id]!.inputs) last.set(input, id);
  return last;
}
