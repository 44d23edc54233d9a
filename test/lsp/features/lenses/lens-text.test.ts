import { describe, expect, test } from 'vitest';
import { lensText } from '../../../../server/lsp/features/lenses/lens-text.ts';
import { modelScore } from '../../../../server/scoring/model-score.ts';
import type { KnownScore, ModelText, Work } from '../../../../server/scoring/model-score.ts';
import { namedSettings } from '../../../../server/score/settings.ts';
import type { Score, ScoreFailure } from '../../../../server/score/types.ts';
import { emptyNetwork } from '../../support/values.ts';

const totals = { layers: 21, params: 272_474, macs: 40_813_184 };
const later = { layers: 22, params: 300_000, macs: 50_000_000 };

function score(seeds: number): Score {
  const engine = { name: 'onnx-cpu', device: 'CPU', version: 'onnxruntime-node 1.30.0', threads: 2 };
  const draw = {
    entropy: 1.23449,
    entropies: [],
    eigenvalues: [],
    deciles: [],
    diagonal: [],
    trace: 1,
    resolution: { rank: 0, largestLogit: 1, largestEigenvalue: 1, saturated: 0 },
    engine,
    milliseconds: 1,
  };
  return {
    state: 'ok',
    vkdnw: 1.23449,
    ...(seeds > 1 ? { vkdnwSe: 0.0117 } : {}),
    single: 22.23449,
    ...totals,
    eigenvalues: [],
    deciles: [],
    contributions: [],
    seeds: Array.from({ length: seeds }, (_, seed) => ({ ...draw, seed })),
    // The score of the draws made so far is the score of settings that ask for so many.
    settings: { ...namedSettings.settled, seeds },
    engine,
    milliseconds: 1,
    key: 'k',
  };
}

function failure(reason: ScoreFailure['reason']): ScoreFailure {
  return {
    state: 'failed',
    reason,
    message: 'What to do about it.',
    ...totals,
    settings: namedSettings.live,
    key: 'k',
  };
}

const text = (digest: string, size = totals): ModelText => ({
  kind: 'network',
  network: emptyNetwork,
  totals: size,
  digest,
});
const settled: KnownScore = { outcome: score(4), digest: 'a', setting: 'settled', complete: true, seeds: 4 };
const partial: KnownScore = { outcome: score(2), digest: 'a', setting: 'settled', complete: false, seeds: 4 };
const quick: KnownScore = { outcome: score(1), digest: 'a', setting: 'live', complete: false, seeds: 4 };
const failed = (reason: ScoreFailure['reason']): KnownScore => ({
  outcome: failure(reason),
  digest: 'a',
  setting: 'live',
  complete: true,
  seeds: 1,
});
const gauge = '▰▰▰▱▱▱';
const size = 'ℵ 21 · 0.27 M params · 40.8 M MACs';
const laterSize = 'ℵ 22 · 0.30 M params · 50 M MACs';

interface Case {
  readonly name: string;
  readonly text: ModelText;
  readonly known?: KnownScore;
  readonly work?: Work;
  readonly cost?: number;
  readonly state: string;
  readonly title: string;
  /** In the tooltip; absent: that of the first text, nothing with errors alone. */
  readonly size?: string;
  readonly action?: 'show' | 'score' | 'settle';
}

const cases: readonly Case[] = [
  {
    name: 'settled',
    text: text('a'),
    known: settled,
    state: 'current',
    title: `VKDNW 1.234 ± 0.012 ${gauge}`,
  },
  {
    name: 'the quick score, while the engine works on',
    text: text('a'),
    known: quick,
    work: 'scheduled',
    state: 'refining',
    title: `VKDNW 1.234 ${gauge} ⟳`,
  },
  {
    name: 'the quick score, and no more to come',
    text: text('a'),
    known: { ...quick, outcome: { ...score(1), milliseconds: 60_000 } },
    state: 'quick',
    title: `≈ 1.234 ${gauge} quick · Settle (about 3 min)`,
    action: 'settle',
  },
  {
    name: 'two draws of four',
    text: text('a'),
    known: partial,
    work: 'scheduled',
    state: 'refining',
    title: `VKDNW 1.234 ± 0.012 ${gauge} ⟳`,
  },
  {
    name: 'stopped after two draws of four',
    text: text('a'),
    known: partial,
    work: 'stopped',
    state: 'quick',
    title: `≈ 1.234 ${gauge} quick · Settle (about 1 s)`,
    action: 'settle',
  },
  {
    name: 'never scored, on its way',
    text: text('a'),
    work: 'scheduled',
    state: 'computing',
    title: '⟳ VKDNW computing…',
  },
  {
    name: 'another text, on its way: size and cost are of the text as it is',
    text: text('b', later),
    known: settled,
    work: 'scheduled',
    state: 'computing',
    title: `VKDNW 1.234 ± 0.012 ${gauge} · measuring…`,
    size: laterSize,
  },
  {
    name: 'another text, stopped',
    text: text('b', later),
    known: settled,
    work: 'stopped',
    state: 'on-demand',
    title: '▷ Score this model · VKDNW 1.234 ± 0.012 (stale)',
    size: laterSize,
    action: 'score',
  },
  {
    name: 'too costly',
    text: text('a'),
    work: 'on-demand',
    cost: 1.234e12,
    state: 'on-demand',
    title: '▷ Score this model (≈ 1.23 T MACs)',
    action: 'score',
  },
  {
    name: 'errors, after a score',
    text: { kind: 'broken', errors: 1 },
    known: settled,
    state: 'stale',
    title: `VKDNW 1.234 ± 0.012 ${gauge} (stale: 1 error)`,
  },
  {
    name: 'errors, before any score',
    text: { kind: 'broken', errors: 3 },
    state: 'invalid',
    title: 'No score: 3 errors',
  },
  {
    name: 'errors, after a failure',
    text: { kind: 'broken', errors: 2 },
    known: failed('no-signal'),
    state: 'invalid',
    title: 'No score: 2 errors',
  },
  {
    name: 'no signal',
    text: text('a'),
    known: failed('no-signal'),
    state: 'failed',
    title: 'No score: no signal reaches the output',
  },
  {
    name: 'a failure that is tried again',
    text: text('a'),
    known: failed('out-of-memory'),
    work: 'scheduled',
    state: 'computing',
    title: '⟳ VKDNW computing…',
  },
  {
    name: 'a failure of another text',
    text: text('b', later),
    known: failed('overflow'),
    work: 'scheduled',
    state: 'computing',
    title: '⟳ VKDNW computing…',
    size: laterSize,
  },
];

describe('a lens', () => {
  test.each(cases)(
    '$name',
    ({ name, text: now, known, work = 'none', cost, state, title, size: shown = size, action = 'show' }) => {
      const model = modelScore(name, {
        text: now,
        work,
        ...(known === undefined ? {} : { known }),
        ...(cost === undefined ? {} : { cost }),
      });
      expect(model.state).toBe(state);
      const lens = lensText(model);
      expect(lens).toMatchObject({ title, action });
      expect(lens.title.length).toBeLessThanOrEqual(60);
      if (state === 'invalid') expect(lens.tooltip).toBe('The model is scored once it has no errors.');
      else expect(lens.tooltip.split('\n')).toContain(shown);
    },
  );

  test('says of a number of another text that it is one, whatever the work', () => {
    for (const work of ['none', 'scheduled', 'on-demand', 'stopped'] as const)
      for (const now of [text('b'), { kind: 'broken', errors: 1 } as const])
        for (const known of [settled, partial, quick])
          expect(lensText(modelScore('M', { text: now, known, work })).title).toMatch(/stale|measuring/);
  });

  test('says in its tooltip the rank and the task, and whether tasks are merged', () => {
    const model = modelScore('M', { text: text('a'), known: settled, work: 'none' });
    const task = '32×32×3 → 10';
    const standing = { rank: { best: 2, worst: 3 }, of: 14, tasks: [task], task, trust: [] };
    expect(lensText(model, standing).title).toBe(`VKDNW 1.234 ± 0.012 ${gauge}`);
    expect(lensText(model, standing).tooltip).toMatch(
      /^Rank 2–3 by VKDNW_single among 14 models of the workspace for 32×32×3 → 10 that were scored alike, a tie/m,
    );
    const merged = { ...standing, tasks: [task, '224×224×3 → 1000'] };
    expect(lensText(model, merged).tooltip).toContain('Tasks are merged');
  });

  test('has the percentile among networks of its task and similar cost, and says among which', () => {
    const model = modelScore('M', { text: text('a'), known: settled, work: 'none' });
    const { title, tooltip } = lensText(model, {
      rank: { best: 2, worst: 2 },
      of: 40,
      tasks: ['32×32×3 → 10'],
      task: '32×32×3 → 10',
      trust: [],
      percentile: { value: 62, rivals: 13, macs: [20_500_000, 81_000_000] },
    });
    expect(title).toBe(`VKDNW 1.234 ± 0.012 ${gauge} · above 62 %`);
    expect(tooltip).toMatch(
      /^62nd percentile: VKDNW is above that of 62 % of the 13 other networks of the workspace for 32×32×3 → 10 of similar cost, within a factor of 2 \(20\.5 M to 81 M MACs\), that were scored alike\.$/m,
    );
  });

  test('leaves a percentile to the tooltip that misleads', () => {
    const model = modelScore('M', { text: text('a'), known: settled, work: 'none' });
    const { title, tooltip } = lensText(model, {
      rank: { best: 2, worst: 2 },
      of: 40,
      tasks: ['32×32×3 → 10'],
      task: '32×32×3 → 10',
      trust: [],
      percentile: { value: 62, rivals: 13, macs: [20_500_000, 81_000_000] },
      percentileWarning: 'Different width: VKDNW orders the wrong way round.',
      percentileMisleads: true,
    });
    expect(title).toBe(`VKDNW 1.234 ± 0.012 ${gauge}`);
    expect(tooltip).toMatch(/^62nd percentile/m);
    expect(tooltip).toMatch(
      /^A place on the scale, no evidence of accuracy\. Different width: VKDNW orders the wrong way round\.$/m,
    );
  });

  test('has what an edit has changed, paired, with its error, or that it is within noise', () => {
    // Two draws that both moved by about as much, whatever they are by themselves.
    const moved = (by: readonly number[]): Score => {
      const { seeds, ...rest } = score(2);
      return {
        ...rest,
        seeds: seeds.map((draw, index) => ({ ...draw, entropies: [1 + index + by[index]!] })),
      };
    };
    const difference = (by: readonly number[]) =>
      modelScore('M', {
        text: text('b'),
        known: { ...settled, outcome: moved(by), digest: 'b' },
        base: { ...settled, outcome: moved([0, 0]) },
        work: 'none',
      });
    const { title, tooltip } = lensText(difference([0.011, 0.013]), {
      rank: { best: 1, worst: 1 },
      of: 9,
      tasks: ['32×32×3 → 10'],
      task: '32×32×3 → 10',
      trust: [],
      percentile: { value: 62, rivals: 8, macs: [1e6, 2e6] },
    });
    expect(title).toBe(`VKDNW 1.234 ± 0.012 ${gauge} · +0.012 ± 0.001`);
    expect(tooltip).toMatch(
      /^To the last settled version: \+0\.012 ± 0\.001; paired, of 2 seeds that both have\.$/m,
    );
    // The place among others gives way to it, and is in the tooltip.
    expect(tooltip).toMatch(/^62nd percentile/m);
    expect(lensText(difference([-0.02, 0.03])).title).toBe(`VKDNW 1.234 ± 0.012 ${gauge} · within noise`);
  });

  test('marks a number beside it, and says in the tooltip what that means', () => {
    const marks = [
      { kind: 'rank', short: 'rank 27 of 64', message: 'At most ln 3.' },
      { kind: 'saturated', short: 'softmax saturated', message: 'One class each.' },
    ] as const;
    const known: KnownScore = { ...settled, outcome: { ...score(4), marks } };
    const { title, tooltip } = lensText(modelScore('M', { text: text('a'), known, work: 'none' }));
    expect(title).toBe(`VKDNW 1.234 ± 0.012 ${gauge} (rank 27 of 64)`);
    expect(tooltip).toMatch(/^At most ln 3\.\nOne class each\.$/m);
    const exploded = modelScore('M', { text: text('a'), known: failed('exploding'), work: 'none' });
    expect(lensText(exploded).title).toBe('No score: logits or gradients explode');
  });

  test('tells in its tooltip what it means, what orders it, its size, settings and engine', () => {
    expect(lensText(modelScore('M', { text: text('a'), known: settled, work: 'none' })).tooltip).toBe(
      [
        'VKDNW: 56 % of 2.197, the entropy of equal deciles. Higher is better, among networks of one skeleton and about the same size.',
        'VKDNW_single: 21 layers + 1.234 ± 0.012',
        size,
        'sketch:1, N 64, P 128, M 16, S 4, seed 0 (P: the first 128 tensors, where there are more) · onnx-cpu (onnxruntime-node 1.30.0, CPU, 2 threads)',
      ].join('\n'),
    );
  });
});
