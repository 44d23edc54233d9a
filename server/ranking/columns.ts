import { own } from '../base/own.ts';
import type { RankingEntry } from './entry.ts';
import type { RankedEntry } from './ranked-entry.ts';
import { compareTasks, type Task } from './task.ts';

/** What ranks are made by. More is better. */
export const measures = ['single', 'vkdnw', 'aggregate'] as const;
export type Measure = (typeof measures)[number];

export const sortColumns = [
  ...measures,
  'uncertainty',
  'params',
  'macs',
  'layers',
  'task',
  'family',
  'model',
  'file',
  'state',
] as const;
type FixedColumn = (typeof sortColumns)[number];
/** A column that every ranking has, or one that was asked for. */
export type SortColumn = FixedColumn | `proxy:${string}`;

/** A column of other scores. Holds a function, so it is not sent: a `ColumnSpec` is, from which `columnOf` makes it. */
export interface ExtraColumn {
  readonly name: string;
  readonly title: string;
  readonly better: 'higher' | 'lower';
  readonly source: string;
  /** One a model that is compared. */
  readonly valuesOf: (entries: readonly RankingEntry[]) => readonly (number | undefined)[];
  /** The value of a model that is compared with none; absent where there is a value only among others. */
  readonly valueAlone?: (entry: RankingEntry) => number | undefined;
  /** Whether the score, or a part of it, is still to be computed. */
  readonly isOpen: (entry: RankingEntry) => boolean;
  /** Why the column, or a part of it, has no value for a model: by name of the score that failed. */
  readonly failuresOf: (entry: RankingEntry) => readonly (readonly [name: string, why: string])[];
}

export function isSortColumn(text: unknown): text is SortColumn {
  return (
    typeof text === 'string' && (text.startsWith('proxy:') || sortColumns.some((column) => column === text))
  );
}

/** The name in `proxy:NAME`. */
export function proxyOf(column: SortColumn): string | undefined {
  return isFixed(column) ? undefined : column.slice('proxy:'.length);
}

function isFixed(column: SortColumn): column is FixedColumn {
  return !column.startsWith('proxy:');
}

export interface ColumnText {
  readonly label: string;
  /** What comes first when it is sorted by. */
  readonly first: string;
}

export const columnTexts: Readonly<Record<FixedColumn, ColumnText>> = {
  single: { label: 'VKDNW_single', first: 'highest first' },
  vkdnw: { label: 'VKDNW', first: 'highest first' },
  aggregate: { label: 'aggregate', first: 'highest first' },
  uncertainty: { label: 'uncertainty', first: 'highest first' },
  params: { label: 'parameters', first: 'fewest first' },
  macs: { label: 'MACs', first: 'fewest first' },
  layers: { label: 'layers', first: 'most first' },
  task: { label: 'task', first: 'small inputs first' },
  family: { label: 'family', first: 'A to Z' },
  model: { label: 'name', first: 'A to Z' },
  file: { label: 'file', first: 'A to Z' },
  state: { label: 'state', first: 'errors first' },
};

/** @param extras those that were asked for */
export function columnText(column: SortColumn, extras: readonly ExtraColumn[] = []): ColumnText {
  if (isFixed(column)) return columnTexts[column];
  const name = proxyOf(column);
  const extra = extras.find((candidate) => candidate.name === name);
  return {
    label: extra?.title ?? name ?? '',
    first: extra?.better === 'lower' ? 'lowest first' : 'highest first',
  };
}

/** The measure that ranks are made by under a sort order: itself where it is one. */
export function measureOf(column: SortColumn): Measure {
  return measures.find((measure) => measure === column) ?? 'single';
}

const stateOrder: readonly RankingEntry['state'][] = [
  'failed',
  'invalid',
  'scoring',
  'waiting',
  'costly',
  'unscored',
  'quick',
  'scored',
];

/** For `sort`: what a column puts first; equals by file and place in it. What has no value comes last. */
export function compareBy(column: SortColumn): (a: RankedEntry, b: RankedEntry) => number {
  return (a, b) => compareValues(column, a, b) || comparePlaces(a.entry, b.entry);
}

function compareValues(column: SortColumn, a: RankedEntry, b: RankedEntry): number {
  if (!isFixed(column)) {
    const name = column.slice('proxy:'.length);
    return descending(own(a.directed ?? {}, name), own(b.directed ?? {}, name));
  }
  switch (column) {
    case 'single':
    case 'vkdnw':
      return descending(a.entry.score?.[column], b.entry.score?.[column]);
    case 'aggregate':
      return descending(a.aggregate, b.aggregate);
    case 'uncertainty':
      return descending(a.entry.score?.vkdnwSe, b.entry.score?.vkdnwSe);
    case 'layers':
      return descending(a.entry.layers, b.entry.layers);
    case 'params':
    case 'macs':
      return ascending(a.entry[column], b.entry[column]);
    case 'task':
      return byTask(a.entry.task, b.entry.task);
    case 'family':
      return byName(a.entry.family ?? '', b.entry.family ?? '');
    case 'model':
      return byName(a.entry.model, b.entry.model);
    case 'file':
      return 0;
    case 'state':
      return stateOrder.indexOf(a.entry.state) - stateOrder.indexOf(b.entry.state);
  }
}

function comparePlaces(a: RankingEntry, b: RankingEntry): number {
  return byName(a.file, b.file) || a.line - b.line || byName(a.model, b.model);
}

function ascending(a = Infinity, b = Infinity): number {
  return a === b ? 0 : a - b;
}

function descending(a = -Infinity, b = -Infinity): number {
  return ascending(b, a);
}

/** Models without one come last. */
function byTask(a: Task | undefined, b: Task | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareTasks(a, b);
}

/** Numbers inside names count as numbers: `net2` before `net10`. */
const collator = new Intl.Collator('en', { numeric: true });

function byName(a: string, b: string): number {
  return collator.compare(a, b);
}
