import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openRanking } from '../../../../server/protocol/ranking.ts';
import { TestClient } from '../../support/client.ts';
import { net } from './support/ranking-client.ts';

test('ranks reach the lenses of a document however often the list is asked for meanwhile', async () => {
  await using client = await TestClient.start({
    settings: { score: { seeds: 2, indexSets: 2, debounce: 20 } },
  });
  const text = net('A', 8) + net('B', 4);
  await client.write('a.arch', text);
  const document = await client.open('a.arch', text);
  const enough = new AbortController();
  const looking = (async () => {
    while (!enough.signal.aborted) {
      await client.connection.sendRequest(openRanking);
      await sleep(10);
    }
  })();
  try {
    const tooltips = await client.until('the ranks of both', async () => {
      const found = (await document.lenses()).flatMap(({ command }) => command?.tooltip ?? []);
      const ranked = found.filter((tooltip) => tooltip.includes('among 2 models'));
      return ranked.length === 2 ? ranked : undefined;
    });
    expect(tooltips[0]).toMatch(/Rank (1|2|1–2) by VKDNW_single/);
  } finally {
    enough.abort();
    await looking;
  }
});
