import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { describe, expect, test } from 'vitest';
import {
  scoreDetails,
  settle,
  settleProgress,
  type ModelStatus,
  type SettleProgress,
} from '../../../../server/protocol/protocol.ts';
import { spaced, TestClient } from '../../support/client.ts';
import type { OpenDocument } from '../../support/client.ts';

const net = (width: number): string =>
  `model Tiny { input 16x16x3 classes 4 conv(${width}, 3x3) -> bn -> relu -> gap -> dense(classes) }\n`;

/** Three draws of this network are within it, four are not. Billions. */
const costLimit = 0.025;

async function status(
  client: TestClient,
  document: OpenDocument,
  state: ModelStatus['state'],
): Promise<ModelStatus> {
  return await client.until(`the state ${state}`, () => {
    const model = client.scores.get(document.uri)?.models[0];
    return model?.state === state ? model : undefined;
  });
}

/** Entropies by seed, as the page of the score lists them. */
async function perSeed(client: TestClient, document: OpenDocument): Promise<readonly number[]> {
  const details = await client.connection.sendRequest(scoreDetails, { uri: document.uri, model: 'Tiny' });
  const cell = /\| Per seed +\| ([^|]*)\|/.exec(spaced(details?.markdown ?? ''))?.[1] ?? '';
  return [...cell.matchAll(/\d+: (\d\.\d{3})/g)].map((match) => Number(match[1]));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('an edit', () => {
  test('is measured, then told by its difference to the last settled version, of the seeds that both have', async () => {
    await using client = await TestClient.start({ settings: { score: { debounce: 20 } } });
    const document = await client.open('tiny.arch', net(8));
    expect((await status(client, document, 'current')).difference).toBeUndefined();
    const before = await perSeed(client, document);
    expect(before).toHaveLength(4);

    const states: string[] = [];
    await document.replace('conv(8', 'conv(12');
    const after = await client.until('the difference', () => {
      const model = client.scores.get(document.uri)?.models[0];
      if (model !== undefined && states.at(-1) !== model.state) states.push(model.state);
      return model?.state === 'current' && model.difference !== undefined ? model : undefined;
    });
    // At most three changes: what is known of the text before is there until the first number of this one.
    expect([
      'current computing refining current',
      'current computing current',
      'computing refining current',
      'computing current',
      'current',
    ]).toContain(states.join(' '));
    const seeds = await perSeed(client, document);
    const { vkdnw, vkdnwSe, withinNoise, layers, seeds: common } = after.difference!;
    expect([common, layers]).toEqual([4, 0]);
    // Of numbers with three decimals.
    expect(Math.abs(vkdnw - (mean(seeds) - mean(before)))).toBeLessThan(1.1e-3);
    expect(vkdnwSe).toBeGreaterThan(0);
    expect(withinNoise).toBe(Math.abs(vkdnw) <= 2 * vkdnwSe);

    // What is taken back is no difference; nor does an error forget what settled last.
    await document.replace('conv(12', 'conv(12,,');
    await status(client, document, 'stale');
    await document.replace('conv(12,,', 'conv(8');
    const back = await client.until('the first version', async () => {
      const model = client.scores.get(document.uri)?.models[0];
      return model?.state === 'current' && (await perSeed(client, document)).join() === before.join()
        ? model
        : undefined;
    });
    expect(back.difference!.vkdnw).toBeCloseTo(-vkdnw, 12);
  });
});

describe('a model that is too costly to settle unasked', () => {
  test('has a quick number, and settles on request, draw by draw, to the score that it would have had', async () => {
    await using client = await TestClient.start({ settings: { score: { debounce: 20, costLimit } } });
    const news: SettleProgress[] = [];
    client.connection.onNotification(settleProgress, (progress) => {
      news.push(progress);
    });
    const document = await client.open('tiny.arch', net(8));
    const quick = await status(client, document, 'quick');
    expect(quick.secondsToSettle).toBeGreaterThan(0);
    const first = await perSeed(client, document);
    expect(first).toHaveLength(3);

    const place = { uri: document.uri, model: 'Tiny' };
    expect(await client.connection.sendRequest(settle, place)).toEqual({ end: 'settled' });
    await status(client, document, 'current');
    const whole = await perSeed(client, document);
    expect(whole).toHaveLength(4);
    expect(whole.slice(0, 3)).toEqual(first);
    expect(news.map(({ done, total }) => [done, total])).toEqual([1, 2, 3, 4].map((done) => [done, 4]));
    expect(news.at(-1)).toMatchObject({ ...place, seconds: 0 });
    // Once more there is nothing to do.
    expect(await client.connection.sendRequest(settle, place)).toEqual({ end: 'settled' });
    expect(news).toHaveLength(4);

    await using unlimited = await TestClient.start({ settings: { score: { debounce: 20 } } });
    const same = await unlimited.open('tiny.arch', net(8));
    await status(unlimited, same, 'current');
    expect(await perSeed(unlimited, same)).toEqual(whole);
  });

  test('keeps the draws there are when settling is cancelled, and goes on from them', async () => {
    const score = { debounce: 20, costLimit, seeds: 100 };
    await using client = await TestClient.start({ settings: { score } });
    const document = await client.open('tiny.arch', net(8));
    await status(client, document, 'quick');
    const place = { uri: document.uri, model: 'Tiny' };
    const cancelling = new CancellationTokenSource();
    client.connection.onNotification(settleProgress, ({ done }) => {
      if (done >= 5) cancelling.cancel();
    });
    expect(await client.connection.sendRequest(settle, place, cancelling.token)).toEqual({
      end: 'cancelled',
    });
    await status(client, document, 'quick');
    expect((await perSeed(client, document)).length).toBeGreaterThanOrEqual(5);
    expect((await perSeed(client, document)).length).toBeLessThan(100);
  });

  test('ends settling when the text changes, and says nothing of a model with errors', async () => {
    const score = { debounce: 20, costLimit, seeds: 100 };
    await using client = await TestClient.start({ settings: { score } });
    const document = await client.open('tiny.arch', net(8));
    await status(client, document, 'quick');
    const place = { uri: document.uri, model: 'Tiny' };
    const settling = client.connection.sendRequest(settle, place);
    await status(client, document, 'refining');
    await document.replace('conv(8', 'conv(9');
    expect(await settling).toEqual({ end: 'cancelled' });
    await document.replace('conv(9', 'conv(9,,');
    expect(await client.connection.sendRequest(settle, place)).toBeNull();
    expect(await client.connection.sendRequest(settle, { ...place, model: 'Other' })).toBeNull();
  });
});
