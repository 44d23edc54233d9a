import { programSignal } from '../tensor/signal.ts';
import { lower } from './lower.ts';
import type { Network, NetworkNode } from './network.ts';
import { opLabel } from './op-label.ts';

/** Why the logits do not depend on an op's weights (on its value, for an op without weights). Node ids, ascending. */
export type SilenceCause =
  /** What goes in is 0: the nodes that make it so. */
  | { readonly kind: 'zero-input'; readonly nodes: readonly number[] }
  /** Nothing uses what comes out: the ends of the dead branch. */
  | { readonly kind: 'unused'; readonly nodes: readonly number[] }
  /** What comes out is used, but these let nothing through. */
  | { readonly kind: 'blocked'; readonly nodes: readonly number[] };

/** The nearest causes are enough to name. */
const mostCauses = 16;

/** The ops of a network that no signal passes, by node id, with the cause. The input is not among them. */
export type SilentOps = ReadonlyMap<number, SilenceCause>;

/**
 * Finds ops whose gradient is 0 whatever the weights and samples are, from the tensor program of one sample: branches
 * that nothing uses, and everything before and behind an op that gives zeros, such as `none`.
 */
export function silentOps(network: Network): SilentOps {
  const { program, logits, params, nodeValues } = lower(network, { batch: 1 });
  const { zero, live } = programSignal(program, logits);
  const paramNodes = new Map(params.map(({ name, node }) => [name, node]));
  const state: NodeState[] = network.nodes.map(({ id, inputs }) => {
    const value = nodeValues[id]!;
    return {
      zero: zero[value]!,
      live: live[value]!,
      // An op that hands its input on shares its value.
      constant:
        program.nodes[value]!.op.op === 'constant' && !inputs.some((input) => nodeValues[input] === value),
    };
  });
  const ways: Ways = { sources: sourcesOf(network, state), ...obstaclesOf(network, state) };
  const silent = new Map<number, SilenceCause>();
  for (const node of network.nodes.slice(1)) {
    const { id, params: own } = node;
    const heard =
      own.length === 0
        ? state[id]!.live && !state[id]!.zero
        : own.some(({ name }) => live[paramNodes.get(name)!]);
    if (!heard) silent.set(id, causeOf(node, state, ways));
  }
  return silent;
}

/** What is known of the value of a network node. */
interface NodeState {
  readonly zero: boolean;
  /** The logits depend on it. */
  readonly live: boolean;
  /** It depends on nothing, as `none`. */
  readonly constant: boolean;
}

/** By node, what may keep the signal from it: the nearest nodes, ascending. Found for all at once, as those of neighbours are much the same. */
interface Ways {
  /** The nodes in which the zeros begin that the node is fed with; itself when it is not fed with any. */
  readonly sources: readonly (readonly number[])[];
  /** The nodes that let nothing through on the ways from the node to the logits. */
  readonly blockers: readonly (readonly number[])[];
  /** The nodes with which ways from it end that do not reach the logits. */
  readonly ends: readonly (readonly number[])[];
}

function sourcesOf({ nodes }: Network, state: readonly NodeState[]): Ways['sources'] {
  const sources: (readonly number[])[] = [];
  for (const { id, inputs } of nodes) {
    const zeros = state[id]!.constant ? [] : inputs.filter((input) => state[input]!.zero);
    const all = zeros.map((input) => sources[input]!);
    sources.push(all.length === 0 ? [id] : union(all).slice(-mostCauses));
  }
  return sources;
}

function obstaclesOf(network: Network, state: readonly NodeState[]): Pick<Ways, 'blockers' | 'ends'> {
  const users = usersOf(network);
  const blockers: (readonly number[])[] = network.nodes.map(() => []);
  const ends: (readonly number[])[] = network.nodes.map(() => []);
  for (const { id } of network.nodes.toReversed()) {
    // The logits depend on what comes out of such a user, but not by way of this node.
    const blocks = (user: number): boolean => state[user]!.constant || state[user]!.live;
    const open = users[id]!.filter((user) => !blocks(user));
    blockers[id] = union([users[id]!.filter(blocks), ...open.map((user) => blockers[user]!)]).slice(
      0,
      mostCauses,
    );
    ends[id] = users[id]!.length === 0 ? [id] : union(open.map((user) => ends[user]!)).slice(0, mostCauses);
  }
  return { blockers, ends };
}

/** Ascending. */
function union(lists: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...others] = lists.filter((list) => list.length > 0);
  return others.length === 0 ? first : [...new Set(lists.flat())].sort((a, b) => a - b);
}

function usersOf({ nodes }: Network): readonly (readonly number[])[] {
  const users: number[][] = nodes.map(() => []);
  for (const { id, inputs } of nodes) for (const input of inputs) users[input]!.push(id);
  return users;
}

function causeOf(
  { id, inputs }: NetworkNode,
  state: readonly NodeState[],
  { sources, blockers, ends }: Ways,
): SilenceCause {
  const { constant, live, zero } = state[id]!;
  // An op between zeros and a gap is told of the zeros: they come first.
  const starved = inputs.some((input) => state[input]!.zero) && (zero || live);
  if (constant || starved || live) return { kind: 'zero-input', nodes: sources[id]! };
  if (blockers[id]!.length === 0) return { kind: 'unused', nodes: ends[id]! };
  // What blocks for being fed with zeros, as a ReLU does, is not the cause.
  const causes = union(blockers[id]!.map((blocker) => sources[blocker]!));
  return { kind: 'blocked', nodes: causes.slice(0, mostCauses) };
}

/** One sentence for people: why no signal passes an op. */
export function silenceMessage(kind: SilenceCause['kind'], causes: readonly NetworkNode[]): string {
  const which = listed(causes);
  switch (kind) {
    case 'zero-input':
      return `What goes in is 0, because of ${which}.`;
    case 'unused':
      return `Nothing uses what comes out: the branch ends at ${which}.`;
    case 'blocked':
      return `Every way to the output is blocked by ${which}.`;
  }
}

function listed(causes: readonly NetworkNode[]): string {
  const names = [...new Set(causes.map((node) => `\`${opLabel(node)}\`${inCall(node)}`))];
  const shown = names.slice(0, 3).join(', ');
  // Beyond the nearest causes nobody has counted.
  const atLeast = causes.length < mostCauses ? '' : 'at least ';
  return names.length > 3 ? `${shown} and ${atLeast}${names.length - 3} more` : shown;
}

function inCall({ origin }: NetworkNode): string {
  const call = origin.calls.findLast(({ kind }) => kind === 'call');
  return call === undefined ? '' : ` in \`${call.label}\``;
}
