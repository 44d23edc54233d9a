import { NAS_BENCH_201_OPS, nasBench201Edges, type NasBench201Edge } from '../network/nasbench201.ts';

/** Ops that carry a signal. */
const carriers = NAS_BENCH_201_OPS.filter((op) => op !== 'none');

/** All non-empty sets of carriers. */
const sets = Array.from({ length: 2 ** carriers.length - 1 }, (_, index) =>
  carriers.filter((_op, place) => ((index + 1) >> place) % 2 === 1),
);

/**
 * What the graph of a cell of NAS-Bench-201 looks like, without any weights: how many edges have each op, and how many of
 * them lie on a path from input to output; for every set of ops the length of the shortest and of the longest path that
 * uses no others; for every op how many edges enter the output, leave the input, and the most that enter or leave one node.
 * The features of Kadlecová et al., Surprisingly Strong Performance Prediction with Neural Graph Features, ICML 2024.
 *
 * @returns as many numbers as `cellFeatureNames` has names
 * @throws RangeError for a malformed genotype
 */
export function cellFeatures(genotype: string): readonly number[] {
  const edges = nasBench201Edges(genotype);
  if ('error' in edges) throw new RangeError(`genotype ${genotype}: ${edges.error}`);
  const nodes = Math.max(...edges.map(({ to }) => to)) + 1;
  const alive = onPaths(edges, nodes);
  return [
    ...NAS_BENCH_201_OPS.map((op) => edges.filter((edge) => edge.op === op).length),
    ...carriers.map((op) => alive.filter((edge) => edge.op === op).length),
    ...sets.flatMap((ops) => pathLengths(edges, nodes, ops)),
    ...carriers.flatMap((op) => degrees(edges, nodes, op)),
  ];
}

/** What each number of `cellFeatures` is, for people. */
export const cellFeatureNames: readonly string[] = [
  ...NAS_BENCH_201_OPS.map((op) => `count of ${op}`),
  ...carriers.map((op) => `count of ${op} on paths`),
  ...sets.flatMap((ops) => [`shortest path by ${ops.join(' or ')}`, `longest path by ${ops.join(' or ')}`]),
  ...carriers.flatMap((op) => [
    `${op} into the output`,
    `${op} out of the input`,
    `most ${op} into a node`,
    `most ${op} out of a node`,
  ]),
];

/** The edges on paths of carriers from the first node to the last. */
function onPaths(edges: readonly NasBench201Edge[], nodes: number): readonly NasBench201Edge[] {
  const carrying = edges.filter(({ op }) => op !== 'none');
  const fromInput = new Set([0]);
  // Edges go from a lower node to a higher one: one sweep in the order of the nodes reaches all.
  for (let node = 1; node < nodes; node += 1)
    if (carrying.some(({ from, to }) => to === node && fromInput.has(from))) fromInput.add(node);
  const toOutput = new Set([nodes - 1]);
  for (let node = nodes - 2; node >= 0; node -= 1)
    if (carrying.some(({ from, to }) => from === node && toOutput.has(to))) toOutput.add(node);
  return carrying.filter(({ from, to }) => fromInput.has(from) && toOutput.has(to));
}

/** Edges of the shortest and the longest path by some ops; one more than any path has, and 0, where there is none. */
function pathLengths(
  edges: readonly NasBench201Edge[],
  nodes: number,
  ops: readonly string[],
): readonly [shortest: number, longest: number] {
  const shortest = [0];
  const longest = [0];
  for (let node = 1; node < nodes; node += 1) {
    const before = edges.filter(({ to, op }) => to === node && ops.includes(op)).map(({ from }) => from);
    shortest[node] = Math.min(nodes, ...before.map((from) => shortest[from]! + 1));
    longest[node] = Math.max(-Infinity, ...before.map((from) => longest[from]! + 1));
  }
  return [shortest[nodes - 1]!, Math.max(0, longest[nodes - 1]!)];
}

function degrees(edges: readonly NasBench201Edge[], nodes: number, op: string): readonly number[] {
  const own = edges.filter((edge) => edge.op === op);
  const into = Array.from({ length: nodes }, (_, node) => own.filter(({ to }) => to === node).length);
  const out = Array.from({ length: nodes }, (_, node) => own.filter(({ from }) => from === node).length);
  return [into[nodes - 1]!, out[0]!, Math.max(...into), Math.max(...out)];
}
