import { expect, test } from 'vitest';
import { listItems } from '../../../client/what-if/alternatives-items.ts';
import type { Alternatives } from '../../../server/protocol/what-if.ts';
import type { Verdict } from '../../../server/search/what-if.ts';

const totals = { layers: 4, params: 1000, macs: 20_000 };
const scored = (delta: number, margin: number): Verdict => ({
  state: 'scored',
  single: 4,
  difference: { delta, layers: 0, entropy: delta, margin, withinNoise: Math.abs(delta) <= margin },
});

const list: Alternatives = {
  id: 1,
  about: '3x3',
  model: 'Small',
  others: 1,
  totals,
  settings: 'N 64',
  leftOut: 2,
  untried: 0,
  alternatives: [
    { title: '3x3 → 1x1', edits: [], totals: { layers: 4, params: 500, macs: 20_000 } },
    { title: '3x3 → 5x5', edits: [], totals: { layers: 5, params: 3000, macs: 90_000 } },
    { title: '3x3 → 7x7', edits: [], totals: { layers: 6, params: 9000, macs: 90_000 } },
    { title: '3x3 → 9x9', edits: [], totals },
  ],
};

const headings = ({ items }: ReturnType<typeof listItems>): readonly string[] =>
  items.filter(({ separator }) => separator === true).map(({ label }) => label);

test('the list says in words what it shows, best first', () => {
  const verdicts = new Map<number, Verdict>([
    [0, scored(0.01, 0.2)],
    [1, scored(0.5, 0.1)],
    [2, scored(-0.5, 0.1)],
    [3, { state: 'failed', message: 'The computation took longer than 5 s.' }],
  ]);
  const shown = listItems(list, verdicts);
  expect(shown.title).toBe(
    'Alternatives to 3x3 in Small: change of VKDNW_single, and its 95 % margin; changes 1 more model too',
  );
  expect(headings(shown)).toEqual(['better', 'within noise', 'worse', 'no score']);
  const rows = shown.items.filter(({ separator }) => separator === undefined);
  expect(rows.map(({ description }) => description)).toEqual([
    '+0.500 ± 0.100',
    '+0.010 ± 0.200, within noise',
    '−0.500 ± 0.100',
    'The computation took longer than 5 s.',
  ]);
  expect(rows.map(({ detail }) => detail?.split(' · ').at(2))).toEqual([
    '+1 layer',
    undefined,
    '+2 layers',
    undefined,
  ]);
});

test('it counts as scored what has a score', () => {
  const failed: Verdict = { state: 'failed', message: 'Nothing.' };
  const progress = (verdicts: readonly Verdict[]): string =>
    listItems(list, new Map(verdicts.entries())).progress;
  const good = scored(0.5, 0.1);
  expect(progress([])).toBe('0 of 4 scored · 2 left out: they would not fit · N 64');
  expect(progress([good, failed])).toContain('1 of 4 scored, 1 without a score · ');
  expect(progress([good, good, good, failed])).toContain('3 scored, 1 without a score · ');
  expect(progress([good, good, good, good])).toMatch(/^4 scored · /);
  expect(listItems(list, new Map(), { message: 'The engine is gone.' }).progress).toMatch(
    /^The engine is gone\. · /,
  );
});
