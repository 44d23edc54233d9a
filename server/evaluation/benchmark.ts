import { nasBench201, nasBench201Edges, type NasBench201Options } from '../network/nasbench201.ts';
import type { Network } from '../network/network.ts';
import { integerStream } from '../tensor/random.ts';
import { columnIndex, numbersOf, TableError, type MissingValues, type Table } from './table.ts';

/** Input and classes of the data sets of NAS-Bench-201 (Dong and Yang, ICLR 2020). */
export const dataSets = {
  cifar10: { input: [3, 32, 32], classes: 10 },
  cifar100: { input: [3, 32, 32], classes: 100 },
  'imagenet16-120': { input: [3, 16, 16], classes: 120 },
} as const satisfies Readonly<Record<string, NasBench201Options>>;

export type DataSet = keyof typeof dataSets;

/** A row of a benchmark table. */
export interface BenchmarkRow {
  readonly line: number;
  readonly genotype: string;
  /** As the table has it: nDCG takes it for percent. */
  readonly target: number;
}

export interface BenchmarkChoice {
  /** Column of the genotypes. */
  readonly genotype: string;
  readonly target: string;
  /** Rows at random, without replacement; absent: all. */
  readonly sample?: number;
  readonly seed: number;
  /** Only rows whose cell of a column is exactly a text. */
  readonly where: readonly { readonly column: string; readonly text: string }[];
}

export interface ChosenRows {
  readonly rows: readonly BenchmarkRow[];
  /** Rows that could have been chosen. */
  readonly of: number;
  readonly missing: readonly MissingValues[];
}

/** Chooses rows of a benchmark table that have a target. The same rows for the same seed. @throws TableError */
export function chooseRows(table: Table, choice: BenchmarkChoice): ChosenRows {
  const genotypes = columnIndex(table, choice.genotype);
  const filtered = filterRows(table, choice.where);
  const { rows, targets, missing } = numbersOf(filtered, choice.target);
  const all = rows.map((row, index) => ({
    line: filtered.rows[row]!.line,
    genotype: filtered.rows[row]!.cells[genotypes]!.trim(),
    target: targets[index]!,
  }));
  return { rows: sample(all, choice.sample ?? all.length, choice.seed), of: all.length, missing };
}

/** The rows whose cells are exactly the wanted texts. @throws TableError where none is */
export function filterRows(
  table: Table,
  where: readonly { readonly column: string; readonly text: string }[],
): Table {
  const wanted = where.map(({ column, text }) => ({ index: columnIndex(table, column), text }));
  const rows = table.rows.filter(({ cells }) =>
    wanted.every(({ index, text }) => cells[index]!.trim() === text),
  );
  if (rows.length === 0) {
    const which = where.map(({ column, text }) => `${column}=${text}`).join(' and ');
    throw new TableError(
      `${table.file} has no rows${which === '' ? ' below its titles' : ` with ${which}`}.`,
    );
  }
  return { ...table, rows };
}

/** In the order of the table (selection by a partial Fisher–Yates shuffle). */
function sample<T>(all: readonly T[], count: number, seed: number): readonly T[] {
  if (count >= all.length) return all;
  const draw = integerStream(seed, 'sample');
  const indices = [...all.keys()];
  for (let place = 0; place < count; place += 1) {
    const other = place + draw(indices.length - place);
    [indices[place], indices[other]] = [indices[other]!, indices[place]!];
  }
  return indices
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((index) => all[index]!);
}

/** Four nodes, each of which reads all before it. */
const edgesOfCell = 6;

/** The network of a row. @throws TableError naming the line */
export function networkOfRow(file: string, { line, genotype }: BenchmarkRow, dataSet: DataSet): Network {
  try {
    const edges = nasBench201Edges(genotype);
    if (!('error' in edges) && edges.length !== edgesOfCell)
      throw new RangeError(
        `genotype ${genotype}: it has ${edges.length} edges, but a cell of NAS-Bench-201 has ${edgesOfCell}`,
      );
    return nasBench201(genotype, dataSets[dataSet]);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TableError(
      `${file}:${line}: ${error.message}. A genotype of NAS-Bench-201 is written |op~0|+|op~0|op~1|+|op~0|op~1|op~2|.`,
    );
  }
}
