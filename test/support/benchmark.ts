import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Published figures beside the checkout, which are no part of it: more of what is in `examples/benchmarks`. */
export const publishedData = join(root, '..', 'shared', 'data');

/** A table of networks of NAS-Bench-201 with their parameters and MACs, in millions, and accuracies. */
export interface BenchmarkTable {
  readonly file: string;
  readonly networks: number;
}

const whole: BenchmarkTable = { file: join(publishedData, 'nb201.csv'), networks: 15_625 };

/** The 1,000 networks of the examples, and all where the whole table lies beside the checkout. */
export const benchmarkTables: readonly BenchmarkTable[] = [
  { file: join(root, 'examples', 'benchmarks', 'nasbench201.csv'), networks: 1000 },
  ...(existsSync(whole.file) ? [whole] : []),
];
