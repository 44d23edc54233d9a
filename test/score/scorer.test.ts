import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngineClient } from '../../server/engine/process/supervisor.ts';
import { lower } from '../../server/network/lower.ts';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { Score, ScoreOutcome, ScoreSettings } from '../../server/score/types.ts';
import { networkOf, tinyText } from '../fisher/support/networks.ts';
import { CountingEngine } from './support/engine.ts';

const settings: ScoreSettings = { ...namedSettings.live, indexSets: 4, seeds: 2 };
const network = networkOf(tinyText);

let engine: CountingEngine;
beforeAll(() => {
  engine = new CountingEngine();
});
afterAll(() => engine.dispose());

function ok(outcome: ScoreOutcome | undefined): Score {
  expect(outcome).toMatchObject({ state: 'ok' });
  return outcome as Score;
}

/** What does not depend on the clock. */
function numbers(score: Score) {
  return { ...score, milliseconds: 0, seeds: score.seeds.map((seed) => ({ ...seed, milliseconds: 0 })) };
}

describe('a score', () => {
  it('has everything a user must know of it', async () => {
    const score = ok(await new Scorer(engine).score(network, settings));
    expect(score).toMatchObject({ layers: 4, settings, engine: { name: 'onnx-cpu' } });
    expect(score.engine.version).toMatch(/^onnxruntime-node \d/);
    expect(score.single).toBe(score.layers + score.vkdnw);
    expect(score.vkdnw).toBeGreaterThan(0);
    expect(score.vkdnw).toBeLessThan(Math.log(9));
    expect(score.eigenvalues).toHaveLength(10);
    expect(score.deciles).toHaveLength(9);
    expect(score.milliseconds).toBeGreaterThan(0);
    expect(score.key).toMatch(/^[0-9a-f]{64}$/);
    const [a, b] = score.seeds.map(({ entropy }) => entropy);
    expect(score.seeds.map(({ seed }) => seed)).toEqual([0, 1]);
    expect(score.vkdnw).toBeCloseTo((a! + b!) / 2, 14);
    expect(score.vkdnwSe).toBeCloseTo(Math.abs(a! - b!) / 2, 14);
    expect(score.seeds[0]!.entropies).toHaveLength(4);
    expect(score.contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    const owners = network.nodes.filter((node) => node.params.length > 0).map((node) => node.path);
    expect(score.contributions.map(({ path }) => path)).toEqual(owners);
  });

  it('is the same for the same seed, whatever was computed before, and another for another', async () => {
    const [first, again] = [
      ok(await new Scorer(engine).score(network, settings)),
      ok(await new Scorer(engine).score(network, settings)),
    ];
    expect(numbers(again)).toEqual(numbers(first));
    const other = ok(await new Scorer(engine).score(network, { ...settings, seed: 2 }));
    expect(other.vkdnw).not.toBe(first.vkdnw);
    expect(other.key).not.toBe(first.key);
  });

  it('does not depend on how many draws are made together', async () => {
    const two = ok(await new Scorer(engine).score(network, settings));
    const second = ok(await new Scorer(engine).score(network, { ...settings, seeds: 1, seed: 1 }));
    expect(second.vkdnw).toBe(two.seeds[1]!.entropy);
    expect(second.vkdnwSe).toBeUndefined();
  });

  it('changes with every setting that decides it', async () => {
    const scorer = new Scorer(engine);
    const base: ScoreSettings = { ...settings, seeds: 1 };
    const variants: ScoreSettings[] = [
      base,
      { ...base, samples: 48 },
      { ...base, weights: 6 },
      { ...base, indexSets: 2 },
      { ...base, estimator: { kind: 'exact' } },
      { ...base, softmax: { kind: 'normalised', temperature: 3 } },
      { ...base, fisher: 'released' },
      { ...base, norm: 'calibrated' },
      { ...base, norm: 'released-mbv2' },
      { ...base, weights: 6, tensors: 'spread' },
      { ...base, weights: 6, tensors: 'random' },
    ];
    const scores: Score[] = [];
    for (const variant of variants) {
      scores.push(ok(await scorer.score(network, variant)));
    }
    expect(new Set(scores.map(({ vkdnw }) => vkdnw)).size).toBe(variants.length);
    expect(new Set(scores.map(({ key }) => key)).size).toBe(variants.length);
  });

  it('is a store of one mode: a draw of other norms or tensors is not taken for it', async () => {
    const scorer = new Scorer(engine);
    await scorer.score(network, settings);
    for (const change of [{ norm: 'calibrated' }, { norm: 'released-mbv2' }, { tensors: 'spread' }] as const)
      expect(await scorer.stored(network, { ...settings, ...change })).toBeUndefined();
    expect(await scorer.stored(network, settings)).toBeDefined();
  });

  it('says of calibrated norms what it says of others: shares, tensors at random of every draw', async () => {
    const drawn: ScoreSettings = { ...settings, weights: 3, norm: 'released-mbv2', tensors: 'random' };
    const score = ok(await new Scorer(engine).score(network, drawn));
    expect(score.contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    // Three of each draw, not always the same.
    const tensors = score.contributions.reduce((sum, contribution) => sum + contribution.tensors, 0);
    expect(tensors).toBeGreaterThan(3);
    expect(score.deciles).toHaveLength(11);
    expect(score.vkdnw).toBeLessThanOrEqual(Math.log(11));
  });
});

describe('the store', () => {
  it('gives comments, formatting and names back without computing', async () => {
    const scorer = new Scorer(engine);
    const first = ok(await scorer.score(network, settings));
    const runs = engine.runs;
    const renamed = networkOf(
      `/// Another name\n${tinyText.replace('Tiny', 'Renamed').replaceAll('\n', '\n\n  // so\n')}`,
    );
    expect(await scorer.score(renamed, settings)).toEqual(first);
    expect(await scorer.stored(renamed, settings)).toEqual(first);
    expect(engine.runs).toBe(runs);
  });

  it('computes only the seeds that are new', async () => {
    const scorer = new Scorer(engine);
    const two = ok(await scorer.score(network, settings));
    const runs = engine.runs;
    const partials: [number, number, number][] = [];
    const four = ok(
      await scorer.score(
        network,
        { ...settings, seeds: 4 },
        { onSeed: (partial, done, total) => partials.push([partial.seeds.length, done, total]) },
      ),
    );
    expect(engine.runs).toBe(runs + 2);
    expect(four.seeds.slice(0, 2)).toEqual(two.seeds);
    expect(partials).toEqual([
      [1, 1, 4],
      [2, 2, 4],
      [3, 3, 4],
      [4, 4, 4],
    ]);
    expect(await scorer.stored(network, { ...settings, seeds: 5 })).toBeUndefined();
  });

  it('is computed anew on request, whatever the store knows, and stored', async () => {
    const scorer = new Scorer(engine);
    const first = ok(await scorer.score(network, settings));
    const runs = engine.runs;
    const again = ok(await scorer.score(network, settings, { anew: true }));
    expect(engine.runs).toBe(runs + 2);
    expect(numbers(again)).toEqual(numbers(first));
    expect(ok(await scorer.stored(network, settings))).toEqual(again);
  });

  it('tells networks apart that differ in what they compute', async () => {
    const scorer = new Scorer(engine);
    await scorer.score(network, settings);
    for (const [from, to] of [
      ['conv(3, 3x3) -> bn -> relu', 'conv(3, 5x5) -> bn -> relu'],
      ['gap', 'gmp'],
      ['dense(5) -> relu', 'dense(5) -> tanh'],
    ] as const) {
      const edited = networkOf(tinyText.replace(from, to));
      expect(await scorer.stored(edited, settings)).toBeUndefined();
    }
  });
});

describe('an edit', () => {
  it('leaves the weights of tensors elsewhere as they were', () => {
    const edited = networkOf(tinyText.replace('dense(5)', 'dense(7)'));
    const sources = (of: typeof network) => {
      const { params, program } = lower(of, { batch: 1 });
      return new Map(
        params.map(({ name, shape, node }) => [name, JSON.stringify([program.nodes[node]!.op, shape])]),
      );
    };
    const [before, after] = [sources(network), sources(edited)];
    const changed = [...before].filter(([name, source]) => after.get(name) !== source).map(([name]) => name);
    expect([...after.keys()]).toEqual([...before.keys()]);
    expect(changed).toHaveLength(3);
    expect(changed.every((name) => name.startsWith('dense.'))).toBe(true);
  });
});

describe('what has no score', () => {
  it('is refused for settings the method does not allow', async () => {
    const runs = engine.runs;
    const outcome = await new Scorer(engine).score(network, { ...settings, samples: 8 });
    expect(outcome).toMatchObject({ state: 'failed', reason: 'settings', layers: 4 });
    expect(engine.runs).toBe(runs);
  });

  it('has no signal when nothing reaches the output', async () => {
    const scorer = new Scorer(engine);
    const dead = nasBench201('|none~0|+|none~0|none~1|+|none~0|none~1|none~2|', { channels: 4, cells: 1 });
    const outcome = await scorer.score(dead, settings);
    expect(outcome).toMatchObject({ state: 'failed', reason: 'no-signal' });
    const runs = engine.runs;
    expect(await scorer.score(dead, settings)).toEqual(outcome);
    expect(engine.runs).toBe(runs);
  });

  it('has no signal without weights', async () => {
    const bare = networkOf('model M { input 4x4x3 classes 3 gap }');
    const outcome = await new Scorer(engine).score(bare, settings);
    expect(outcome).toMatchObject({ state: 'failed', reason: 'no-signal' });
  });

  it('overflows when activations do', async () => {
    const deep = networkOf('model M { input 32 classes 4 repeat 300 { dense(32) } dense(classes) }');
    const outcome = await new Scorer(engine).score(deep, settings);
    expect(outcome).toMatchObject({ state: 'failed', reason: 'overflow' });
  });

  it('is cancelled on request, between draws and under way', async () => {
    const scorer = new Scorer(engine);
    const before = new AbortController();
    before.abort();
    expect(await scorer.score(network, settings, { signal: before.signal })).toMatchObject({
      reason: 'cancelled',
    });
    const between = new AbortController();
    const outcome = await scorer.score(network, settings, {
      signal: between.signal,
      onSeed: () => {
        between.abort();
      },
    });
    expect(outcome).toMatchObject({ state: 'failed', reason: 'cancelled' });
    const running = new AbortController();
    const started = scorer.score(
      nasBench201(
        '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|',
      ),
      settings,
      {
        signal: running.signal,
        onProgress: () => {
          running.abort();
        },
      },
    );
    expect(await started).toMatchObject({ state: 'failed', reason: 'cancelled' });
    ok(await scorer.score(network, settings));
  });

  it('says so when there is no engine', async () => {
    const gone = new CountingEngine();
    await gone.dispose();
    const outcome = await new Scorer(gone).score(network, settings);
    expect(outcome).toMatchObject({
      state: 'failed',
      reason: 'unavailable',
      params: expect.any(Number) as number,
    });
  });
});

describe('a score that takes too long', () => {
  it('names remedies that are not in force already', async () => {
    const modulePath = join(import.meta.dirname, '../../server/engine/process/main.ts');
    const impatient = createEngineClient({ choice: 'onnx-cpu', modulePath, timeLimit: 1 });
    try {
      const large = networkOf(tinyText.replace(/input \d+x\d+/, 'input 96x96'));
      const outcome = await new Scorer(impatient).score(large, { ...settings, samples: 256 });
      expect(outcome).toMatchObject({ state: 'failed', reason: 'time-limit' });
      expect(outcome).toHaveProperty(
        'message',
        expect.stringMatching(/Use fewer samples or a higher time limit\.$/),
      );
    } finally {
      await impatient.dispose();
    }
  });
});
