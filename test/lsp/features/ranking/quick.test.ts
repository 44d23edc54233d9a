import { expect, test } from 'vitest';
import { scoreRanked } from '../../../../server/protocol/ranking.ts';
import { rankEntries } from '../../../../server/ranking/ranking.ts';
import { expectLens, TestClient } from '../../support/client.ts';
import { net, RankingClient } from './support/ranking-client.ts';

test('a ranking lists what is too costly to settle by its first seeds, among the others, and settles it on request', async () => {
  // Three draws of A are within the limit, four are not; B is smaller.
  await using client = await TestClient.start({ settings: { score: { debounce: 20, costLimit: 0.006 } } });
  await client.write('a.arch', net('A', 8));
  await client.write('b.arch', net('B', 4));
  const ranking = await RankingClient.open(client);
  await ranking.start();
  const states = (): string =>
    [...ranking.entries.values()]
      .map(({ state }) => state)
      .sort()
      .join();
  await ranking.until('both', () => states() === 'quick,scored');
  const quick = ranking.entries.get(ranking.id('A'))!;
  expect(quick).toMatchObject({ state: 'quick', settledSeeds: 4, score: { settings: { seeds: 3 } } });
  expect(quick.secondsToSettle).toBeGreaterThan(0);
  expect(quick.score!.vkdnwSe).toBeGreaterThan(0);
  expect(quick.score!.marks![0]).toMatchObject({ kind: 'quick', short: 'quick' });
  const { groups, rest } = rankEntries([...ranking.entries.values()], 'vkdnw');
  expect(groups.map(({ size }) => size)).toEqual([2]);
  expect(rest).toEqual([]);

  // What a document shows is what the ranking has.
  const document = await client.open('a.arch', net('A', 8));
  await expectLens(document, 'A', /^≈ .* quick · Settle/);
  await client.until('its rank', async () => {
    const tooltip = (await document.lenses())[0]?.command?.tooltip;
    return /Rank 1(–2)? .* among 2 models/.test(tooltip ?? '') ? tooltip : undefined;
  });

  await client.connection.sendRequest(scoreRanked, { ids: [ranking.id('A')] });
  await ranking.until('the settled score', () => states() === 'scored,scored');
  const settled = ranking.entries.get(ranking.id('A'))!;
  expect(settled.score!.settings.seeds).toBe(4);
  expect(settled.secondsToSettle).toBeUndefined();
  expect(settled.score!.marks).toBeUndefined();
});
