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
const single = '21 layers + 1.234';
const cost = '0.27 M params · 40.8 M MACs';
const size = `ℵ 21 · ${cost}`;
const laterSize = 'ℵ 22 · 0.30 M params · 50 M MACs';

interface Case {
  readonly name: string;
  readonly text: ModelText;
  readonly known?: KnownScore;
  readonly work?: Work;
  readonly cost?: number;
  readonly state: string;
  readonly title: string;
  readonly action?: 'show' | 'score' | 'settle';
}

const cases: readonly Case[] = [
  {
    name: 'settled',
    text: text('a'),
    known: settled,
    state: 'current',
    title: `VKDNW 1.234 ± 0.012 · single ${single} ± 0.012 · ${cost}`,
  },
  {
    name: 'the quick score, while the engine works on',
    text: text('a'),
    known: quick,
    work: 'scheduled',
    state: 'refining',
    title: `VKDNW 1.234 (live, settling) · single ${single} · ${cost}`,
  },
  {
    name: 'the quick score, and no more to come',
    text: text('a'),
    known: { ...quick, outcome: { ...score(1), milliseconds: 60_000 } },
    state: 'quick',
    title: `VKDNW ≈ 1.234 quick · Settle (about 3 min) · ${cost}`,
    action: 'settle',
  },
  {
    name: 'two draws of four',
    text: text('a'),
    known: partial,
    work: 'scheduled',
    state: 'refining',
    title: `VKDNW 1.234 ± 0.012 (2 of 4 seeds, settling) · single ${single} ± 0.012 · ${cost}`,
  },
  {
    name: 'stopped after two draws of four',
    text: text('a'),
    known: partial,
    work: 'stopped',
    state: 'quick',
    title: `VKDNW ≈ 1.234 ± 0.012 quick · Settle (about 1 s) · ${cost}`,
    action: 'settle',
  },
  {
    name: 'never scored, on its way',
    text: text('a'),
    work: 'scheduled',
    state: 'computing',
    title: `⟳ VKDNW computing… · ${size}`,
  },
  {
    name: 'another text, on its way: size and cost are of the text as it is',
    text: text('b', later),
    known: settled,
    work: 'scheduled',
    state: 'computing',
    title: `⟳ VKDNW 1.234 ± 0.012 (stale) · ${laterSize}`,
  },
  {
    name: 'another text, stopped',
    text: text('b', later),
    known: settled,
    work: 'stopped',
    state: 'on-demand',
    title: `▷ Score this model · VKDNW 1.234 ± 0.012 (stale) · ${laterSize}`,
    action: 'score',
  },
  {
    name: 'too costly',
    text: text('a'),
    work: 'on-demand',
    cost: 1.234e12,
    state: 'on-demand',
    title: `▷ Score this model (≈ 1.23 T MACs) · ${size}`,
    action: 'score',
  },
  {
    name: 'errors, after a score',
    text: { kind: 'broken', errors: 1 },
    known: settled,
    state: 'stale',
    title: `VKDNW 1.234 ± 0.012 (stale: 1 error) · single ${single} ± 0.012 · ${cost}`,
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
    title: `No score: no signal reaches the output · ${size}`,
  },
  {
    name: 'a failure that is tried again',
    text: text('a'),
    known: failed('out-of-memory'),
    work: 'scheduled',
    state: 'computing',
    title: `⟳ VKDNW computing… · ${size}`,
  },
  {
    name: 'a failure of another text',
    text: text('b', later),
    known: failed('overflow'),
    work: 'scheduled',
    state: 'computing',
    title: `⟳ VKDNW computing… · ${laterSize}`,
  },
];

describe('a lens', () => {
  test.each(cases)(
    '$name',
    ({ name, text: now, known, work = 'none', cost, state, title, action = 'show' }) => {
      const model = modelScore(name, {
        text: now,
        work,
        ...(known === undefined ? {} : { known }),
        ...(cost === undefined ? {} : { cost }),
      });
      expect(model.state).toBe(state);
      const lens = lensText(model);
      expect(lens).toMatchObject({ title, action });
      expect(lens.tooltip).not.toBe('');
    },
  );

  test('marks a number of another text as stale, whatever the work', () => {
    for (const work of ['none', 'scheduled', 'on-demand', 'stopped'] as const)
      for (const now of [text('b'), { kind: 'broken', errors: 1 } as const])
        for (const known of [settled, partial, quick])
          expect(lensText(modelScore('M', { text: now, known, work })).title).toContain('stale');
  });

  test('says the rank, and within which task where there are several', () => {
    const model = modelScore('M', { text: text('a'), known: settled, work: 'none' });
    const rank = { rank: { best: 2, worst: 3 }, of: 14, tasks: ['32×32×3 → 10'], several: false };
    const scored = `VKDNW 1.234 ± 0.012 · single ${single} ± 0.012`;
    expect(lensText(model, rank).title).toBe(`${scored} · #2–3 of 14 · ${cost}`);
    expect(lensText(model, rank).tooltip).toMatch(
      /^Rank 2–3 by VKDNW_single among 14 models of the workspace for 32×32×3 → 10 that were scored alike, a tie/,
    );
    expect(lensText(model, { ...rank, several: true }).title).toBe(
      `${scored} · #2–3 of 14 for 32×32×3 → 10 · ${cost}`,
    );
    const merged = { ...rank, several: true, tasks: ['32×32×3 → 10', '224×224×3 → 1000'] };
    expect(lensText(model, merged).title).toBe(`${scored} · #2–3 of 14, tasks merged · ${cost}`);
    expect(lensText(model, merged).tooltip).toContain('Tasks are merged');
  });

  test('marks a number beside it, and says in the tooltip what that means', () => {
    const marks = [
      { kind: 'rank', short: 'rank 27 of 64', message: 'At most ln 3.' },
      { kind: 'saturated', short: 'softmax saturated', message: 'One class each.' },
    ] as const;
    const known: KnownScore = { ...settled, outcome: { ...score(4), marks } };
    const { title, tooltip } = lensText(modelScore('M', { text: text('a'), known, work: 'none' }));
    expect(title).toMatch(/^VKDNW 1\.234 ± 0\.012 \(rank 27 of 64\) · single/);
    expect(tooltip).toMatch(/^At most ln 3\.\nOne class each\.\n/);
    const exploded = modelScore('M', { text: text('a'), known: failed('exploding'), work: 'none' });
    expect(lensText(exploded).title).toMatch(/^No score: logits or gradients explode · /);
  });

  test('tells settings and engine in its tooltip', () => {
    expect(lensText(modelScore('M', { text: text('a'), known: settled, work: 'none' })).tooltip).toBe(
      'sketch:1, N 64, P 128, M 16, S 4, seed 0 · onnx-cpu (onnxruntime-node 1.30.0, CPU, 2 threads)\n' +
        'VKDNW: 0 to 2.197, higher is more trainable.',
    );
  });
});
