import { describe, expect, it } from 'vitest';
import type { BenchmarkScores } from '../../server/evaluation/benchmark-scores.ts';
import { cellFeatureNames, cellFeatures } from '../../server/evaluation/cell-features.ts';
import { evaluateColumns } from '../../server/evaluation/evaluation.ts';
import { predictByForest } from '../../server/evaluation/forest.ts';
import { withLearned } from '../../server/evaluation/learned.ts';
import { NAS_BENCH_201_OPS } from '../../server/network/nasbench201.ts';

function featuresOf(genotype: string): Record<string, number> {
  const values = cellFeatures(genotype);
  expect(values).toHaveLength(cellFeatureNames.length);
  return Object.fromEntries(cellFeatureNames.map((name, index) => [name, values[index]!]));
}

describe('features of a cell', () => {
  it('count ops, ops on paths, path lengths and degrees', () => {
    // 0→1 conv3x3, 0→2 none, 1→2 none, 0→3 skip, 1→3 none, 2→3 avg pool: the convolution leads nowhere.
    const features = featuresOf('|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|avg_pool_3x3~2|');
    expect(features).toMatchObject({
      'count of none': 3,
      'count of nor_conv_3x3': 1,
      'count of nor_conv_3x3 on paths': 0,
      'count of avg_pool_3x3 on paths': 0,
      'count of skip_connect on paths': 1,
      'shortest path by skip_connect': 1,
      'longest path by skip_connect': 1,
      'shortest path by nor_conv_3x3': 4,
      'longest path by nor_conv_3x3': 0,
      'avg_pool_3x3 into the output': 1,
      'nor_conv_3x3 out of the input': 1,
      'most skip_connect into a node': 1,
    });
  });

  it('tell the shortest from the longest path', () => {
    const features = featuresOf(
      '|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|none~0|nor_conv_3x3~1|nor_conv_1x1~2|',
    );
    expect(features['shortest path by nor_conv_1x1 or nor_conv_3x3']).toBe(2);
    expect(features['longest path by nor_conv_1x1 or nor_conv_3x3']).toBe(3);
    expect(features['shortest path by nor_conv_1x1']).toBe(4);
  });

  it('refuse what is no cell', () => {
    expect(() => cellFeatures('|nothing~0|')).toThrow(RangeError);
  });
});

/** Networks of which the accuracy is a matter of their graphs. */
function made(count: number): BenchmarkScores {
  const rows = Array.from({ length: count }, (_, index) => {
    const op = (place: number): string => NAS_BENCH_201_OPS[Math.floor(index / 5 ** place) % 5]!;
    const genotype = `|${op(0)}~0|+|${op(1)}~0|${op(2)}~1|+|${op(3)}~0|none~1|${op(0)}~2|`;
    const convs = genotype.split('nor_conv').length - 1;
    return { line: index + 2, genotype, target: 50 + 5 * convs - 2 * (genotype.split('none').length - 1) };
  });
  return {
    rows,
    columns: [{ name: 'noise', better: 'higher', values: rows.map((_, index) => (index * 7919) % 101) }],
    provenance: '',
    notes: [],
  };
}

describe('learned ranking', () => {
  it('predicts networks it has not seen, the same for the same seed', async () => {
    const options = { training: 120, features: ['noise'], seed: 1 };
    const learned = await withLearned(made(200), options);
    expect(learned!.rows).toHaveLength(80);
    expect(learned!.columns.map(({ name }) => name)).toEqual([
      'noise',
      'forest (graph)',
      'forest (graph + proxies)',
    ]);
    for (const { values } of learned!.columns) expect(values).toHaveLength(80);
    const judged = evaluateColumns(
      learned!.columns,
      learned!.rows.map(({ target }) => target),
      { depth: 80, top: 5, resamples: 0, seed: 0 },
    );
    const taus = judged.map(({ metrics }) => metrics[0]!.value!);
    expect(taus[1]).toBeGreaterThan(0.8);
    expect(taus[2]).toBeGreaterThan(0.7);
    expect(Math.abs(taus[0]!)).toBeLessThan(0.4);
    expect(await withLearned(made(200), options)).toEqual(learned);
    const others = await withLearned(made(200), { ...options, seed: 2 });
    expect(others!.rows).not.toEqual(learned!.rows);
  });

  it('learns from networks without a proxy too', async () => {
    const scores = made(60);
    const columns = scores.columns.map((column) => ({
      ...column,
      values: scores.rows.map((_, row) => (row % 3 === 0 ? undefined : row)),
    }));
    const learned = await withLearned({ ...scores, columns }, { training: 40, features: ['noise'], seed: 1 });
    const [noise, ...forests] = learned!.columns.map(({ values }) => Array.from(values));
    expect(noise!.some((value) => value === undefined)).toBe(true);
    for (const values of forests) expect(values.every(Number.isFinite)).toBe(true);
  });

  it('wants networks to test on', async () => {
    await expect(withLearned(made(10), { training: 8, features: [], seed: 0 })).rejects.toThrow(
      /Learn from 7 at most/,
    );
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    expect(await predictByForest([[1], [2]], [1, 2], [[1]], { seed: 0, signal })).toBeUndefined();
  });
});
