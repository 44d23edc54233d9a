import { formatInteger } from '../base/quantities.ts';
import { withWorst } from '../proxies/aggregate-values.ts';
import { integerStream } from '../tensor/random.ts';
import type { BenchmarkScores } from './benchmark-scores.ts';
import { cellFeatures } from './cell-features.ts';
import { fewestNetworks, type ScoreColumn } from './evaluation.ts';
import { predictByForest, trees, type ForestOptions } from './forest.ts';
import { TableError } from './table.ts';

export interface LearnOptions extends ForestOptions {
  /** Networks that are learned from. */
  readonly training: number;
  /** Names of the columns used as features; aggregates are left out, being sums of the others. */
  readonly features: readonly string[];
}

/**
 * Learns to predict the target from some of the networks (chosen by the seed) and adds what it predicts of the others: by
 * the graph of the cell alone, and by the graph and the proxies; a proxy without a value counts as worse than all. All columns
 * are left with the networks that were not learned from, so that none is judged on others.
 *
 * @returns undefined when the signal stopped it
 * @throws TableError where no three networks would be left
 */
export async function withLearned(
  scores: BenchmarkScores,
  { training, features, ...options }: LearnOptions,
): Promise<BenchmarkScores | undefined> {
  const { rows, columns } = scores;
  if (rows.length - training < fewestNetworks)
    throw new TableError(
      `There are ${rows.length} networks; learning from ${training} of them leaves too few to test on. Learn from ${Math.max(0, rows.length - fewestNetworks)} at most.`,
    );
  const draw = integerStream(options.seed, 'training');
  const order = rows.map((_, row) => row);
  for (let place = 0; place < training; place += 1) {
    const other = place + draw(order.length - place);
    [order[place], order[other]] = [order[other]!, order[place]!];
  }
  const known = order.slice(0, training);
  const asked = order.slice(training).sort((a, b) => a - b);

  const graph = rows.map(({ genotype }) => cellFeatures(genotype));
  const proxies = columns
    .filter(({ name }) => features.includes(name))
    .map((column) => withWorst(column, Array.from(column.values)));
  const both = graph.map((row, index) => [...row, ...proxies.map((values) => values[index]!)]);
  const targets = known.map((row) => rows[row]!.target);
  const learn = async (
    name: string,
    all: readonly (readonly number[])[],
    part: number,
  ): Promise<ScoreColumn | undefined> => {
    const values = await predictByForest(
      known.map((row) => all[row]!),
      targets,
      asked.map((row) => all[row]!),
      {
        ...options,
        onProgress: (done) => {
          options.onProgress?.((part + done) / 2);
        },
      },
    );
    return values === undefined ? undefined : { name, better: 'higher', values };
  };
  const byGraph = await learn('forest (graph)', graph, 0);
  const byBoth = await learn('forest (graph + proxies)', both, 1);
  if (byGraph === undefined || byBoth === undefined) return undefined;
  return {
    ...scores,
    rows: asked.map((row) => rows[row]!),
    columns: [
      ...columns.map((column) => ({ ...column, values: asked.map((row) => column.values[row]) })),
      byGraph,
      byBoth,
    ],
    notes: [
      ...scores.notes,
      `Learned from ${formatInteger(training)} networks (seed ${options.seed}); all rows are judged on the other ${formatInteger(asked.length)}. Forests of ${trees} trees.`,
    ],
  };
}
