import type { Span } from '../../grammar/syntax.ts';
import type { CallSite, Location, NetworkNode } from '../network/network.ts';
import type { Finding, RelatedInformation } from './diagnostics.ts';
import type { ExpandedModel } from './model.ts';

/** A stretch of a text and how far it has moved, in characters. */
export interface Piece {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
  readonly shift: number;
}

/** Places in texts of which pieces have moved. */
export class Pieces {
  readonly #byUri = new Map<string, Piece[]>();

  constructor(pieces: readonly Piece[]) {
    for (const piece of pieces) {
      const own = this.#byUri.get(piece.uri);
      if (own === undefined) this.#byUri.set(piece.uri, [piece]);
      else own.push(piece);
    }
  }

  /** Where a span is now; a span outside of all pieces stays. */
  span(uri: string, span: Span): Span {
    const own = this.#byUri.get(uri) ?? [];
    const piece =
      own.find(({ start, end }) => start <= span.start && span.start < end) ??
      own.find(({ end }) => span.start === end);
    const shift = piece?.shift ?? 0;
    return shift === 0 ? span : { start: span.start + shift, end: span.end + shift };
  }

  location<Place extends Location>(place: Place): Place {
    const span = this.span(place.uri, place.span);
    return span === place.span ? place : { ...place, span };
  }
}

/** The expansion of a model of the file `root` whose declarations have moved. */
export function moveExpansion(expanded: ExpandedModel, root: string, pieces: Pieces): ExpandedModel {
  const { nodes, network, flows, loops } = expanded;
  const calls = new Map<readonly CallSite[], readonly CallSite[]>();
  const sites = new Map<CallSite, CallSite>();
  const site = (call: CallSite): CallSite => {
    const known = sites.get(call) ?? pieces.location(call);
    sites.set(call, known);
    return known;
  };
  const moved = new Map<NetworkNode, NetworkNode>();
  const node = (each: NetworkNode): NetworkNode => {
    let known = moved.get(each);
    if (known === undefined) {
      const { origin } = each;
      const path = calls.get(origin.calls) ?? origin.calls.map(site);
      calls.set(origin.calls, path);
      known = { ...each, origin: { ...pieces.location(origin), calls: path } };
      moved.set(each, known);
    }
    return known;
  };
  return {
    ...expanded,
    nodes: nodes.map(node),
    ...(network === undefined ? {} : { network: { ...network, nodes: network.nodes.map(node) } }),
    flows: flows.map((flow) => ({ ...flow, span: pieces.span(root, flow.span) })),
    loops: loops.map((loop) => ({ ...loop, span: pieces.span(root, loop.span) })),
  };
}

/** The same for what was reported. */
export function moveFinding({ diagnostic, cause }: Finding, pieces: Pieces): Finding {
  const related = diagnostic.related.map((place): RelatedInformation => ({
    ...place,
    location: pieces.location(place.location),
  }));
  return {
    diagnostic: { ...diagnostic, location: pieces.location(diagnostic.location), related },
    cause: pieces.location(cause),
  };
}
