import type { CellDecl, Span } from '../../../grammar/syntax.ts';
import type { Location, Network, NetworkNode, NetworkTotals } from '../../network/network.ts';
import { opLabel } from '../../network/op-label.ts';
import { silenceMessage, silentOps, type SilenceCause, type SilentOps } from '../../network/signal.ts';
import type { Diagnostic, FileAnalysis, ModelAnalysis, RelatedInformation } from '../analysis.ts';
import { cellGraph } from '../expand/cells.ts';

/** Related places listed per diagnostic. */
const mostRelated = 4;

/** Nodes of a network that is searched; a larger one would keep hovers waiting. */
const largest = 4000;

/** By the totals, which a network keeps when its places move. */
const known = new WeakMap<NetworkTotals, SilentOps>();

/** A network of a model and what is silent in it. */
interface Searched {
  readonly network: Network;
  readonly silent: SilentOps;
}

function searched({ totals, network }: ModelAnalysis): Searched | undefined {
  if (totals === undefined || network === undefined || network.nodes.length > largest) return undefined;
  let silent = known.get(totals);
  if (silent === undefined) {
    silent = silentOps(network);
    known.set(totals, silent);
  }
  return { network, silent };
}

/** All places of one op of the text, over models, calls and iterations. */
interface Op {
  readonly span: Span;
  readonly silent: { readonly network: Network; readonly node: NetworkNode; readonly cause: SilenceCause }[];
  places: number;
}

/**
 * Ops of a file that no signal passes, at the op where it stands in this file, else where what it belongs to is called;
 * and cells that let nothing through at all, at their name. Takes milliseconds for a large network: not for every
 * keystroke, and with a stop after each model.
 *
 * @param linted what the linter has found in the file: where it says the same, once is enough
 */
export function* signalDiagnostics(
  analysis: FileAnalysis,
  linted: readonly Diagnostic[],
): Generator<undefined, Diagnostic[]> {
  const ops = new Map<string, Op>();
  const cells = new Map<CellDecl, { readonly origin: Location; readonly nodes: NetworkNode[] }>();
  for (const model of analysis.models) {
    const found = searched(model);
    yield;
    if (found === undefined) continue;
    const { network, silent } = found;
    for (const node of network.nodes.slice(1)) {
      const place = placeIn(analysis.uri, node);
      if (place === undefined) continue;
      const cause = silent.get(node.id);
      const blocked = cause === undefined ? undefined : deadCell(analysis, found, node, cause);
      if (blocked !== undefined) {
        const entry = cells.get(blocked) ?? { origin: node.origin, nodes: [] };
        entry.nodes.push(node);
        cells.set(blocked, entry);
      }
      if (node.params.length === 0) continue;
      const key = `${place.start} ${place.end} ${node.op}`;
      const op = ops.get(key) ?? { span: place, silent: [], places: 0 };
      op.places += 1;
      if (cause !== undefined) op.silent.push({ network, node, cause });
      ops.set(key, op);
    }
  }
  const told = toldSpans(analysis, linted);
  return [
    ...[...cells].map(([cell, { nodes }]) => cellDiagnostic(analysis, cell, nodes)),
    ...[...ops.values()].filter(({ silent }) => silent.length > 0).map((op) => opDiagnostic(analysis, op)),
  ].filter(
    ({ location: { span } }) => !told.some(({ start, end }) => start <= span.start && span.end <= end),
  );
}

/** Ops of cells of which the linter says why no signal passes them: a dead edge, or those into a node that nothing reads. */
function toldSpans({ parse }: FileAnalysis, linted: readonly Diagnostic[]): readonly Span[] {
  const graphs = parse.file.items.filter((item) => item.kind === 'cell').map((cell) => cellGraph(cell).edges);
  return linted.flatMap(({ code, location: { span } }) => {
    if (code === 'dead-edge') return [span];
    if (code !== 'cell-node-unused') return [];
    for (const edges of graphs) {
      const node = edges.find(({ to }) => to.span.start === span.start)?.to.value;
      if (node !== undefined) return edges.filter(({ to }) => to.value === node).map(({ flow }) => flow.span);
    }
    return [];
  });
}

/** Where a node stands in a file: the op itself, or the call there that leads to it. */
function placeIn(uri: string, { origin }: NetworkNode): Span | undefined {
  if (origin.uri === uri) return origin.span;
  return origin.calls.find((call) => call.uri === uri && call.kind === 'call')?.span;
}

function opDiagnostic({ uri }: FileAnalysis, { span, silent, places }: Op): Diagnostic {
  const { network, node, cause } = silent[0]!;
  const causes = cause.nodes.map((id) => network.nodes[id]!);
  const where =
    silent.length === places ? '' : ` at ${silent.length} of its ${places} places (in \`${network.name}\`)`;
  return {
    code: 'no-signal',
    severity: 'warning',
    message: `No signal passes \`${opLabel(node)}\`${where}: its gradient is always 0. ${silenceMessage(cause.kind, causes)} ${remedies[cause.kind]}`,
    location: { uri, span },
    related: causes.slice(0, mostRelated).map((each) => related(each, causeNames[cause.kind])),
  };
}

const remedies: Readonly<Record<SilenceCause['kind'], string>> = {
  'zero-input': 'Give it another input, or remove it.',
  unused: 'Use its output, or remove the branch.',
  blocked: 'Open a way past it, or remove it.',
};

const causeNames: Readonly<Record<SilenceCause['kind'], string>> = {
  'zero-input': 'The zeros come from here.',
  unused: 'The branch ends here.',
  blocked: 'Nothing passes here.',
};

function related({ origin: { uri, span } }: NetworkNode, message: string): RelatedInformation {
  return { location: { uri, span }, message };
}

/** The cell of this file whose whole output is 0 by its own doing: its last node is fed by edges that give zeros. */
function deadCell(
  { parse, uri }: FileAnalysis,
  { network, silent }: Searched,
  node: NetworkNode,
  cause: SilenceCause,
): CellDecl | undefined {
  if (cause.kind !== 'zero-input' || node.origin.uri !== uri || !cause.nodes.includes(node.id))
    return undefined;
  const { start } = node.origin.span;
  const cell = parse.file.items.find(
    (item): item is CellDecl => item.kind === 'cell' && item.span.start <= start && start < item.span.end,
  );
  if (cell === undefined) return undefined;
  const inside = insideOf(node);
  // What leaves a cell is its last node.
  const last = network.nodes.findLast(({ path }) => path.startsWith(inside));
  const ofLast = last === undefined ? undefined : silent.get(last.id);
  const ownDoing =
    ofLast?.kind === 'zero-input' && ofLast.nodes.every((id) => network.nodes[id]!.path.startsWith(inside));
  return ownDoing ? cell : undefined;
}

/** Path of the cell a node belongs to: `for.0:1/cell.0/` of `for.0:1/cell.0/0-1/none.0`. */
function insideOf({ path }: NetworkNode): string {
  return /^(.*cell\.\d+\/)/.exec(path)?.[1] ?? path;
}

function cellDiagnostic(
  { uri }: FileAnalysis,
  { name }: CellDecl,
  nodes: readonly NetworkNode[],
): Diagnostic {
  const edges = new Map(nodes.map((node) => [node.origin.span.start, node]));
  const uses = new Map(
    nodes.flatMap(({ origin }) => {
      const call = origin.calls.findLast(({ kind }) => kind === 'call');
      return call === undefined ? [] : [[`${call.uri} ${call.span.start}`, call] as const];
    }),
  );
  return {
    code: 'no-signal',
    severity: 'warning',
    message: `No signal passes the cell \`${name.name}\`: every way from its input to its output is \`none\`. Make an edge on some way an op, or \`skip_connect\`.`,
    location: { uri, span: name.span },
    related: [
      ...[...edges.values()].slice(0, mostRelated).map((node) => related(node, 'Nothing passes this edge.')),
      ...[...uses.values()]
        .slice(0, mostRelated)
        .map((call) => ({ location: { uri: call.uri, span: call.span }, message: 'The cell is used here.' })),
    ],
  };
}
