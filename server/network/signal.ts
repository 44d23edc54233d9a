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
  const users = usersOf(network);
  const silent = new Map<number, SilenceCause>();
  for (const node of network.nodes.slice(1)) {
    const { id, params: own } = node;
    const heard =
      own.length === 0
        ? state[id]!.live && !state[id]!.zero
        : own.some(({ name }) => live[paramNodes.get(name)!]);
    if (!heard) silent.set(id, causeOf(node, network, state, users));
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

function usersOf({ nodes }: Network): readonly (readonly number[])[] {
  const users: number[][] = nodes.map(() => []);
  for (const { id, inputs } of nodes) for (const input of inputs) users[input]!.push(id);
  return users;
}

function causeOf(
  { id, inputs }: NetworkNode,
  network: Network,
  state: readonly NodeState[],
  users: readonly (readonly number[])[],
): SilenceCause {
  const { constant, live, zero } = state[id]!;
  // An op between zeros and a gap is told of the zeros: they come first.
  const starved = inputs.some((input) => state[input]!.zero) && (zero || live);
  if (constant || starved || live) return { kind: 'zero-input', nodes: zeroSources([id], network, state) };
  const { blockers, ends } = obstacles(id, state, users);
  if (blockers.length === 0) return { kind: 'unused', nodes: ends };
  // What blocks for being fed with zeros, as a ReLU does, is not the cause.
  return { kind: 'blocked', nodes: zeroSources(blockers, network, state) };
}

/** The nodes where the zeros begin that some nodes are fed with; a node itself when it is not fed with any. */
function zeroSources(
  ids: readonly number[],
  { nodes }: Network,
  state: readonly NodeState[],
): readonly number[] {
  const sources = new Set<number>();
  const seen = new Set<number>();
  const waiting = [...ids];
  // The list grows while it is gone through: the nearest come first.
  for (const next of waiting) {
    if (seen.has(next)) continue;
    if (sources.size === mostCauses) break;
    seen.add(next);
    const zeros = state[next]!.constant ? [] : nodes[next]!.inputs.filter((input) => state[input]!.zero);
    if (zeros.length === 0) sources.add(next);
    waiting.push(...zeros);
  }
  return ascending(sources);
}

/** Where every way from a node towards the logits ends. */
function obstacles(
  id: number,
  state: readonly NodeState[],
  users: readonly (readonly number[])[],
): { readonly blockers: readonly number[]; readonly ends: readonly number[] } {
  const blockers = new Set<number>();
  const ends = new Set<number>();
  const seen = new Set<number>([id]);
  const waiting = [id];
  for (const next of waiting) {
    if (blockers.size >= mostCauses) break;
    if (users[next]!.length === 0) ends.add(next);
    for (const user of users[next]!) {
      if (seen.has(user)) continue;
      seen.add(user);
      // The logits depend on what comes out of the user, but not by way of this node.
      if (state[user]!.constant || state[user]!.live) blockers.add(user);
      else waiting.push(user);
    }
  }
  return { blockers: ascending(blockers), ends: ascending(ends) };
}

function ascending(ids: ReadonlySet<number>): readonly number[] {
  return [...ids].sort((a, b) => a - b);
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
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function inCall({ origin }: NetworkNode): string {
  const call = origin.calls.findLast(({ kind }) => kind === 'call');
  return call === undefined ? '' : ` in \`${call.label}\``;
}
