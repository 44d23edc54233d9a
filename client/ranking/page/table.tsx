import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { own } from '../../../server/base/own.ts';
import { formatCount, formatInteger, formatScore, formatSingle } from '../../../server/base/quantities.ts';
import { columnText } from '../../../server/ranking/columns.ts';
import type { ExtraColumn, SortColumn } from '../../../server/ranking/columns.ts';
import { isError, isScored } from '../../../server/ranking/entry.ts';
import { formatRank, isTie } from '../../../server/ranking/rank-range.ts';
import type { RankedEntry } from '../../../server/ranking/ranked-entry.ts';
import { whyUnscored } from '../../../server/ranking/reasons.ts';
import { marksBeside, marksText } from '../../../server/score/marks.ts';
import {
  about,
  aggregateText,
  extraText,
  extraTip,
  noValue,
  settleText,
  singleText,
  stateText,
  taskOfText,
} from '../texts.ts';

/** Rows drawn at first; the rest comes on request. */
const fewRows = 100;

interface Column {
  readonly sort: SortColumn;
  readonly title: string;
  readonly kind: 'number' | 'number marked' | 'file' | 'state' | 'task';
  /** Another column, the heading or a click on the model says it too: a wide panel alone has room for it. */
  readonly spare?: boolean;
  readonly cell: (row: RankedEntry) => string | VNode;
  /** How the value was made, or why there is none. */
  readonly tip?: (row: RankedEntry) => string | undefined;
}

const file: Column = {
  sort: 'file',
  title: 'File',
  kind: 'file',
  spare: true,
  cell: ({ entry }) => entry.file,
};

/** @param named above the table, which is of one task */
const task = (named: boolean): Column => ({
  sort: 'task',
  title: 'Task',
  kind: 'task',
  spare: named,
  cell: ({ entry }) => taskOfText(entry),
});

const family = (poor: boolean): Column => ({
  sort: 'family',
  title: 'Family',
  kind: 'task',
  cell: ({ entry }) =>
    entry.family === undefined ? (
      noValue
    ) : poor ? (
      <span class="chip stale">{entry.family}</span>
    ) : (
      entry.family
    ),
  tip: ({ entry }) =>
    entry.family === undefined
      ? 'Without a network there is no family'
      : poor
        ? 'Models of other families are ordered poorly beside it: see above'
        : undefined,
});

const size = (
  sort: 'layers' | 'params' | 'macs',
  title: string,
  format: (value: number) => string,
): Column => ({
  sort,
  title,
  kind: 'number',
  cell: ({ entry }) => amount(entry[sort], format),
  tip: ({ entry }) => (entry[sort] === undefined ? whyUnscored(entry) : undefined),
});

const sizes: readonly Column[] = [
  { ...size('layers', 'Layers', formatInteger), spare: true },
  size('params', 'Params', formatCount),
  size('macs', 'MACs', formatCount),
];

/** Of models with a score. */
const scoredColumns: readonly Column[] = [
  file,
  {
    sort: 'single',
    title: 'VKDNW_single',
    kind: 'number',
    cell: ({ entry }) =>
      entry.score === undefined
        ? noValue
        : `${about(entry)}${formatSingle(entry.layers ?? 0, entry.score.vkdnw)}`,
    tip: ({ entry }) => (isScored(entry) ? singleText(entry) : undefined),
  },
  {
    sort: 'vkdnw',
    title: 'VKDNW',
    kind: 'number marked',
    cell: ({ entry }) =>
      entry.score === undefined
        ? noValue
        : `${about(entry)}${formatScore(entry.score.vkdnw)}${marksBeside(entry.score.marks)}`,
    tip: ({ entry: { score } }) => marksText(score?.marks),
  },
  {
    // That of VKDNW_single and of VKDNW: the layers, by which they differ, are exact.
    sort: 'uncertainty',
    title: '±',
    kind: 'number',
    cell: ({ entry }) => amount(entry.score?.vkdnwSe, formatScore),
    tip: ({ entry: { score } }) =>
      score?.vkdnwSe === undefined
        ? 'One seed of few index sets has no standard error'
        : `Standard error over ${score.settings.seeds} seeds`,
  },
  {
    sort: 'aggregate',
    title: 'Aggregate',
    kind: 'number',
    spare: true,
    cell: ({ aggregate }) => aggregateText(aggregate),
  },
  ...sizes,
];

/** Of models without one. */
const openColumns: readonly Column[] = [
  {
    sort: 'state',
    title: 'State',
    kind: 'state',
    cell: ({ entry }) => (
      <>
        <span class={isError(entry) ? 'chip stale' : 'chip'}>{stateText(entry)}</span>{' '}
        <span class="why">{whyUnscored(entry)}</span>
      </>
    ),
    tip: ({ entry }) => whyUnscored(entry),
  },
  file,
  ...sizes,
];

function amount(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? noValue : format(value);
}

function extraColumn(column: ExtraColumn): Column {
  const { name } = column;
  return {
    sort: `proxy:${name}`,
    title: name,
    kind: 'number',
    cell: ({ entry, extras }) => extraText(entry, own(extras ?? {}, name), column),
    tip: (row) => extraTip(row, column),
  };
}

function directionOf(column: SortColumn, extras: readonly ExtraColumn[]): 'ascending' | 'descending' {
  return /^(highest|most)/.test(columnText(column, extras).first) ? 'descending' : 'ascending';
}

type ShownColumn = Column & { readonly class: string };

/** What a column is, and the panel that has room for it. */
function classOf({ sort, kind, spare }: Column, kept: readonly SortColumn[]): string {
  if (kept.includes(sort) || kind === 'state') return kind;
  return `${kind} ${spare === true ? 'in-wide' : 'in-middling'}`;
}

interface TableProps {
  readonly caption: string;
  readonly rows: readonly RankedEntry[];
  /** Whether the rows have scores, or say why they have none. */
  readonly scored: boolean;
  /** Columns that were asked for. */
  readonly extras: readonly ExtraColumn[];
  /** Whether the task is a column: where there are several. */
  readonly tasks: boolean;
  /** The rows are of one, which is named above them. */
  readonly oneTask: boolean;
  /** Likewise the family. */
  readonly families: boolean;
  /** The order says little across families, so that they are marked. */
  readonly poorFamilies: boolean;
  readonly sort: SortColumn;
  /** What stays where there is little room. */
  readonly kept: readonly SortColumn[];
  readonly selected: string | undefined;
  readonly onSort: (column: SortColumn) => void;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onSettle: (id: string) => void;
}

export function RankingTable(props: TableProps): VNode {
  const {
    caption,
    rows,
    scored,
    extras,
    tasks,
    oneTask,
    families,
    poorFamilies,
    sort,
    kept,
    selected,
    onSort,
    onSelect,
    onOpen,
    onSettle,
  } = props;
  const shownColumns = [
    ...(scored ? scoredColumns : openColumns),
    ...(families ? [family(poorFamilies)] : []),
    ...(tasks ? [task(oneTask)] : []),
    ...(scored ? extras.map(extraColumn) : []),
  ].map((column) => ({ ...column, class: classOf(column, kept) }));
  const [showAll, setShowAll] = useState(false);
  const shown = showAll ? rows : rows.slice(0, fewRows);
  const head = (column: SortColumn, title: string, className?: string): VNode => (
    <th
      key={column}
      scope="col"
      class={className}
      aria-sort={sort === column ? directionOf(column, extras) : undefined}
    >
      <button
        class="sort"
        title={`Sort by ${columnText(column, extras).label}, ${columnText(column, extras).first}`}
        onClick={() => {
          onSort(column);
        }}
      >
        {title}
        <span aria-hidden="true">
          {sort !== column ? '' : directionOf(column, extras) === 'descending' ? ' ↓' : ' ↑'}
        </span>
      </button>
    </th>
  );
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {scored ? (
              <th scope="col" class="number">
                #
              </th>
            ) : null}
            {head('model', 'Model')}
            {shownColumns.map(({ sort: column, title, class: className }) => head(column, title, className))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row
              key={row.entry.id}
              row={row}
              scored={scored}
              columns={shownColumns}
              selected={row.entry.id === selected}
              onSelect={onSelect}
              onOpen={onOpen}
              onSettle={onSettle}
            />
          ))}
        </tbody>
      </table>
      {shown.length < rows.length ? (
        <button
          class="button"
          onClick={() => {
            setShowAll(true);
          }}
        >
          Show all {formatInteger(rows.length)}
        </button>
      ) : null}
    </div>
  );
}

interface RowProps {
  readonly row: RankedEntry;
  readonly scored: boolean;
  readonly columns: readonly ShownColumn[];
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onSettle: (id: string) => void;
}

function Row({ row, scored, columns: shown, selected, onSelect, onOpen, onSettle }: RowProps): VNode {
  const { entry, rank } = row;
  const { id, model } = entry;
  const tie = rank !== undefined && isTie(rank);
  return (
    <tr
      class={selected ? 'selected' : undefined}
      aria-current={selected ? 'true' : undefined}
      data-row={id}
      onClick={() => {
        onSelect(id);
      }}
    >
      {scored ? (
        <td
          class="number rank"
          title={tie ? 'A tie: its uncertainty leaves open where it stands' : undefined}
        >
          {rank === undefined ? '' : formatRank(rank)}
          {tie ? <span class="visually-hidden"> (tie)</span> : null}
        </td>
      ) : null}
      <th scope="row">
        <button
          class="link"
          title="Show in the source"
          onClick={() => {
            onOpen(id);
          }}
        >
          {model}
        </button>
        {entry.state === 'quick' ? (
          <button
            class="button quiet settle"
            title={`A quick score of ${model}: the rest of its seeds is computed on request`}
            onClick={() => {
              onSettle(id);
            }}
          >
            {settleText(entry)}
          </button>
        ) : null}
      </th>
      {shown.map(({ sort, class: className, cell, tip }) => (
        <td key={sort} class={className} title={tip?.(row)}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}
