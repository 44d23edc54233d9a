import { expect, test } from 'vitest';
import { listItems } from '../../../client/what-if/alternatives-items.ts';
import type { Alternatives } from '../../../server/protocol/what-if.ts';
import { opinionOf, type Opinion, type Vote } from '../../../server/search/second-opinion.ts';
import { shortWorth } from '../../../server/search/wording.ts';
import type { Verdict } from '../../../server/search/what-if.ts';

const totals = { layers: 4, params: 1000, macs: 20_000 };
const scored = (delta: number, margin: number, opinion?: Opinion): Verdict => ({
  state: 'scored',
  single: 4,
  ...(opinion === undefined ? {} : { opinion }),
  difference: { delta, layers: 0, entropy: delta, seeds: 4, margin, withinNoise: Math.abs(delta) <= margin },
});

const votes = (...says: readonly Vote['says'][]): Opinion =>
  opinionOf(says.map((each, index) => ({ name: `score${index}`, says: each })));
const agreed = votes('better', 'better', 'equal', 'worse');
const about = { edits: [], kind: 'kernel', comparison: 'depth' } as const;

const list: Alternatives = {
  id: 1,
  about: '3x3',
  model: 'Small',
  others: 1,
  totals,
  settings: 'N 64',
  leftOut: 2,
  untried: 0,
  otherKinds: 0,
  alternatives: [
    { title: '3x3 → 1x1', ...about, totals: { layers: 4, params: 500, macs: 20_000 } },
    { title: '3x3 → 5x5', ...about, totals: { layers: 5, params: 3000, macs: 90_000 } },
    { title: '3x3 → 7x7', ...about, totals: { layers: 6, params: 9000, macs: 90_000 } },
    { title: '3x3 → 9x9', ...about, totals },
  ],
};

const headings = ({ items }: ReturnType<typeof listItems>): readonly string[] =>
  items.filter(({ separator }) => separator === true).map(({ label }) => label);

test('the list says in words what it shows, best first', () => {
  const verdicts = new Map<number, Verdict>([
    [0, scored(0.01, 0.2)],
    [1, scored(0.5, 0.1, agreed)],
    [2, scored(-0.5, 0.1)],
    [3, { state: 'failed', reason: 'time-limit', message: 'The computation took longer than 5 s.' }],
  ]);
  const shown = listItems(list, { verdicts });
  expect(shown.title).toBe(
    'Alternatives to 3x3 in Small: change of VKDNW_single and its margin, and what the other scores say; changes 1 more model too',
  );
  expect(headings(shown)).toEqual([
    'better, and the other scores agree',
    'within noise',
    'worse',
    'no score',
  ]);
  const rows = shown.items.filter(({ separator }) => separator === undefined);
  expect(rows.map(({ description }) => description)).toEqual([
    '+0.500 ± 0.100, others 2 for, 1 against',
    '+0.010 ± 0.200, within noise',
    '−0.500 ± 0.100',
    'time limit reached: The computation took longer than 5 s.',
  ]);
  const ofDepth = shortWorth('depth');
  expect(rows.map(({ detail }) => detail?.split(' · ').slice(2))).toEqual([
    ['+1 layer', ofDepth],
    [ofDepth],
    ['+2 layers', ofDepth],
    [],
  ]);
  expect(rows.map(({ canResolve }) => canResolve)).toEqual([undefined, true, undefined, undefined]);
});

test('what only VKDNW prefers is not among the better ones, and says why', () => {
  const verdicts = new Map<number, Verdict>([
    [0, scored(0.5, 0.1, votes('worse', 'worse', 'equal', 'equal'))],
    [1, scored(0.4, 0.1, votes('better', 'worse', 'equal', 'equal'))],
    [2, scored(0.3, 0.1, votes('none', 'none', 'none', 'better'))],
    [3, scored(0.2, 0.1)],
    [4, scored(0.1, 0.05, votes('better', 'equal', 'equal', 'none'))],
  ]);
  const [first] = list.alternatives;
  const five = { ...list, alternatives: [...list.alternatives, first!] };
  const shown = listItems(five, { verdicts });
  expect(headings(shown)).toEqual([
    'better by VKDNW: the other scores are asked',
    'better by VKDNW, but the other scores do not agree',
  ]);
  const rows = shown.items.filter(({ separator }) => separator === undefined);
  expect(rows.map(({ description }) => description)).toEqual([
    '+0.200 ± 0.100',
    '+0.500 ± 0.100, others 0 for, 2 against, only VKDNW likes it',
    '+0.400 ± 0.100, others 1 for, 1 against, the other scores are divided',
    '+0.300 ± 0.100, others 1 for, 0 against, 3 without a value, the other scores have no value',
    '+0.100 ± 0.050, others 1 for, 0 against, 1 without a value, only VKDNW and score0 like it',
  ]);
});

test('what VKDNW is worth for a change is said beside it, and how far added seeds are', () => {
  const narrower: Alternatives = {
    ...list,
    alternatives: list.alternatives.map((alternative) => ({ ...alternative, comparison: 'width' })),
  };
  const verdicts = new Map<number, Verdict>([[0, scored(0.01, 0.2)]]);
  const resolving = { index: 0, done: 0.25, seeds: 16, most: 64 };
  const [, row] = listItems(narrower, { verdicts, resolving }).items;
  expect(row).toMatchObject({
    label: '$(loading~spin) 3x3 → 1x1',
    description: '+0.010 ± 0.200, within noise · 16 of at most 64 seeds, 25 %',
  });
  expect(row).not.toHaveProperty('canResolve');
  expect(row?.detail).toMatch(/ · params orders such changes better$/);
});

test('it counts as scored what has a score', () => {
  const failed: Verdict = { state: 'failed', reason: 'no-signal', message: 'Nothing.' };
  const progress = (verdicts: readonly Verdict[]): string =>
    listItems(list, { verdicts: new Map(verdicts.entries()) }).progress;
  const good = scored(0.5, 0.1);
  expect(progress([])).toBe('0 of 4 scored · 2 left out: they would not fit · N 64');
  expect(progress([good, failed])).toContain('1 of 4 scored, 1 without a score · ');
  expect(progress([good, good, good, failed])).toContain('3 scored, 1 without a score · ');
  expect(progress([good, good, good, good])).toMatch(/^4 scored · /);
  expect(
    listItems(list, { verdicts: new Map(), ended: { message: 'The engine is gone.' } }).progress,
  ).toMatch(/^The engine is gone\. · /);
});
