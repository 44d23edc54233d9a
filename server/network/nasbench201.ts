import { NetworkAssembler } from './assemble.ts';
import { bindArguments, type GivenArgument } from './arguments.ts';
import { parseGenotype } from './genotype.ts';
import type { Network, NetworkNode, Origin } from './network.ts';
import { opRegistry } from './ops/index.ts';
import type { Shape } from './shape.ts';

export const NAS_BENCH_201_OPS = [
  'none',
  'skip_connect',
  'nor_conv_1x1',
  'nor_conv_3x3',
  'avg_pool_3x3',
] as const;

export type NasBench201Op = (typeof NAS_BENCH_201_OPS)[number];

/** An edge of the cell: node `to` adds `op` of node `from`. */
export interface NasBench201Edge {
  readonly from: number;
  readonly to: number;
  readonly op: NasBench201Op;
}

export interface NasBench201Options {
  /** Channels of the first stage; default 16. */
  readonly channels?: number;
  /** Cells per stage; default 5. */
  readonly cells?: number;
  /** Stages, between which the resolution halves and the channels double; default 3. */
  readonly stages?: number;
  /** Whether the first cell reads the stem, or the input itself, of as many channels as the first stage; default true. */
  readonly stem?: boolean;
  /** `[channels, height, width]`; default CIFAR's `[3, 32, 32]`. */
  readonly input?: Shape;
  /** Default 10. */
  readonly classes?: number;
}

function isOp(name: string): name is NasBench201Op {
  return (NAS_BENCH_201_OPS as readonly string[]).includes(name);
}

/**
 * The edges of a genotype of NAS-Bench-201 in declaration order 0→1, 0→2, 1→2, 0→3, 1→3, 2→3, or what is wrong with it:
 * every node reads all nodes before it, written in any order. Any number of nodes.
 */
export function nasBench201Edges(text: string): readonly NasBench201Edge[] | { readonly error: string } {
  const edges: NasBench201Edge[] = [];
  for (const { node: to, text: group, entries } of parseGenotype(text)) {
    if (entries === undefined) return { error: `node ${to} must be written |op~0|…|, not ${group}` };
    if (entries.length !== to) {
      return {
        error: `node ${to} has ${to} incoming edge${to === 1 ? '' : 's'}, but ${entries.length} are given`,
      };
    }
    // In the order of the nodes that are read, in whichever order they are written.
    for (let from = 0; from < to; from++) {
      const found = entries.find(({ edge }) => edge?.source === from);
      if (found?.edge === undefined) {
        const other = entries.find(({ edge }) => edge === undefined || edge.source >= to) ?? entries[from]!;
        return {
          error: `the edge from node ${from} to node ${to} must be written op~${from}, not ${other.text}`,
        };
      }
      const { op } = found.edge;
      if (!isOp(op)) return { error: `${op} is none of ${NAS_BENCH_201_OPS.join(', ')}` };
      edges.push({ from, to, op });
    }
  }
  return edges;
}

/** The inverse of `nasBench201Edges`, for edges in declaration order. */
export function formatGenotype(edges: readonly NasBench201Edge[]): string {
  const groups: string[][] = [];
  for (const { from, to, op } of edges) (groups[to - 1] ??= []).push(`${op}~${from}`);
  return groups.map((group) => `|${group.join('|')}|`).join('+');
}

/**
 * The genotype of the first cell of a network, written as a genotype or by edges; `undefined` where there is none of the space.
 */
export function genotypeOf({ nodes }: Network): string | undefined {
  const ops = new Map<string, string[]>();
  let cell: string | undefined;
  for (const { op: name, path } of nodes) {
    const [, prefix, edge] = /^((?:.*?\/)?cell\.\d+)\/(\d+-\d+)(?:\/|$)/.exec(path) ?? [];
    if (prefix === undefined || edge === undefined || prefix !== (cell ??= prefix)) continue;
    ops.set(edge, [...(ops.get(edge) ?? []), name]);
  }
  const groups = [1, 2, 3].map((to) =>
    Array.from({ length: to }, (_, from) => `${ops.get(`${from}-${to}`)?.join('+')}~${from}`),
  );
  const genotype = groups.map((group) => `|${group.join('|')}|`).join('+');
  return ops.size === 6 && !('error' in nasBench201Edges(genotype)) ? genotype : undefined;
}

/**
 * The network of a genotype in the skeleton of NAS-Bench-201 (docs/score.md#nas-bench-201), parameters in the declaration
 * order given there: 21 + 45·k tensors for k convolution edges at 5 cells a stage. Throws `RangeError` for a malformed genotype.
 */
export function nasBench201(genotype: string, options: NasBench201Options = {}): Network {
  const { channels = 16, cells = 5, stages = 3, stem = true, input = [3, 32, 32], classes = 10 } = options;
  const edges = nasBench201Edges(genotype);
  if ('error' in edges) throw new RangeError(`genotype ${genotype}: ${edges.error}`);

  const skeleton = new Skeleton(input);
  let x = stem ? skeleton.chain(skeleton.input, 'stem', [conv(channels, 3), op('bn')]) : skeleton.input;
  for (let stage = 0; stage < stages; stage++) {
    if (stage > 0) x = skeleton.reduction(x, `reduction.${stage - 1}`, channels * 2 ** stage);
    for (let index = 0; index < cells; index++) x = skeleton.cell(x, `cell.${stage * cells + index}`, edges);
  }
  const head = [op('bn'), op('relu'), op('gap'), op('dense', { value: classes })];
  return skeleton.finish(genotype, classes, skeleton.chain(x, 'head', head));
}

interface Step {
  readonly op: string;
  readonly given: readonly GivenArgument[];
}

function op(name: string, ...given: readonly GivenArgument[]): Step {
  return { op: name, given };
}

function conv(out: number, kernel: number, stride = 1): Step {
  return op('conv', { value: out }, { value: kernel }, { value: stride });
}

/** Networks without a text come from nowhere. */
const ORIGIN: Origin = { uri: 'nas-bench-201:', span: { start: 0, end: 0 }, calls: [] };

class Skeleton {
  readonly #assembler: NetworkAssembler;

  constructor(input: Shape) {
    this.#assembler = new NetworkAssembler(input, ORIGIN);
  }

  get input(): NetworkNode {
    return this.#assembler.input;
  }

  apply(step: Step, inputs: readonly NetworkNode[], path: string): NetworkNode {
    const definition = opRegistry.get(step.op);
    if (definition === undefined) throw new TypeError(`no op ${step.op}`);
    const { args, problems } = bindArguments(definition, step.given);
    if (args === undefined) throw new RangeError(`${path}: ${problems[0].message}`);
    return this.#assembler.apply(definition, args, inputs, { path, origin: ORIGIN });
  }

  chain(x: NetworkNode, path: string, steps: readonly Step[]): NetworkNode {
    return steps.reduce((value, step, index) => this.apply(step, [value], `${path}/${step.op}.${index}`), x);
  }

  sum(terms: readonly NetworkNode[], path: string): NetworkNode {
    return terms.length === 1 ? terms[0]! : this.apply(op('add'), terms, path);
  }

  /** Node j is the sum of its edges; the last node is the result. */
  cell(x: NetworkNode, path: string, edges: readonly NasBench201Edge[]): NetworkNode {
    const nodes = [x];
    for (const to of new Set(edges.map((edge) => edge.to))) {
      const terms = edges
        .filter((edge) => edge.to === to)
        .map((edge) => this.apply(op(edge.op), [nodes[edge.from]!], `${path}/${edge.from}-${to}`));
      nodes.push(this.sum(terms, `${path}/node.${to}`));
    }
    return nodes.at(-1)!;
  }

  /** Halves the resolution and doubles the channels: a basic residual block with an average-pooled shortcut. */
  reduction(x: NetworkNode, path: string, out: number): NetworkNode {
    const main = this.chain(x, `${path}/main`, [
      op('relu'),
      conv(out, 3, 2),
      op('bn'),
      op('relu'),
      conv(out, 3),
      op('bn'),
    ]);
    const shortcut = this.chain(x, `${path}/shortcut`, [op('avgpool', { value: 2 }), conv(out, 1)]);
    return this.sum([main, shortcut], `${path}/sum`);
  }

  finish(name: string, classes: number, output: NetworkNode): Network {
    return this.#assembler.finish(name, classes, output);
  }
}
