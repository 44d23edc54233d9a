import { setImmediate } from 'node:timers/promises';
import { RandomForestRegression } from 'ml-random-forest';

export interface ForestOptions {
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Share of the trees that are grown, 0 … 1. */
  readonly onProgress?: (done: number) => void;
}

/** As many as the paper has (Týbl and Neumann, CVPR 2025): docs/score.md#table-1-of-the-paper. */
export const trees = 100;
/** Trees grown at a stretch. */
const batch = 5;

/**
 * Predicts targets with a random forest (Breiman, Random Forests, Machine Learning 45, 2001): regression trees on bootstrap
 * samples, each on half of the features. The same prediction for the same seed.
 *
 * @param known features of the networks that are learned from, a row each
 * @returns one prediction a row of `asked`; undefined when the signal stopped it
 */
export async function predictByForest(
  known: readonly (readonly number[])[],
  targets: readonly number[],
  asked: readonly (readonly number[])[],
  { seed, signal, onProgress }: ForestOptions,
): Promise<readonly number[] | undefined> {
  const [training, queries] = [copied(known), copied(asked)];
  const sums = asked.map(() => 0);
  for (let grown = 0; grown < trees; grown += batch) {
    await setImmediate();
    if (signal?.aborted === true) return undefined;
    const forest = new RandomForestRegression({
      seed: seed * trees + grown,
      nEstimators: batch,
      maxFeatures: 0.5,
      replacement: false,
      useSampleBagging: true,
      noOOB: true,
    });
    forest.train(training, [...targets]);
    for (const [row, value] of forest.predict(queries).entries()) sums[row]! += value;
    onProgress?.((grown + batch) / trees);
  }
  return sums.map((sum) => sum / (trees / batch));
}

function copied(rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row) => [...row]);
}
