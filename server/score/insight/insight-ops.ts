import { elementOf } from '../../fisher/chosen-weights.ts';
import type { Network } from '../../network/network.ts';
import { opLabel } from '../../network/op-label.ts';
import { silenceMessage, silentOps, type SilenceCause } from '../../network/signal.ts';
import type { InsightMeasurement } from './insight-measurement.ts';
import type { OpInsight, OpSignal, SignalCause } from './insight.ts';

/** Every op of a network with what was measured of it, and why no signal passes where none does. */
export function describeOps(
  network: Network,
  { ops }: Pick<InsightMeasurement, 'ops'>,
  indexSets: number,
): OpInsight[] {
  const silent = silentOps(network);
  const depths = depthsOf(network);
  let group = 0;
  return network.nodes.slice(1).map((node): OpInsight => {
    const { id, path, op, origin, params } = node;
    const measured = params.length === 0 ? undefined : ops[group++]!;
    const described = {
      path,
      op,
      label: opLabel(node),
      calls: origin.calls.map(({ label }) => label),
      order: id,
      depth: depths[id]!,
      tensors: params.length,
      weights: params.reduce((count, { shape }) => count + sampledElements(shape, indexSets), 0),
    };
    const cause = silent.get(id);
    const signal: OpSignal =
      cause !== undefined
        ? silence(network, cause)
        : measured?.share.value === 0
          ? { reaches: false, cause: { kind: 'measured' }, message: measuredSilence }
          : { reaches: true };
    return { ...described, share: { value: 0 }, ...measured, signal };
  });
}

const measuredSilence =
  'Every sampled gradient is 0: dead activations, weights that only ever meet padding, or numbers too small for float32.';

/** Index sets wrap in small tensors. */
function sampledElements(shape: readonly number[], indexSets: number): number {
  return new Set(Array.from({ length: indexSets }, (_, set) => elementOf(shape, set))).size;
}

/** Ops on the longest way from the input to each node, itself included. */
function depthsOf({ nodes }: Network): readonly number[] {
  const depths: number[] = [];
  for (const { inputs } of nodes) {
    depths.push(inputs.length === 0 ? 0 : 1 + Math.max(...inputs.map((input) => depths[input]!)));
  }
  return depths;
}

function silence({ nodes }: Network, cause: SilenceCause): Extract<OpSignal, { reaches: false }> {
  const places = cause.nodes.map((id) => nodes[id]!);
  const paths = places.map(({ path }) => path);
  return { reaches: false, cause: named(cause.kind, paths), message: silenceMessage(cause.kind, places) };
}

function named(kind: SilenceCause['kind'], paths: readonly string[]): SignalCause {
  switch (kind) {
    case 'zero-input':
      return { kind, sources: paths };
    case 'unused':
      return { kind, ends: paths };
    case 'blocked':
      return { kind, blockers: paths };
  }
}
