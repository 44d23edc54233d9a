import type { Span } from '../../../grammar/syntax.ts';
import type { NetworkNode } from '../../network/network.ts';
import { opRegistry } from '../../network/ops/index.ts';
import type { OpDefinition } from '../../network/op.ts';
import type { Shape } from '../../network/shape.ts';
import type { LintContext } from './rule.ts';

/** An op of a network with the ops around it. */
export interface Placed {
  readonly node: NetworkNode;
  readonly definition: OpDefinition;
  /** Where the user sees it: the op in this file, or the call in this file that led to it. */
  readonly site: Span;
  /** The op itself is written in this file. */
  readonly own: boolean;
  readonly inputs: readonly Placed[];
  /** Of what it gets first, the network's input included. */
  readonly inputShape: Shape | undefined;
  /** The ops that read its output. */
  readonly readers: readonly Placed[];
}

const known = new WeakMap<LintContext, ReadonlyMap<number, readonly Placed[]>>();

/** All ops of the networks of a file, by where they stand in it. */
function placed(context: LintContext): ReadonlyMap<number, readonly Placed[]> {
  let sites = known.get(context);
  if (sites === undefined) {
    sites = place(context);
    known.set(context, sites);
  }
  return sites;
}

function place({ module, networks }: LintContext): ReadonlyMap<number, readonly Placed[]> {
  const sites = new Map<number, Placed[]>();
  for (const nodes of networks) {
    const all = new Map<number, Placed & { readonly readers: Placed[] }>();
    for (const node of nodes) {
      const definition = opRegistry.get(node.op);
      const inputs = node.inputs.flatMap((id) => all.get(id) ?? []);
      const own = node.origin.uri === module.uri;
      const site = own ? node.origin : node.origin.calls.findLast(({ uri }) => uri === module.uri);
      if (definition === undefined || site === undefined) continue;
      const inputShape = nodes[node.inputs[0] ?? -1]?.shape;
      const here = { node, definition, site: site.span, own, inputs, inputShape, readers: [] };
      all.set(node.id, here);
      for (const input of inputs) (input.readers as Placed[]).push(here);
      const others = sites.get(site.span.start);
      if (others === undefined) sites.set(site.span.start, [here]);
      else others.push(here);
    }
  }
  return sites;
}

/**
 * Ops of which something holds wherever they are used. Several ops at one site (those of a called block) are judged
 * one by one.
 */
export function* always(context: LintContext, holds: (placed: Placed) => boolean): Generator<Placed> {
  for (const all of placed(context).values()) {
    const byOp = new Map<string, { readonly first: Placed; every: boolean }>();
    for (const each of all) {
      const { uri, span } = each.node.origin;
      const key = `${uri} ${span.start}`;
      const same = byOp.get(key);
      if (same === undefined) byOp.set(key, { first: each, every: holds(each) });
      else same.every &&= holds(each);
    }
    for (const { first, every } of byOp.values()) if (every) yield first;
  }
}

export function isActivation({ definition }: Pick<Placed, 'definition'>): boolean {
  return definition.category === 'activation' && definition.name !== 'softmax';
}
