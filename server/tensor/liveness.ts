import type { NodeId, Program } from './ir.ts';

/** By node: whether one of the given nodes depends on it or is it. */
export function reaching(program: Program, ids: Iterable<NodeId>): boolean[] {
  const live = program.nodes.map(() => false);
  for (const id of ids) live[id] = true;
  for (let id = live.length - 1; id >= 0; id -= 1) {
    if (live[id]) for (const input of program.nodes[id]!.inputs) live[input] = true;
  }
  return live;
}

/** The nodes of a program by whether they are known before the run. */
export interface ConstantSplit {
  /** Nodes that depend on constants only and are read by a node of `run` or `repeats`, or are outputs. */
  readonly constants: readonly NodeId[];
  /** Concatenations of one constant with itself, as lanes need their weights. An engine makes these itself. */
  readonly repeats: readonly NodeId[];
  /** Inputs and nodes that depend on them and reach an output, ascending. */
  readonly run: readonly NodeId[];
}

/** Splits the nodes that an output needs into what is computed once and what is run for every chunk. */
export function splitConstants(program: Program): ConstantSplit {
  const { nodes, outputs } = program;
  const live = reaching(
    program,
    outputs.map((output) => output.node),
  );
  const varies: boolean[] = [];
  for (const { op, inputs } of nodes) {
    varies.push(op.op === 'input' || inputs.some((input) => varies[input]));
  }
  const run: NodeId[] = [];
  const constants = new Set<NodeId>();
  const repeats = new Set<NodeId>();
  const read = (id: NodeId): void => {
    if (varies[id]) return;
    const { op, inputs } = nodes[id]!;
    if (op.op === 'concat' && inputs.every((input) => input === inputs[0])) {
      repeats.add(id);
      constants.add(inputs[0]!);
    } else {
      constants.add(id);
    }
  };
  for (const { node } of outputs) if (!varies[node]) constants.add(node);
  for (const [id, { inputs }] of nodes.entries()) {
    if (!live[id] || !varies[id]) continue;
    run.push(id);
    inputs.forEach(read);
  }
  const ascending = (ids: ReadonlySet<NodeId>): NodeId[] => [...ids].sort((a, b) => a - b);
  return { constants: ascending(constants), repeats: ascending(repeats), run };
}

/** By node that a listed one reads: the last listed node that does. Outputs of the program are read to the end, which callers see to. */
export function lastReads(program: Program, listed: Iterable<NodeId>): Map<NodeId, NodeId> {
  const last = new Map<NodeId, NodeId>();
  for (const id of listed) for (const input of program.nodes[id]!.inputs) last.set(input, id);
  return last;
}
