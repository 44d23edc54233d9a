import type { CellDecl, Span } from '../../../grammar/syntax.ts';
import type { Location, Network, NetworkNode, NetworkTotals } from '../../network/network.ts';
import { opLabel } from '../../network/op-label.ts';
import { silenceMessage, silentOps, type SilenceCause, type SilentOps } from '../../network/signal.ts';
import type { Diagnostic, FileAnalysis, ModelAnalysis, RelatedInformation } from '../analysis.ts';
import { countWhere } from '../../base/bisect.ts';
import { plural } from '../../base/quantities.ts';
import { around } from '../cursor/lookup.ts';
import { cellGraph } from '../expand/cells.ts';
import { shownName } from '../names/shown-name.ts';

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
  /** By the path of a call of a cell: whether that gives zeros by its own doing; found out when it matters. */
  readonly dead: Map<string, boolean>;
  /** By the path of a call of a cell, the last node of it: what leaves the cell. */
  readonly last: () => ReadonlyMap<string, NetworkNode>;
}

function searched({ totals, network }: ModelAnalysis): Searched | undefined {
  if (totals === undefined || network === undefined || network.nodes.length > largest) return undefined;
  let silent = known.get(totals);
  if (silent === undefined) {
    silent = silentOps(network);
    known.set(totals, silent);
  }
  let last: ReadonlyMap<string, NetworkNode> | undefined;
  return { network, silent, dead: new Map(), last: () => (last ??= lastOfCells(network)) };
}

function lastOfCells({ nodes }: Network): ReadonlyMap<string, NetworkNode> {
  const last = new Map<string, NetworkNode>();
  for (const node of nodes)
    for (const { 0: name, index } of node.path.matchAll(/cell\.\d+\//g))
      last.set(node.path.slice(0, index + name.length), node);
  return last;
}

/** All places of one op of the text, over models, calls and iterations. */
interface Op {
  readonly span: Span;
  readonly silent: { readonly network: Network; readonly node: NetworkNode; readonly cause: SilenceCause }[];
  places: number;
  /** Ops that are silent because of the same, and told of with it. */
  readonly others?: readonly Op[];
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
    ...oncePerCause([...ops.values()].filter(({ silent }) => silent.length > 0)).map((op) =>
      opDiagnostic(analysis, op),
    ),
  ].filter(({ location: { span } }) => {
    const before = told[countWhere(told, ({ start }) => start <= span.start) - 1];
    return before === undefined || span.end > before.end;
  });
}

/**
 * Ops of cells of which the linter says why no signal passes them: a dead edge, or those into a node that nothing reads. In
 * the order of the text.
 */
function toldSpans({ parse }: FileAnalysis, linted: readonly Diagnostic[]): readonly Span[] {
  const unused = new Set<number>();
  const told: Span[] = [];
  for (const { code, location } of linted) {
    if (code === 'dead-edge') told.push(location.span);
    if (code === 'cell-node-unused') unused.add(location.span.start);
  }
  for (const item of parse.file.items) {
    if (item.kind !== 'cell' || unused.size === 0) continue;
    const { edges } = cellGraph(item);
    const nodes = new Set(edges.filter(({ to }) => unused.has(to.span.start)).map(({ to }) => to.value));
    for (const { to, flow } of edges) if (nodes.has(to.value)) told.push(flow.span);
  }
  return told.sort((a, b) => a.start - b.start);
}

/**
 * Of ops with the same cause the one next to it stands for the others: the last one of a branch that ends or is blocked, the first one
 * behind zeros. A branch that forks is told of where each fork ends.
 *
 * @param ops in the order of the network
 */
function oncePerCause(ops: readonly Op[]): readonly Op[] {
  const groups = new Map<string, Op[]>();
  for (const op of ops) {
    const { network, cause } = op.silent[0]!;
    const key = [network.name, cause.kind, ...cause.nodes].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [op]);
    else group.push(op);
  }
  return [...groups.values()].flatMap((group) => {
    const { network, cause } = group[0]!.silent[0]!;
    const forks = cause.kind === 'unused' && cause.nodes.length > 1;
    if (forks && cause.nodes.every((id) => groups.has([network.name, cause.kind, id].join(' ')))) return [];
    const next = cause.kind === 'zero-input' ? group[0]! : group.at(-1)!;
    return [{ ...next, others: group.filter((op) => op !== next) }];
  });
}

/** Where a node stands in a file: the op itself, or the call there that leads to it. */
function placeIn(uri: string, { origin }: NetworkNode): Span | undefined {
  if (origin.uri === uri) return origin.span;
  return origin.calls.find((call) => call.uri === uri && call.kind === 'call')?.span;
}

function opDiagnostic({ uri }: FileAnalysis, { span, silent, places, others = [] }: Op): Diagnostic {
  const { network, node, cause } = silent[0]!;
  const causes = cause.nodes.map((id) => network.nodes[id]!);
  const where =
    silent.length === places
      ? ''
      : ` at ${silent.length} of its ${places} places (in \`${shownName(network.name)}\`)`;
  return {
    code: 'no-signal',
    severity: 'warning',
    message: `No signal passes \`${opLabel(node)}\`${where}${othersText(others.length, cause.kind)}: ${others.length === 0 ? 'its gradient is' : 'their gradients are'} always 0. ${silenceMessage(cause.kind, causes)} ${remedies[cause.kind]}`,
    location: { uri, span },
    related: [
      ...causes.slice(0, mostRelated).map((each) => related(each, causeNames[cause.kind])),
      ...others.slice(0, mostRelated).map((each) => ({
        location: { uri, span: each.span },
        message: 'The same goes for this.',
      })),
    ],
  };
}

/** ` and 3 ops before it` */
function othersText(count: number, kind: SilenceCause['kind']): string {
  if (count === 0) return '';
  return ` and ${plural(count, 'op')} ${kind === 'zero-input' ? 'behind' : 'before'} it`;
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
  { network, silent, dead, last }: Searched,
  node: NetworkNode,
  cause: SilenceCause,
): CellDecl | undefined {
  if (cause.kind !== 'zero-input' || node.origin.uri !== uri || !cause.nodes.includes(node.id))
    return undefined;
  const cell = around(parse.file.items, node.origin.span.start);
  if (cell?.kind !== 'cell') return undefined;
  const inside = insideOf(node);
  let ownDoing = dead.get(inside);
  if (ownDoing === undefined) {
    const leaving = last().get(inside);
    const cause = leaving === undefined ? undefined : silent.get(leaving.id);
    ownDoing =
      cause?.kind === 'zero-input' && cause.nodes.every((id) => network.nodes[id]!.path.startsWith(inside));
    dead.set(inside, ownDoing);
  }
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
