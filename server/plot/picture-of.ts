import type { Location, Network, NetworkNode } from '../network/network.ts';
import type { Insight, OpInsight } from '../score/insight/insight.ts';
import type { Score } from '../score/types.ts';
import type { Contributions, Picture, PictureOp, Place } from './picture.ts';

export interface PictureSource {
  readonly network: Network;
  readonly score: Score;
  /** What is inside the score; without it the contributions are those of the scored tensors alone. */
  readonly insight?: Insight;
  /** Name of the file, for people. */
  readonly file: string;
  /** Version of this program. */
  readonly version: string;
  readonly placeOf: (location: Location) => Place;
}

/** The picture of a score. */
export function pictureOf(source: PictureSource): Picture {
  const { network, score, insight, file, version } = source;
  const { vkdnw, vkdnwSe, single, layers, params, macs, eigenvalues, deciles } = score;
  const { settings, engine, milliseconds, key } = score;
  return {
    model: network.name,
    file,
    vkdnw: { value: vkdnw, ...(vkdnwSe === undefined ? {} : { se: vkdnwSe }) },
    ...(score.marks === undefined ? {} : { marks: score.marks }),
    single,
    layers,
    params,
    macs,
    eigenvalues,
    deciles,
    seeds: score.seeds.map(({ seed, entropy }) => ({ seed, entropy })),
    contributions: contributionsOf(source),
    origin: {
      settings,
      ...(insight === undefined ? {} : { sampling: insight.sampling }),
      engine,
      version,
      milliseconds,
      key,
    },
  };
}

function contributionsOf({ network, score, insight, placeOf }: PictureSource): Contributions {
  const nodes = new Map(network.nodes.map((node) => [node.path, node]));
  const place = ({ path, op, origin, id }: NetworkNode) => ({
    path,
    op,
    order: id,
    calls: origin.calls.map((call) => ({ label: call.label, kind: call.kind, place: placeOf(call) })),
    place: placeOf(origin),
  });
  if (insight === undefined) {
    const shares = new Map(score.contributions.map((contribution) => [contribution.path, contribution]));
    const ops = network.nodes
      .filter(({ params }) => params.length > 0)
      .map((node): PictureOp => {
        const known = shares.get(node.path);
        return {
          ...place(node),
          label: node.op,
          tensors: known?.tensors ?? 0,
          share: { value: known?.share ?? 0 },
        };
      });
    return { over: 'scored', ops };
  }
  const ops = insight.ops
    .filter(({ tensors, signal }) => tensors > 0 || !signal.reaches)
    .flatMap((op): PictureOp[] => {
      const node = nodes.get(op.path);
      return node === undefined ? [] : [{ ...place(node), ...measured(op) }];
    });
  return { over: 'all', ops, logits: insight.logits };
}

function measured({ label, tensors, share, bands, entropyEffect, signal }: OpInsight) {
  return {
    label,
    tensors,
    share,
    ...(bands === undefined ? {} : { bands }),
    ...(entropyEffect === undefined ? {} : { entropyEffect }),
    ...(signal.reaches ? {} : { silent: signal.message }),
  };
}
