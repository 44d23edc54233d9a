/*
 * How many cells NAS-Bench-101 has (Ying et al., ICML 2019): graphs of up to seven nodes and nine edges, each node between input and
 * output one of three ops, that differ in more than the numbering of their nodes.
 *
 *   node scripts/node24.mjs bench/spaces/nasbench-101.ts
 */

const ops = 3;

/** Most edges of a cell. */
const mostEdges = 9;

/** Cells of so many nodes, input and output among them: every node has an edge into it and one out of it, but for these two. */
export function cellsOf(nodes: number): number {
  const pairs = Array.from({ length: nodes }, (_, to) =>
    Array.from({ length: to }, (_, from) => [from, to] as const),
  ).flat();
  const labels = labellings(nodes);
  const known = new Set<bigint>();
  for (let edges = 0; edges < 2 ** pairs.length; edges++) {
    if (bits(edges) > mostEdges) continue;
    const inputs: number[][] = Array.from({ length: nodes }, () => []);
    const outputs: number[][] = Array.from({ length: nodes }, () => []);
    for (const [index, [from, to]] of pairs.entries()) {
      if ((edges & (2 ** index)) === 0) continue;
      inputs[to]!.push(from);
      outputs[from]!.push(to);
    }
    const isWhole =
      inputs.every((list, node) => node === 0 || list.length > 0) &&
      outputs.every((list, node) => node === nodes - 1 || list.length > 0);
    if (isWhole) for (const each of labels) known.add(invariant(each, inputs, outputs));
  }
  return known.size;
}

/** Ops of the nodes: 0 is the input, 1 the output. */
function labellings(nodes: number): readonly (readonly number[])[] {
  return Array.from({ length: ops ** (nodes - 2) }, (_, index) => [
    0,
    ...Array.from({ length: nodes - 2 }, (_, node) => 2 + (Math.floor(index / ops ** node) % ops)),
    1,
  ]);
}

/** The same for graphs that differ in their numbering alone: each node is told by its op and, over and over, by its neighbours. */
function invariant(
  labels: readonly number[],
  inputs: readonly (readonly number[])[],
  outputs: readonly (readonly number[])[],
): bigint {
  let [low, high] = [labels.map((label) => mix(label + 1)), labels.map((label) => mix(label + 101))];
  // As many rounds as there are nodes: then each is told by all the others.
  labels.forEach(() => {
    low = labels.map((_, node) => told(low, node, inputs[node]!, outputs[node]!));
    high = labels.map((_, node) => told(high, node, inputs[node]!, outputs[node]!));
  });
  return (BigInt(sum(low)) << 32n) | BigInt(sum(high));
}

function told(
  codes: readonly number[],
  node: number,
  inputs: readonly number[],
  outputs: readonly number[],
): number {
  let [before, behind] = [0, 0];
  for (const input of inputs) before = (before + mix(codes[input]!)) | 0;
  for (const output of outputs) behind = (behind + mix(codes[output]! ^ 0x5bd1e995)) | 0;
  return mix(codes[node]! ^ mix(before) ^ Math.imul(mix(behind), 31));
}

function sum(codes: readonly number[]): number {
  let total = 0;
  for (const code of codes) total = (total + mix(code)) | 0;
  return total >>> 0;
}

/** Finalizer of MurmurHash3. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function bits(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest &= rest - 1) count += 1;
  return count;
}

if (import.meta.main) {
  let total = 0;
  for (let nodes = 2; nodes <= 7; nodes++) {
    const cells = cellsOf(nodes);
    total += cells;
    console.log(
      `${nodes} nodes: ${cells.toLocaleString('en-US')} cells, ${total.toLocaleString('en-US')} in all`,
    );
  }
}
