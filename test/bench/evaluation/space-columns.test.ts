import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  bestRival,
  isRobust,
  judgedAggregates,
  orderingParts,
} from '../../../bench/evaluation/aggregate-choice.ts';
import { columnsOf, entropies, type MeasuredMember } from '../../../bench/evaluation/space-columns.ts';
import {
  estimate,
  scoresOf,
  tauStatistic,
  wholeColumns,
  withinStatistic,
} from '../../../bench/evaluation/space-statistics.ts';

const folder = mkdtempSync(join(tmpdir(), 'archlens-journal-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const draw = (entropy: number) => ({
  entropy,
  trace: 1,
  rank: 9,
  top: 1,
  deciles: [],
  logSum: 0,
  positive: 9,
  logDiagonal: [],
});

function journalOf(records: readonly object[]): string {
  const path = join(folder, `${records.length}.jsonl`);
  const common = { space: 's', accuracy: 50, part: 'choice', version: '0', milliseconds: 1 };
  writeFileSync(path, records.map((record) => `${JSON.stringify({ ...common, ...record })}\n`).join(''));
  return path;
}

const journal = journalOf([
  { dataSet: 'cifar100', genotype: 'a', group: 'counts', values: { macs: 3 } },
  { dataSet: 'cifar10', genotype: 'a', group: 'maps', values: { expressivity: 7 } },
  { dataSet: 'cifar10', genotype: 'a', group: 'counts', values: { macs: 2, layers: 4 } },
  { dataSet: 'cifar10', genotype: 'b', group: 'counts', values: { macs: 1, layers: 4 } },
  { dataSet: 'cifar10', genotype: 'a', group: 'eval/first/0', draws: [draw(0.5)] },
  { dataSet: 'cifar10', genotype: 'a', group: 'eval/first/1', draws: [draw(0.7)] },
  { dataSet: 'cifar10', genotype: 'b', group: 'eval/first/0', failed: { vkdnw: 'no-signal: none' } },
]);

test('a journal becomes columns in the order of the data sets, and CIFAR-100 has the feature maps of CIFAR-10', () => {
  const [first, second] = columnsOf(journal);
  expect([first!.dataSet, second!.dataSet]).toEqual(['cifar10', 'cifar100']);
  expect(second!.members[0]!.values.get('expressivity')).toBe(7);
  expect(second!.members[0]!.groups.has('maps')).toBe(true);
  expect(
    wholeColumns([first!, second!], 's', ['counts'])[0]!.members.map(({ genotype }) => genotype),
  ).toEqual(['a']);
});

test('the entropy is the mean over the draws that all members have, and a member without a number has none', () => {
  const { members } = columnsOf(journal)[0]!;
  expect(entropies(members, 'eval/first')).toEqual({ seeds: 1, values: [0.5, undefined] });
  expect(entropies(members.slice(0, 1), 'eval/first')).toEqual({ seeds: 2, values: [0.6] });
  expect(scoresOf(members, 'vkdnw_single')[0]).toBe(4.5);
  expect(scoresOf(members, 'vkdnw_single')[1]).toBeLessThan(4.5);
});

const memberOf = (accuracy: number, values: Readonly<Record<string, number>>): MeasuredMember => ({
  genotype: String(accuracy),
  accuracy,
  part: 'choice',
  values: new Map(Object.entries(values)),
  draws: new Map(),
  groups: new Set(),
});

test('tau within groups counts the pairs of one group alone', () => {
  const members = [10, 20, 30, 40].map((accuracy) => memberOf(accuracy, {}));
  const scores = [2, 1, 5, 6];
  const groupOf = (row: number) => (row < 2 ? 'low' : 'high');
  expect(withinStatistic(scores, members, groupOf)()).toBe(0);
  expect(withinStatistic(scores, members, () => 'all')()).toBeCloseTo(tauStatistic(scores, members)(), 12);
  const { tau, low, high } = estimate(tauStatistic(scores, members), 4);
  expect(tau).toBeCloseTo(4 / 6, 4);
  expect(low).toBeLessThanOrEqual(tau);
  expect(high).toBeGreaterThanOrEqual(tau);
});

test('the choice is the sum of ranks that orders the members, and is compared with the best count', () => {
  const members = Array.from({ length: 12 }, (_, at) =>
    memberOf(at, {
      params: at % 5,
      macs: -at,
      layers: -at,
      synflow: at,
      expressivity: at,
      progressivity: at % 3,
    }),
  );
  const column = { space: 's', dataSet: 'cifar10', members };
  expect(bestRival(column).name).toBe('params');
  const judged = judgedAggregates([column]);
  const both = judged.find(({ parts }) => parts.join() === 'synflow,expressivity')!;
  expect(both.mean).toBeCloseTo(1, 12);
  expect(both.margin).toBeCloseTo(1 - bestRival(column).tau, 12);
  expect(judged[0]!.mean).toBeCloseTo(1, 12);
  expect(isRobust(both)).toBe(true);
  // What orders the wrong way by itself is no candidate.
  expect(orderingParts([column])).toEqual(['params', 'synflow', 'expressivity', 'progressivity']);
});
