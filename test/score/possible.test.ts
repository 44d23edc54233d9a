// Entries of the store whose checksum is right and whose content is not: they are a miss, and computed anew.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EntryFolder } from '../../server/store/entry-folder.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import type { InsightMeasurement } from '../../server/score/insight/insight-measurement.ts';
import { insightKind } from '../../server/score/store/insight-kind.ts';
import { Insights } from '../../server/score/insight/insights.ts';
import { networkHash, seedKey } from '../../server/score/key.ts';
import { isPossibleDraw } from '../../server/score/possible.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { scoreKind } from '../../server/score/store/score-kind.ts';
import type { Score, ScoreOutcome, ScoreSettings, SeedScore } from '../../server/score/types.ts';
import { networkOf, tinyText } from '../fisher/support/networks.ts';
import { CountingEngine } from './support/engine.ts';

const settings: ScoreSettings = { ...namedSettings.live, indexSets: 1, seeds: 1 };
const network = networkOf(tinyText);
const limit = 2 ** 30;

let engine: CountingEngine;
let folder: string;
beforeAll(() => {
  engine = new CountingEngine();
});
afterAll(() => engine.dispose());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-possible-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function ok(outcome: ScoreOutcome | undefined): Score {
  expect(outcome).toMatchObject({ state: 'ok' });
  return outcome as Score;
}

async function drawOf(asked: ScoreSettings): Promise<SeedScore> {
  return ok(await new Scorer(engine).score(network, asked)).seeds[0]!;
}

describe('a stored draw', () => {
  it('is possible under every setting that it may be made with', async () => {
    const variants: readonly Partial<ScoreSettings>[] = [
      {},
      { indexSets: 4 },
      { weights: 4 },
      { samples: 64, seed: 7 },
      { estimator: { kind: 'exact' } },
      { softmax: { kind: 'normalised', temperature: 3 } },
      { fisher: 'released' },
      { norm: 'calibrated' },
      { weights: 4, tensors: 'spread' },
      { norm: 'released-mbv2', weights: 4, tensors: 'random' },
    ];
    for (const variant of variants) {
      const asked = { ...settings, ...variant };
      const draw = await drawOf(asked);
      const written = JSON.parse(JSON.stringify(draw)) as SeedScore;
      const request = { network, settings: asked, engine: draw.engine };
      expect(isPossibleDraw(written, asked.seed, request), JSON.stringify(variant)).toBe(true);
      expect(isPossibleDraw(written, asked.seed + 1, request)).toBe(false);
    }
  });

  const wrong: readonly (readonly [string, (draw: SeedScore) => unknown])[] = [
    ['an entropy that no spectrum has', (draw) => ({ ...draw, entropy: 1e300, entropies: [1e300] })],
    ['an entropy that this spectrum has not', (draw) => ({ ...draw, entropy: 1, entropies: [1] })],
    ['another seed', (draw) => ({ ...draw, seed: 5 })],
    ['a failure of another seed', () => ({ seed: 5, reason: 'no-signal', message: 'none' })],
    ['no eigenvalues', (draw) => ({ ...draw, eigenvalues: [] })],
    ['fewer eigenvalues', (draw) => ({ ...draw, eigenvalues: draw.eigenvalues.slice(1) })],
    ['eigenvalues upside down', (draw) => ({ ...draw, eigenvalues: draw.eigenvalues.toReversed() })],
    [
      'negative ones',
      (draw) => ({ ...draw, eigenvalues: draw.eigenvalues.map((value) => -value).toReversed() }),
    ],
    ['other deciles', (draw) => ({ ...draw, deciles: draw.deciles.map((value) => 2 * value) })],
    ['no deciles', (draw) => ({ ...draw, deciles: [] })],
    ['another trace', (draw) => ({ ...draw, trace: 2 * draw.trace })],
    ['another diagonal', (draw) => ({ ...draw, diagonal: draw.diagonal.map((value) => 2 * value) })],
    ['a rank above P', (draw) => ({ ...draw, resolution: { ...draw.resolution, rank: 129 } })],
    ['no rank', (draw) => ({ ...draw, resolution: { ...draw.resolution, rank: 0 } })],
    ['more than all samples', (draw) => ({ ...draw, resolution: { ...draw.resolution, saturated: 1.5 } })],
    ['more index sets', (draw) => ({ ...draw, entropies: [draw.entropy, draw.entropy] })],
    ['another engine', (draw) => ({ ...draw, engine: { ...draw.engine, version: 'another' } })],
    ['a name for a number', (draw) => ({ ...draw, trace: 'much' })],
    ['nothing', () => null],
  ];

  it.each(wrong)('with %s is a miss', async (_, change) => {
    const right = await drawOf(settings);
    const key = seedKey(networkHash(network), settings, right.seed, right.engine);
    const scores = join(folder, 'scores');
    await new EntryFolder(scores, limit).write(key, scoreKind.encode(change(right) as SeedScore));
    const before = engine.runs;
    const scorer = new Scorer(engine, openStore(scoreKind, { folder: scores, limit }));
    expect(await scorer.stored(network, settings)).toBeUndefined();
    expect(ok(await scorer.score(network, settings)).vkdnw).toBe(right.entropy);
    expect(engine.runs).toBeGreaterThan(before);
    // It is stored in its place.
    const later = new Scorer(engine, openStore(scoreKind, { folder: scores, limit }));
    expect(ok(await later.stored(network, settings)).vkdnw).toBe(right.entropy);
  });
});

describe('a stored look into a score', () => {
  /** Remembers the key that is asked for. */
  class Keys implements Store<InsightMeasurement> {
    readonly inner: Store<InsightMeasurement>;
    key = '';
    constructor(inner: Store<InsightMeasurement>) {
      this.inner = inner;
    }
    get(key: string): Promise<InsightMeasurement | undefined> {
      this.key = key;
      return this.inner.get(key);
    }
    set(key: string, measurement: InsightMeasurement): Promise<void> {
      return this.inner.set(key, measurement);
    }
    clear() {
      return this.inner.clear();
    }
  }

  const wrong: readonly (readonly [string, (measured: InsightMeasurement) => unknown])[] = [
    ['no ops', (measured) => ({ ...measured, ops: [] })],
    [
      'shares above 1',
      (measured) => ({ ...measured, ops: measured.ops.map((op) => ({ ...op, share: { value: 2 } })) }),
    ],
    ['another engine', (measured) => ({ ...measured, engine: { ...measured.engine, device: 'another' } })],
    [
      'an impossible entropy',
      (measured) => ({ ...measured, whole: { ...measured.whole, entropy: { value: 1e300 } } }),
    ],
    ['other seeds', (measured) => ({ ...measured, whole: { ...measured.whole, seedEntropies: [] } })],
    [
      'other deciles',
      (measured) => ({ ...measured, whole: { ...measured.whole, deciles: [1, 1, 1, 1, 1, 1, 1, 1, 1] } }),
    ],
  ];

  it.each(wrong)('with %s is a miss', async (_, change) => {
    const score = ok(await new Scorer(engine).score(network, settings));
    const insights = join(folder, 'insights');
    const open = (): Keys => new Keys(openStore(insightKind, { folder: insights, limit }));
    const first = open();
    const right = await new Insights(engine, first).insight(network, score);
    expect(right).toMatchObject({ state: 'ok', whole: {} });
    expect(await new Insights(engine, open()).stored(network, score)).toEqual(right);
    const measured = (await first.get(first.key))!;
    await new EntryFolder(insights, limit).write(first.key, change(measured));
    expect(await new Insights(engine, open()).stored(network, score)).toBeUndefined();
  });
});
