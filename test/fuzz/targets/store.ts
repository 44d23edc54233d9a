import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EngineInfo } from '../../../server/engine/engine.ts';
import { decileEntropy, deciles } from '../../../server/fisher/deciles.ts';
import type { Network } from '../../../server/network/network.ts';
import { proxyKind, type StoredProxy } from '../../../server/proxies/proxy-kind.ts';
import { insightKind } from '../../../server/score/store/insight-kind.ts';
import { scoreKind } from '../../../server/score/store/score-kind.ts';
import { isPossibleDraw } from '../../../server/score/possible.ts';
import { namedSettings } from '../../../server/score/settings.ts';
import { openStore } from '../../../server/store/store.ts';
import type { ScoreSettings, SeedOutcome, SeedScore } from '../../../server/score/types.ts';
import type { InsightMeasurement } from '../../../server/score/insight/insight-measurement.ts';
import { oddities } from '../input/words.ts';
import type { Random } from '../../support/random.ts';
import { ensure, ensureSame, target, type Json } from '../target.ts';
import { anyDamage, damaged, type Damage } from './damage.ts';
import { projectOf, uriOf } from './project.ts';
import { Scratch } from './scratch.ts';

interface Input {
  readonly kind: 'score' | 'failure' | 'insight' | 'proxy';
  readonly seed: number;
  /** Of the file. */
  readonly damages: readonly Damage[];
  /** Of the value in it, whose checksum is made anew. */
  readonly changes: readonly Change[];
}

/** One of the values inside a value becomes another one, or goes. */
interface Change {
  /** Which of them, as a share of all. */
  readonly at: number;
  readonly to: Json;
  readonly isRemoved: boolean;
}

const scratch = new Scratch();
const limit = 2 ** 24;
const engine: EngineInfo = { name: 'onnx-cpu', device: 'CPU', version: '1', threads: 1 };
const key = createHash('sha256').update('a key').digest('hex');
const estimate = { value: 0.5, se: 0.1 };

/** What scores are asked for by. */
const network: Network = projectOf([
  {
    name: 'main.arch',
    text: 'model M { input 8x8x4 classes 4 repeat 8 { conv(4, 3x3) -> bn } gap -> dense(classes) }',
  },
]).analyse(uriOf('main.arch')).models[0]!.network!;
const weights = 16;
const settings: ScoreSettings = { ...namedSettings.paper, weights, indexSets: 1 };
const asked = { network, settings, engine };

function scoreOf(seed: number): SeedScore {
  const eigenvalues = Array.from(
    { length: weights },
    (_, index) => ((index + 1) / weights) ** 2 * (1 + (seed % 7)),
  );
  const trace = eigenvalues.reduce((total, value) => total + value, 0);
  const entropy = decileEntropy(deciles(eigenvalues))!;
  return {
    seed,
    entropy,
    entropies: [entropy],
    eigenvalues,
    deciles: deciles(eigenvalues),
    diagonal: eigenvalues.map(() => trace / weights),
    trace,
    resolution: { rank: weights, largestLogit: 2.5, largestEigenvalue: eigenvalues.at(-1)!, saturated: 0.5 },
    engine,
    milliseconds: 12,
  };
}

const insight: InsightMeasurement = {
  ops: [{ share: estimate, bands: [1, null], entropyEffect: estimate }, { share: { value: 0.5 } }],
  logits: { rms: 1, largest: 2, confidence: 0.1 },
  engine,
  milliseconds: 5,
};

/** What comes out of the store is what was put in, or nothing: whatever the disk has made of it. */
export const store = target<Input>({
  name: 'store',
  generate: (random) => ({
    kind: random.pick(['score', 'score', 'failure', 'insight', 'proxy']),
    seed: random.below(1000),
    damages: random.chance(0.6) ? random.times(1 + random.small(3), () => anyDamage(random)) : [],
    changes: random.chance(0.6) ? random.times(1 + random.small(2), () => anyChange(random)) : [],
  }),
  async check(input) {
    const { kind, seed, damages, changes } = input;
    const place = { folder: scratch.path('store'), limit };
    const outcome: SeedOutcome =
      kind === 'failure' ? { seed, reason: 'no-signal', message: 'None.' } : scoreOf(seed);
    const proxy: StoredProxy = { value: 1.5, engine };
    switch (kind) {
      case 'score':
      case 'failure':
        await openStore(scoreKind, place).set(key, outcome);
        break;
      case 'insight':
        await openStore(insightKind, place).set(key, insight);
        break;
      case 'proxy':
        await openStore(proxyKind, place).set(key, proxy);
    }
    const path = join(place.folder, key.slice(0, 1), `${key}.json`);
    const value = changes.reduce(changed, valueIn(readFileSync(path, 'utf8')));
    const isChanged = changes.length > 0;
    mkdirSync(dirname(path), { recursive: true });
    const bytes = isChanged ? Buffer.from(entryText(value)) : readFileSync(path);
    writeFileSync(path, damages.reduce(damaged, bytes));
    if (kind === 'insight') {
      const found = await openStore(insightKind, place).get(key);
      ensure(
        found === undefined || isChanged || isDeepStrictEqual(found, insight),
        'The store gives another measurement.',
        () => found,
      );
      ensure(found === undefined || allFinite(found), 'The store gives what is no number.', () => found);
    } else if (kind === 'proxy') {
      const found = await openStore(proxyKind, place).get(key);
      ensure(
        found === undefined || isChanged || isDeepStrictEqual(found, proxy),
        'The store gives another proxy.',
        () => found,
      );
      ensure(found === undefined || allFinite(found), 'The store gives what is no number.', () => found);
    } else {
      const found = await openStore(scoreKind, place).get(key);
      ensure(
        found === undefined || isChanged || isDeepStrictEqual(found, outcome),
        'The store gives another score.',
        () => found,
      );
      if (kind === 'score') {
        const isWhole = !isChanged && damages.length === 0;
        ensure(!isWhole || (found !== undefined && isPossibleDraw(found, seed, asked)), 'A score is lost.');
        if (found !== undefined) possible(found, input);
      }
    }
    // It works again, whatever was there.
    const again = openStore(scoreKind, place);
    await again.set(key, scoreOf(seed));
    ensureSame(await openStore(scoreKind, place).get(key), scoreOf(seed), 'A damaged entry stays.');
  },
  close: () => {
    scratch.clear();
  },
});

/** A draw that is taken for what was asked for differs from it in nothing that a score is made of. */
function possible(found: SeedOutcome, { seed, changes }: Input): void {
  if (!isPossibleDraw(found, seed, asked)) return;
  const expected = scoreOf(seed);
  ensure('entropy' in found, 'A failure is taken for a score.', () => found);
  ensure(allFinite(found), 'The store gives what is no number.', () => found);
  // Two changes may fit each other.
  if (changes.length > 1) return;
  const values = ({
    entropy,
    entropies,
    eigenvalues,
    deciles: nine,
    diagonal,
    trace,
  }: SeedScore): readonly number[] => [entropy, ...entropies, ...eigenvalues, ...nine, ...diagonal, trace];
  const [these, those] = [values(found), values(expected)];
  ensure(
    these.length === those.length && these.every((value, index) => Math.abs(value - those[index]!) <= 1e-6),
    'Another score is taken for what was asked for.',
    () => found,
  );
}

function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(allFinite);
}

function valueIn(text: string): Json {
  return (JSON.parse(text.split('\n')[1]!) as { readonly value: Json }).value;
}

/** As an entry is written. */
function entryText(value: Json): string {
  const json = JSON.stringify({ key, value });
  return `${createHash('sha256').update(json).digest('hex')}\n${json}\n`;
}

function anyChange(random: Random): Change {
  return {
    at: random.share(),
    to: random.pick<Json>([
      0,
      -1,
      1e300,
      -1e300,
      5e-324,
      0.5,
      1e15,
      null,
      '',
      'x',
      true,
      [],
      {},
      [1, 2],
      random.pick(oddities),
      { value: 1 },
    ]),
    isRemoved: random.chance(0.2),
  };
}

function changed(value: Json, { at, to, isRemoved }: Change): Json {
  const places = placesOf(value);
  const place = places[Math.floor(at * places.length)] ?? [];
  return put(value, place, to, isRemoved);
}

function placesOf(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([field, child]) => placesOf(child ?? null, [...path, field])),
  ];
}

function put(value: Json, [field, ...rest]: readonly string[], to: Json, isRemoved: boolean): Json {
  if (field === undefined) return to;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (rest.length === 0 && isRemoved) return items.toSpliced(Number(field), 1);
    return items.with(Number(field), put(items[Number(field)]!, rest, to, isRemoved));
  }
  const fields = value as Readonly<Record<string, Json>>;
  if (rest.length > 0 || !isRemoved) return { ...fields, [field]: put(fields[field]!, rest, to, isRemoved) };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field));
}
