import type { Span } from '../../../grammar/syntax.ts';
import { countWhere } from '../../base/bisect.ts';
import type { CallSite, Location, NetworkNode } from '../../network/network.ts';
import { noteMoved } from '../../network/original.ts';
import type { Diagnostic, RelatedInformation } from '../check/diagnostics.ts';
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
    for (const own of this.#byUri.values()) own.sort((a, b) => a.start - b.start);
  }

  /** Where a span is now; a span outside of all pieces stays. */
  span(uri: string, span: Span): Span {
    const own = this.#byUri.get(uri) ?? [];
    // Of two pieces that touch, the second one; what stands right behind a piece moves with it.
    const piece = own[countWhere(own, ({ start }) => start <= span.start) - 1];
    const shift = piece === undefined || span.start > piece.end ? 0 : piece.shift;
    return shift === 0 ? span : { start: span.start + shift, end: span.end + shift };
  }

  location<Place extends Location>(place: Place): Place {
    const span = this.span(place.uri, place.span);
    return span === place.span ? place : { ...place, span };
  }
}

/** The expansion of a model of the file `root` whose declarations have moved. Its parts are moved when they are asked for. */
export function moveExpansion(expanded: ExpandedModel, root: string, pieces: Pieces): ExpandedModel {
  const node = nodeMover(pieces);
  const nodes = once(() => expanded.nodes.map(node));
  const network = once(() => {
    const { network: before } = expanded;
    if (before === undefined) return undefined;
    const after = { ...before, nodes: before.nodes.map(node) };
    noteMoved(after, before);
    return after;
  });
  const flows = once(() => expanded.flows.map((flow) => ({ ...flow, span: pieces.span(root, flow.span) })));
  const loops = once(() => expanded.loops.map((loop) => ({ ...loop, span: pieces.span(root, loop.span) })));
  return {
    totals: expanded.totals,
    work: expanded.work,
    counting: expanded.counting,
    get nodes() {
      return nodes();
    },
    get network() {
      return network();
    },
    get flows() {
      return flows();
    },
    get loops() {
      return loops();
    },
  };
}

/** What is shared between nodes is moved once. */
function nodeMover(pieces: Pieces): (each: NetworkNode) => NetworkNode {
  const calls = new Map<readonly CallSite[], readonly CallSite[]>();
  const sites = new Map<CallSite, CallSite>();
  const site = (call: CallSite): CallSite => {
    const known = sites.get(call) ?? pieces.location(call);
    sites.set(call, known);
    return known;
  };
  const moved = new Map<NetworkNode, NetworkNode>();
  return (each) => {
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
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The same for what was reported. */
export function moveDiagnostic(diagnostic: Diagnostic, pieces: Pieces): Diagnostic {
  const { cause } = diagnostic;
  const related = diagnostic.related.map((place): RelatedInformation => ({
    ...place,
    location: pieces.location(place.location),
  }));
  return {
    ...diagnostic,
    location: pieces.location(diagnostic.location),
    ...(cause === undefined ? {} : { cause: pieces.location(cause) }),
    related,
  };
}
