import { expect, test } from 'vitest';
import { leaderboardPicture } from '../../../client/ranking/page/picture.ts';
import { rankEntries } from '../../../server/ranking/ranking.ts';
import { namedSettings } from '../../../server/score/settings.ts';
import { entry, large } from '../../ranking/support.ts';

test('the picture of a leaderboard has the models of all groups, each group with how it was made', () => {
  const picture = leaderboardPicture(
    rankEntries(
      [
        entry({ model: 'Wide', vkdnw: 1.5 }),
        entry({ model: 'Deep', vkdnw: 1.2 }),
        entry({ model: 'Photo', vkdnw: 1.8, task: large }),
        entry({ model: 'Live', vkdnw: 1.8, settings: namedSettings.live }),
      ],
      'single',
    ),
    'macs',
  );
  for (const name of ['Wide', 'Deep', 'Photo', 'Live'])
    expect(picture.match(new RegExp(`<title>${name}: `, 'g')), name).toHaveLength(1);
  for (const made of ['32×32×3 → 10 · settled', '224×224×3 → 1000 · settled', '32×32×3 → 10 · live'])
    expect(picture.match(new RegExp(`>${made}`, 'g')), made).toHaveLength(1);
  const tops = [...picture.matchAll(/translate\(0 (\d+)\)/g)].map(([, top]) => Number(top));
  const [, height] = /<svg[^>]* height="(\d+)"/.exec(picture)!;
  expect(tops).toHaveLength(3);
  expect(new Set([...tops, Number(height)]).size).toBe(4);
});

test('the picture of a leaderboard without scores is one of empty axes', () => {
  const picture = leaderboardPicture(rankEntries([entry({ model: 'Waits' })], 'single'), 'params');
  expect(picture.match(/translate\(0 0\)/g)).toHaveLength(1);
});
