import { own } from '../../../base/own.ts';
import type { NetworkNode } from '../../../network/network.ts';
import { needsTensors, type ArgSpec, type ArgValue, type OpDefinition } from '../../../network/op.ts';
import { formatShape } from '../../../network/shape.ts';
import type { Shape } from '../../../network/shape.ts';
import type { OpInsight } from '../../../score/insight/insight.ts';
import { formatCount, formatInteger, formatShare, plural } from '../../../base/quantities.ts';
import { insightText } from './insight.ts';
import type { InsightSource } from './insight.ts';
import { code, fenced, plain, table } from '../../../base/markdown.ts';
import { shownName } from '../../../language/names/shown-name.ts';

/** One place of a network where an op of the text stands. */
export interface OpSite {
  readonly model: string;
  readonly node: NetworkNode;
  readonly inputs: readonly Shape[];
  /** Absent: not known yet. */
  readonly inside?: OpInsight;
}

const mostRows = 8;
const mostModels = 4;

/**
 * What an op does, and what it does at each place the text under the cursor stands for.
 * @param insights by model; of those in it, the contributions are told
 */
export function opHover(
  op: OpDefinition,
  sites: readonly OpSite[],
  insights: ReadonlyMap<string, InsightSource> = new Map(),
): string {
  // What differs from place to place comes first: hovers show a few lines before one has to scroll.
  return [
    fenced(signature(op)),
    op.summary,
    ...(sites.length === 0 ? [] : [here(sites)]),
    ...(insights.size === 0 || sites.length === 0 ? [] : [fisher(sites, insights)]),
    ...(sites.length < 2 ? [] : [placeTable(sites)]),
    ...(op.args.length === 0 ? [] : [argumentTable(op, sites)]),
    '---',
    op.doc,
  ].join('\n\n');
}

/** Required arguments by name; the table has the others. */
function signature(op: OpDefinition): string {
  const required = op.args.filter((arg) => arg.default === undefined && arg.defaultFrom === undefined);
  const all = [
    ...(needsTensors(op) ? ['tensor'] : []),
    ...required.map(({ name }) => name),
    ...(required.length < op.args.length ? ['…'] : []),
  ];
  return all.length === 0 ? op.name : `${op.name}(${all.join(', ')})`;
}

export function formatArg(value: ArgValue): string {
  return typeof value === 'object' ? value.join('x') : String(value);
}

/** Sites that look alike: same model, shapes and arguments. */
interface Group {
  readonly first: OpSite;
  readonly sites: OpSite[];
}

function groups(sites: readonly OpSite[]): readonly Group[] {
  const byLook = new Map<string, Group>();
  for (const site of sites) {
    const { model, node, inputs } = site;
    const key = JSON.stringify([model, inputs, node.shape, node.args]);
    const group = byLook.get(key);
    if (group === undefined) byLook.set(key, { first: site, sites: [site] });
    else group.sites.push(site);
  }
  return [...byLook.values()];
}

/** Shapes, size and cost of one site; how many there are of several. */
function here(sites: readonly OpSite[]): string {
  const [only] = sites;
  if (sites.length === 1 && only !== undefined)
    return [`**${flow(only)}**`, ...costParts(only.node)].join(' · ');
  const models = new Set(sites.map(({ model }) => model));
  const names =
    models.size > mostModels
      ? plural(models.size, 'model')
      : [...models].map((name) => code(shownName(name))).join(', ');
  return `**${formatInteger(sites.length)} places** in ${names}`;
}

function placeTable(sites: readonly OpSite[]): string {
  const all = groups(sites);
  const scored = sites.some(({ inside }) => inside !== undefined);
  const models = new Set(sites.map(({ model }) => model)).size > 1;
  const columns = [
    ...(models ? ['Model'] : []),
    'Input → output',
    'Params',
    'MACs',
    ...(scored ? ['Fisher'] : []),
    'Where',
  ];
  const rows = all.slice(0, mostRows).map((group) => {
    const { first } = group;
    return [
      ...(models ? [plain(shownName(first.model))] : []),
      flow(first),
      formatCount(sum(group.sites, ({ node }) => paramCount(node))),
      formatCount(sum(group.sites, ({ node }) => node.macs)),
      ...(scored ? [shareCell(group.sites)] : []),
      where(group),
    ];
  });
  const more = all.slice(mostRows).reduce((count, group) => count + group.sites.length, 0);
  return `${table(columns, rows)}${more === 0 ? '' : `\n\n+ ${formatInteger(more)} more`}`;
}

/** The block called last; without one, the iterations. */
function where({ first, sites }: Group): string {
  const { calls } = first.node.origin;
  const call = calls.findLast(({ kind }) => kind === 'call');
  const label = call?.label ?? calls.map(({ label: each }) => each).join(' › ');
  const text = label === '' ? 'here' : code(label);
  return sites.length === 1 ? text : `${text} ×${formatInteger(sites.length)}`;
}

function flow({ inputs, node }: OpSite): string {
  const from = inputs.map((shape) => formatShape(shape)).join(' + ');
  return `${from === '' ? '' : `${from} → `}${formatShape(node.shape)}`;
}

function costParts(node: NetworkNode): string[] {
  return [
    ...(node.params.length === 0 ? [] : [`${formatCount(paramCount(node))} params`]),
    ...(node.macs === 0 ? [] : [`${formatCount(node.macs)} MACs`]),
  ];
}

function paramCount(node: NetworkNode): number {
  return sum(node.params, ({ shape }) => shape.reduce((product, extent) => product * extent, 1));
}

function shareCell(sites: readonly OpSite[]): string {
  const shares = sites.flatMap(({ inside }) =>
    inside === undefined || inside.tensors === 0 ? [] : [inside.share.value],
  );
  return shares.length === 0 ? '–' : formatShare(sum(shares, (share) => share));
}

/** A share is one of a model's trace, so models are not added up. */
function fisher(sites: readonly OpSite[], insights: ReadonlyMap<string, InsightSource>): string {
  const models = [...insights].slice(0, mostModels).map(([model, source]) => {
    const own = sites.filter((site) => site.model === model);
    return {
      model,
      source,
      ops: own.flatMap(({ inside }) => (inside === undefined ? [] : [inside])),
      places: own.length,
      tensors: sum(own, ({ node }) => node.params.length),
    };
  });
  return insightText(models);
}

function argumentTable(op: OpDefinition, sites: readonly OpSite[]): string {
  const used = sites.length > 0;
  const columns = ['Argument', ...(used ? ['Here'] : []), 'Default', 'Meaning'];
  const rows = op.args.map((arg) => [
    code(arg.name),
    ...(used ? [valuesHere(arg.name, sites)] : []),
    fallback(arg),
    arg.doc,
  ]);
  return table(columns, rows);
}

function fallback(arg: ArgSpec): string {
  if (arg.defaultFrom !== undefined) return `as ${code(arg.defaultFrom)}`;
  return arg.default === undefined ? 'required' : code(formatArg(arg.default));
}

/** `16`, or `16, 32, 64` where the places differ. */
function valuesHere(name: string, sites: readonly OpSite[]): string {
  const values = new Set<string>();
  for (const { node } of sites) {
    const value = own(node.args, name);
    if (value !== undefined) values.add(formatArg(value));
  }
  const shown = [...values].slice(0, 4).map(code).join(', ');
  return values.size > 4 ? `${shown}, …` : shown;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
