import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EngineInfo } from '../../server/engine/engine.ts';
import { proxyKind } from '../../server/proxies/proxy-kind.ts';
import type { InsightMeasurement } from '../../server/score/insight/insight-measurement.ts';
import { clearStores, openStores, type Stores } from '../../server/scoring/stores.ts';
import { openStore } from '../../server/store/store.ts';

const engine: EngineInfo = { name: 'onnx-cpu', device: 'CPU', version: '1', threads: 1 };
const insight: InsightMeasurement = {
  ops: [{ share: { value: 1 } }],
  logits: { rms: 1, largest: 2, confidence: 0.1 },
  engine,
  milliseconds: 5,
};
const keyOf = (name: string): string => createHash('sha256').update(name).digest('hex');

const before = process.env['ARCHLENS_STORE'];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-stores-'));
  process.env['ARCHLENS_STORE'] = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env['ARCHLENS_STORE'];
  else process.env['ARCHLENS_STORE'] = before;
  rmSync(folder, { recursive: true });
});

async function fill({ scores, insights, proxies, engines }: Stores): Promise<void> {
  await scores.set(keyOf('score'), { seed: 1, reason: 'no-signal', message: 'None.' });
  await insights.set(keyOf('insight'), insight);
  await proxies.set(keyOf('zen'), { value: 1.5, engine });
  await proxies.set(keyOf('ntk'), { failure: 'singular: none', engine });
  await engines.learn({ choice: 'auto', modulePath: join(folder, 'engine.cjs') }, engine);
}

/** Bytes of the entries below a folder. */
function bytes(below: string): number {
  return readdirSync(join(folder, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

it('are cleared together, and what was in each of them counts', async () => {
  const stores = openStores({ limit: 2 ** 24 });
  await fill(stores);
  const all = ['scores', 'insights', 'proxies'].reduce((sum, each) => sum + bytes(each), 0);
  expect(await clearStores(stores)).toEqual({ entries: 4, bytes: all });
  expect(await stores.scores.get(keyOf('score'))).toBeUndefined();
  expect(await stores.insights.get(keyOf('insight'))).toBeUndefined();
  expect(await stores.proxies.get(keyOf('zen'))).toBeUndefined();
  expect(await clearStores(stores)).toEqual({ entries: 0, bytes: 0 });
});

it('give another process what was stored', async () => {
  await fill(openStores({ limit: 2 ** 24 }));
  const { scores, insights, proxies, engines } = openStores({ limit: 2 ** 24 });
  expect(await scores.get(keyOf('score'))).toEqual({ seed: 1, reason: 'no-signal', message: 'None.' });
  expect(await insights.get(keyOf('insight'))).toEqual(insight);
  expect(await proxies.get(keyOf('zen'))).toEqual({ value: 1.5, engine });
  expect(await proxies.get(keyOf('ntk'))).toEqual({ failure: 'singular: none', engine });
  expect(await engines.recall({ choice: 'auto', modulePath: join(folder, 'engine.cjs') })).toEqual(engine);
});

it('keep nothing on the disk where the limit is 0', async () => {
  const stores = openStores({ limit: 0 });
  await fill(stores);
  expect(readdirSync(folder)).toEqual([]);
  expect(await stores.proxies.get(keyOf('zen'))).toEqual({ value: 1.5, engine });
  expect(await clearStores(stores)).toEqual({ entries: 0, bytes: 0 });
});

it('keep no more results of proxies in memory than they may', async () => {
  const store = openStore(proxyKind);
  for (let index = 0; index <= proxyKind.capacity; index += 1)
    await store.set(String(index), { value: index, engine });
  expect(await store.get('0')).toBeUndefined();
  expect(await store.get('1')).toEqual({ value: 1, engine });
});

it('take a result of a proxy that says both a value and why there is none for none', async () => {
  const place = { folder: join(folder, 'proxies'), limit: 2 ** 24 };
  await openStore(proxyKind, place).set(keyOf('zen'), { value: 1, failure: 'overflow: …', engine });
  expect(await openStore(proxyKind, place).get(keyOf('zen'))).toBeUndefined();
});
