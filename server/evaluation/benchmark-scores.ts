import { formatInteger } from '../base/quantities.ts';
import { own } from '../base/own.ts';
import { aggregateValues } from '../proxies/aggregate-values.ts';
import type { ColumnChoice } from '../proxies/column-choice.ts';
import { isAggregate, type AggregateColumn } from '../proxies/ranking-columns.ts';
import type { Proxy } from '../proxies/proxy.ts';
import type { BenchmarkRow, ChosenRows } from './benchmark.ts';
import type { ScoreColumn } from './evaluation.ts';
import type { JournalEntry } from './journal.ts';
import { kendallTauB } from './kendall.ts';
import type { Measured } from './measure.ts';
import { once, pairKnown } from './pairs.ts';
import { missingNotes } from './table.ts';

/** The title of the column that says why cells of a table of scores are empty. */
export const missingColumn = 'missing';

/** A network with an accuracy, and why it has no value of some proxies, by their names. */
export interface MeasuredRow extends BenchmarkRow {
  readonly failed?: ReadonlyMap<string, string>;
}

/** Scores of networks with an accuracy, one row a network. */
export interface BenchmarkScores {
  readonly rows: readonly MeasuredRow[];
  readonly columns: readonly ScoreColumn[];
  readonly provenance: string;
  /** For people. */
  readonly notes: readonly string[];
}

type Combination = Pick<AggregateColumn, 'name' | 'parts' | 'rule'>;

/** Pairs of parts that an ablation shows. */
const bestPairs = 3;

/**
 * Puts what was measured into columns: proxies, aggregates, and the ablation of one.
 *
 * @param hashes of the networks of the chosen rows
 * @param how settings and inputs, for people
 */
export function benchmarkScores(
  { rows, of, missing }: ChosenRows,
  hashes: readonly string[],
  measured: Measured,
  { proxies, columns, ablation }: ColumnChoice,
  how: string,
): BenchmarkScores {
  const aggregates = columns.filter(isAggregate);
  const entries = hashes.map((hash) => measured.get(hash)!);
  const valuesOf = ({ name }: Pick<Proxy, 'name'>): readonly (number | undefined)[] =>
    entries.map(({ values }) => own(values, name));
  const columnOf = ({ name, parts, rule }: Combination): ScoreColumn => ({
    name,
    better: 'higher',
    values: aggregateValues(parts, valuesOf, rule),
  });
  const ablated = ablation === undefined ? [] : ablationOf(ablation, columnOf, rows);
  const engines = new Set(entries.flatMap(({ engine }) => (engine === undefined ? [] : [engine])));
  const different = new Set(hashes).size;
  return {
    rows: rows.map((row, index) => ({ ...row, failed: failuresOf(entries[index]!, proxies) })),
    columns: [
      ...proxies.map((proxy) => ({ name: proxy.name, better: proxy.better, values: valuesOf(proxy) })),
      ...aggregates.map(columnOf),
      ...ablated,
    ],
    provenance: [...engines, how].join('; '),
    notes: [
      ...(rows.length < of ? [`Chosen at random among ${formatInteger(of)} networks.`] : []),
      ...(different < rows.length ? [`${rows.length - different} of them are the same as others.`] : []),
      ...missingNotes(missing),
      ...failureNotes(proxies, rows, entries),
      ...aggregateNotes(aggregates),
      ...(ablation === undefined
        ? []
        : [
            `Ablation of ${ablation.name}: without each of its parts, and its ${bestPairs} best pairs by tau on these very networks.`,
          ]),
      ...(engines.size > 1 ? ['Several engines took part: their scores may differ in the last digits.'] : []),
    ],
  };
}

/** The aggregate without each of its parts, and of all pairs of parts the best by tau. */
function ablationOf(
  { name, parts, rule }: AggregateColumn,
  columnOf: (aggregate: Combination) => ScoreColumn,
  rows: readonly BenchmarkRow[],
): readonly ScoreColumn[] {
  const without = parts.map((left) =>
    columnOf({ name: `${name} − ${left.name}`, rule, parts: parts.filter((part) => part !== left) }),
  );
  const targets = rows.map(({ target }) => target);
  const tau = ({ values }: ScoreColumn): number => {
    const { pairs } = pairKnown(values, targets);
    return kendallTauB(pairs, once(pairs)) ?? -Infinity;
  };
  const pairs = parts
    .flatMap((a, index) =>
      parts.slice(index + 1).map((b) => columnOf({ name: `${a.name}+${b.name}`, rule, parts: [a, b] })),
    )
    .map((column) => ({ column, tau: tau(column) }))
    .sort((a, b) => b.tau - a.tau);
  return [...without, ...pairs.slice(0, bestPairs).map(({ column }) => column)];
}

function aggregateNotes(aggregates: readonly AggregateColumn[]): string[] {
  return aggregates.length === 0
    ? []
    : [
        `Aggregates, rank 1 the worst, which a network without a part has by it: ${aggregates.map(({ name, parts, rule }) => `${name} = Σ ${rule} by ${parts.map((part) => part.name).join(', ')}`).join('; ')}.`,
      ];
}

/** Of the proxies that were asked for: a journal may have others. */
function failuresOf({ failed }: JournalEntry, proxies: readonly Proxy[]): ReadonlyMap<string, string> {
  return new Map(
    proxies.flatMap(({ name }) => {
      const why = own(failed, name);
      return why === undefined ? [] : [[name, why]];
    }),
  );
}

function failureNotes(
  proxies: readonly Proxy[],
  rows: readonly BenchmarkRow[],
  entries: readonly JournalEntry[],
): string[] {
  return proxies.flatMap(({ name }) => {
    const failed = [...rows.keys()].filter((row) => own(entries[row]!.failed, name) !== undefined);
    const [first] = failed;
    return first === undefined
      ? []
      : [
          `Left out of its row: ${failed.length} network${failed.length === 1 ? '' : 's'} without ${name}, the first on line ${rows[first]!.line}: ${own(entries[first]!.failed, name)!}`,
        ];
  });
}
