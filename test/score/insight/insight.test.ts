import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helmertContrasts } from '../../../server/fisher/contrasts.ts';
import type { SampledJacobian } from '../../../server/fisher/jacobian.ts';
import { sampleJacobian } from '../../../server/fisher/sample.ts';
import { lower } from '../../../server/network/lower.ts';
import { nasBench201 } from '../../../server/network/nasbench201.ts';
import type { Network } from '../../../server/network/network.ts';
import { insightSampling } from '../../../server/score/insight/insight-sampling.ts';
import type { Insight, InsightOutcome } from '../../../server/score/insight/insight.ts';
import { Insights } from '../../../server/score/insight/insights.ts';
import { Scorer } from '../../../server/score/scorer.ts';
import { namedSettings, normNames } from '../../../server/score/settings.ts';
import type { Score, ScoreSettings } from '../../../server/score/types.ts';
import { networkOf, tinyText } from '../../fisher/support/networks.ts';
import { CountingEngine } from '../support/engine.ts';

let engine: CountingEngine;
beforeAll(() => {
  engine = new CountingEngine();
});
afterAll(() => engine.dispose());

const sketch: ScoreSettings = { ...namedSettings.settled, indexSets: 4, seeds: 2 };
const exact: ScoreSettings = { ...namedSettings.paper, samples: 16 };

const attention = networkOf(`
  model Tokens {
    input 8x8x3
    classes 5
    conv(8, 4x4, stride = 4) -> tokens -> posembed
    repeat 2 {
      residual { layernorm -> attention(2) }
      residual { layernorm -> dense(16) -> gelu -> dense(8) }
    }
    mean_tokens -> dense(classes)
  }
`);
const cells = nasBench201(
  '|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|avg_pool_3x3~0|none~1|nor_conv_3x3~2|',
  {
    channels: 4,
    cells: 1,
  },
);
const examples: readonly (readonly [string, Network, ScoreSettings])[] = [
  ['a residual network, sketched', networkOf(tinyText), sketch],
  ['a transformer, exactly', attention, exact],
  ['a network of cells, of more tensors than its score reads', cells, { ...sketch, weights: 20 }],
];

async function scoreOf(network: Network, settings: ScoreSettings): Promise<Score> {
  const score = await new Scorer(engine).score(network, settings);
  expect(score.state).toBe('ok');
  return score as Score;
}

function ok(outcome: InsightOutcome): Insight {
  expect(outcome.state === 'ok' ? '' : outcome.message).toBe('');
  return outcome as Insight;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** F of an index set over some of the weights, written out: (1/N) Σ Jᵀ (diag p − p pᵀ) J, or the rows of the sketch. */
function fisher(jacobian: SampledJacobian, set: number, kept: readonly number[]): number[][] {
  const { kind, samples, classes, indexSets, weights, lanes, logits, parts } = jacobian;
  expect(parts).toHaveLength(1);
  const { data } = parts[0]!;
  const contrasts = kind === 'contrasts' ? helmertContrasts(classes, 0, classes - 1) : undefined;
  const result = kept.map(() => kept.map(() => 0));
  for (let n = 0; n < samples; n++) {
    const lane = (k: number, w: number): number => data[((n * lanes + k) * indexSets + set) * weights + w]!;
    const z = [...logits.subarray(n * classes, (n + 1) * classes)];
    const powers = z.map((value) => Math.exp(value - Math.max(...z)));
    const p = powers.map((power) => (0.95 * power) / sum(powers) + 0.05 / classes);
    const rows =
      contrasts === undefined
        ? Array.from({ length: lanes }, (_, k) => kept.map((w) => lane(k, w)))
        : p.map((_, c) =>
            kept.map((w) =>
              sum(Array.from({ length: lanes }, (__, k) => contrasts[k * classes + c]! * lane(k, w))),
            ),
          );
    for (let i = 0; i < kept.length; i++) {
      for (let j = 0; j < kept.length; j++) {
        const plain = sum(rows.map((row, c) => (contrasts === undefined ? 1 : p[c]!) * row[i]! * row[j]!));
        const mean = (w: number): number => sum(rows.map((row, c) => p[c]! * row[w]!));
        result[i]![j]! += (contrasts === undefined ? plain : plain - mean(i) * mean(j)) / samples;
      }
    }
  }
  return result;
}

/** Eigenvalues by another program, deciles and entropy as the paper writes them. */
function entropy(information: number[][]): number {
  const { realEigenvalues } = new EigenvalueDecomposition(new Matrix(information), { assumeSymmetric: true });
  const noise = information.length * Number.EPSILON * Math.max(...realEigenvalues);
  const values = realEigenvalues.map((value) => (value <= noise ? 0 : value)).sort((a, b) => a - b);
  const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((q) => {
    const position = q * (values.length - 1);
    const below = Math.floor(position);
    return values[below]! + (position - below) * ((values[below + 1] ?? values[below]!) - values[below]!);
  });
  const total = sum(deciles);
  return -sum(deciles.map((value) => (value === 0 ? 0 : (value / total) * Math.log(value / total))));
}

describe.each(examples)('the inside of the score of %s', (_, network, settings) => {
  let score: Score;
  let insight: Insight;
  beforeAll(async () => {
    score = await scoreOf(network, settings);
    insight = ok(await new Insights(engine).insight(network, score));
  });

  it('has every op, and shares that sum to 1', () => {
    expect(insight.ops.map(({ path }) => path)).toEqual(network.nodes.slice(1).map(({ path }) => path));
    expect(Math.abs(sum(insight.ops.map(({ share }) => share.value)) - 1)).toBeLessThan(1e-6);
    for (const { tensors, share, bands, entropyEffect, weights } of insight.ops) {
      expect(share.value).toBeGreaterThanOrEqual(0);
      expect(bands === undefined).toBe(tensors === 0);
      expect(entropyEffect === undefined).toBe(tensors === 0);
      expect(weights >= tensors).toBe(true);
      if (tensors > 0) expect(share.se).toBeGreaterThanOrEqual(0);
    }
    const { params } = lower(network, { batch: 1 });
    expect(insight.sampled.tensors).toBe(params.length);
    expect(insight.sampled.weights).toBeGreaterThan(3 * params.length);
  });

  it('has bands that sum to 1 each, or hold nothing', () => {
    expect(sum(insight.whole!.bandTrace)).toBeCloseTo(1, 9);
    for (let band = 0; band < 10; band++) {
      const shares = insight.ops.flatMap(({ bands }) => (bands === undefined ? [] : [bands[band] ?? null]));
      if (insight.whole!.bandTrace[band] === 0) expect(shares.every((share) => share === null)).toBe(true);
      else expect(Math.abs(sum(shares.map((share) => share ?? 0)) - 1)).toBeLessThan(1e-6);
    }
    expect(insight.whole!.bandTrace[9]).toBeGreaterThan(0);
  });

  it('shows the score as it is', () => {
    const { scored } = insight;
    expect(scored.entropy.value).toBeCloseTo(score.vkdnw, 14);
    expect(scored.entropy.se).toBe(score.vkdnwSe);
    expect(scored.deciles).toEqual(score.deciles);
    expect(scored.eigenvalues).toEqual(score.eigenvalues);
    expect(sum(scored.normalisedDeciles)).toBeCloseTo(1, 12);
    expect(insight.settings).toEqual(settings);
    expect(insight.engine).toEqual(score.engine);
    expect(insight.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('tells the entropy without an op as a computation from scratch does', async () => {
    const owners = network.nodes.flatMap(({ path, params }) => params.map(() => path));
    const { settings: sampling, effort } = insightSampling(settings, {
      tensors: owners.length,
      ops: new Set(owners).size,
      classes: network.classes,
    });
    expect(sampling).toEqual(insight.sampling);
    const all = owners.map((__, weight) => weight);
    const seeds = await Promise.all(
      Array.from({ length: sampling.seeds }, async (__, draw) => {
        const { jacobian } = await sampleJacobian(engine, network, sampling, sampling.seed + draw);
        return Array.from({ length: effort.withoutSets }, (___, set) => ({ jacobian, set }));
      }),
    );
    const meanOf = (kept: readonly number[]): number =>
      sum(
        seeds.map((sets) =>
          sum(sets.map(({ jacobian, set }) => entropy(fisher(jacobian, set, kept)) / sets.length)),
        ),
      ) / seeds.length;
    const complete = meanOf(all);
    if (effort.withoutSets === sampling.indexSets) {
      expect(insight.whole!.entropy.value).toBeCloseTo(complete, 9);
    }
    const withWeights = insight.ops.filter(({ tensors }) => tensors > 0);
    for (const op of [withWeights[0]!, withWeights[3]!, withWeights.at(-1)!]) {
      const without = meanOf(all.filter((weight) => owners[weight] !== op.path));
      expect(op.entropyEffect!.value).toBeCloseTo(without - complete, 8);
    }
  });
});

describe('an insight', () => {
  it.each(normNames)(
    'reads the weights of the score itself where it can: the same spectrum, norms %s',
    async (norm) => {
      const network = networkOf(tinyText);
      const score = await scoreOf(network, { ...namedSettings.settled, norm });
      const insight = ok(await new Insights(engine).insight(network, score));
      expect(insight.sampling).toEqual({ ...score.settings, weights: 10 });
      const { bandTrace, ...whole } = insight.whole!;
      expect(bandTrace).toHaveLength(10);
      expect(whole).toEqual(insight.scored);
    },
  );

  it('is kept for one mode of norms and one choice of tensors', async () => {
    const insights = new Insights(engine);
    const network = networkOf(tinyText);
    await insights.insight(network, await scoreOf(network, sketch));
    for (const change of [{ norm: 'calibrated' }, { tensors: 'spread' }] as const) {
      const score = await scoreOf(network, { ...sketch, ...change });
      expect(await insights.stored(network, score)).toBeUndefined();
    }
  });

  it('is kept: asked again, nothing runs, also after renames', async () => {
    const insights = new Insights(engine);
    const network = networkOf(tinyText);
    const score = await scoreOf(network, sketch);
    expect(await insights.stored(network, score)).toBeUndefined();
    const first = ok(await insights.insight(network, score));
    const { runs } = engine;
    const renamed = networkOf(tinyText.replace('model Tiny', '/// Small.\n  model Other'));
    expect(ok(await insights.insight(renamed, score))).toEqual(first);
    expect(await insights.stored(network, score)).toEqual(first);
    expect(engine.runs).toBe(runs);
  });

  it('can be cancelled under way, and leaves nothing behind', async () => {
    const insights = new Insights(engine);
    const network = networkOf(tinyText);
    const score = await scoreOf(network, sketch);
    const abort = new AbortController();
    let pauses = 0;
    const outcome = await insights.insight(network, score, {
      signal: abort.signal,
      pause: () => {
        if (++pauses === 8) abort.abort();
        return Promise.resolve();
      },
    });
    expect(outcome).toEqual({ state: 'failed', reason: 'cancelled', message: 'Cancelled.' });
    expect(pauses).toBe(8);
    expect(await insights.stored(network, score)).toBeUndefined();
  });

  it('names the reason where there is no signal to measure', async () => {
    const network = networkOf(`model M { input 6x6x2 classes 3
      dead = conv(4, 3x3) -> bn -> conv(4, 3x3) -> bn -> conv(4, 3x3) -> bn -> conv(4, 3x3) -> none
      gap -> dense(classes) }`);
    const { nodes } = network;
    const score = await scoreOf(networkOf(tinyText), sketch);
    const outcome = await new Insights(engine).insight({ ...network, nodes }, score);
    // Most deciles are 0, so there is no spectrum to speak of; the shares are known even so.
    const insight = ok(outcome);
    expect(insight.ops.filter(({ signal }) => !signal.reaches).map(({ op }) => op)).toEqual([
      'conv',
      'bn',
      'conv',
      'bn',
      'conv',
      'bn',
      'conv',
      'none',
      'gap',
    ]);
    expect(insight.ops.at(-1)).toMatchObject({ op: 'dense', share: { value: 1 }, signal: { reaches: true } });
  });
});

describe('how much is sampled', () => {
  const size = { tensors: 65, ops: 40, classes: 10 };

  it('is what the score samples, with more elements', () => {
    expect(insightSampling(namedSettings.paper, size).settings).toEqual({
      ...namedSettings.paper,
      weights: 65,
      indexSets: 16,
    });
  });

  it('grows with the tensors: rows enough for all bands', () => {
    const { settings } = insightSampling(namedSettings.settled, { ...size, tensors: 291 });
    expect(settings.estimator).toEqual({ kind: 'sketch', signs: 5 });
    expect(insightSampling(namedSettings.settled, { ...size, tensors: 700 }).settings.estimator).toEqual({
      kind: 'exact',
    });
  });

  it('stays within time and memory for the largest networks', () => {
    const { settings, effort } = insightSampling(namedSettings.paper, {
      tensors: 20_000,
      ops: 9000,
      classes: 1000,
    });
    expect(effort).toEqual({ spectrumSets: 0, bandSets: 0, withoutSets: 0 });
    expect(4 * settings.samples * settings.indexSets * settings.weights).toBeLessThan(200e6);
    const large = insightSampling(namedSettings.settled, { tensors: 900, ops: 600, classes: 1000 });
    expect(large.effort.bandSets).toBeGreaterThan(0);
    expect(large.effort.withoutSets).toBe(0);
  });
});
