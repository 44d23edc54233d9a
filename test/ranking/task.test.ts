import { describe, expect, test } from 'vitest';
import { columnOf } from '../../server/proxies/column-spec.ts';
import { columnNamed } from '../../server/proxies/ranking-columns.ts';
import { groupTitle } from '../../server/ranking/comparable.ts';
import { rankingCsv } from '../../server/ranking/csv.ts';
import { formatRank } from '../../server/ranking/rank-range.ts';
import { rankEntries, type Ranking } from '../../server/ranking/ranking.ts';
import { missingOf, reasonCode, whyUnscored } from '../../server/ranking/reasons.ts';
import { parseTask, tasksOf, taskText } from '../../server/ranking/task.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { RankingEntry } from '../../server/ranking/entry.ts';
import { entry, large, small } from './support.ts';

/** `rank model of how many`, a group a list. */
function places({ groups }: Ranking): string[][] {
  return groups.map(({ rows }) =>
    rows.map(({ rank, of, entry: { model } }) => `${formatRank(rank!)} ${model} of ${of}`),
  );
}

const two = [
  entry({ model: 'A', vkdnw: 1.5, macs: 30 }),
  entry({ model: 'B', vkdnw: 1.8, macs: 20 }),
  entry({ model: 'C', vkdnw: 1.9, macs: 9000, task: large }),
];

describe('a task', () => {
  test('is input and classes, by which it is named', () => {
    expect(taskText(small)).toBe('32×32×3 → 10');
    expect(taskText({ input: [16], classes: 2 })).toBe('16 → 2');
    expect(tasksOf([{ task: large }, {}, { task: small }, { task: { ...small } }])).toEqual([
      '32×32×3 → 10',
      '224×224×3 → 1000',
    ]);
    expect(tasksOf([{ task: { ...small, classes: 100 } }, { task: small }])).toEqual([
      '32×32×3 → 10',
      '32×32×3 → 100',
    ]);
  });

  test.each([
    ['32x32x3:10', '32×32×3 → 10'],
    ['32×32×3 → 10', '32×32×3 → 10'],
    ['224X224x3 -> 1,000', '224×224×3 → 1000'],
    ['16:2', '16 → 2'],
    ['32x32x3', undefined],
    ['x3:10', undefined],
    ['', undefined],
  ])('is typed as %j', (text, task) => {
    expect(parseTask(text)).toBe(task);
  });
});

describe('a ranking of several tasks', () => {
  test('gives no rank across them', () => {
    const ranking = rankEntries(two, 'single');
    expect(places(ranking)).toEqual([['1 B of 2', '2 A of 2'], ['1 C of 1']]);
    expect(ranking.groups.map((group) => groupTitle(group, ranking.groups))).toEqual([
      '32×32×3 → 10',
      '224×224×3 → 1000',
    ]);
    expect(ranking.groups[0]!.rows[0]!.tasks).toEqual(['32×32×3 → 10']);
  });

  test('adds up no ranks across them', () => {
    const aggregates = rankEntries(two, 'aggregate').groups.map(({ rows }) =>
      rows.map((row) => row.aggregate),
    );
    // By both parts, A and B are first once and last once; C is alone.
    expect(aggregates).toEqual([[Math.log(2), Math.log(2)], [0]]);
  });

  test('is one where the user merges them, and says so', () => {
    const ranking = rankEntries(two, 'single', {}, [], { mergeTasks: true });
    expect(places(ranking)).toEqual([['1 C of 3', '2 B of 3', '3 A of 3']]);
    expect(ranking.groups[0]!.tasks).toEqual(['32×32×3 → 10', '224×224×3 → 1000']);
    expect(ranking.groups[0]!.rows.map(({ tasks }) => tasks?.length)).toEqual([2, 2, 2]);
  });

  test('keeps scores of different settings apart, merged or not', () => {
    const other = entry({ model: 'D', vkdnw: 1.7, settings: namedSettings.live });
    const merged = rankEntries([...two, other], 'single', {}, [], { mergeTasks: true });
    expect(merged.groups.map(({ size }) => size)).toEqual([3, 1]);
    const { groups } = rankEntries([...two, other], 'single');
    expect(groups).toHaveLength(3);
    expect(groupTitle(groups[0]!, groups)).toMatch(/^32×32×3 → 10 · settled: /);
  });

  test('narrowed to one task is that of its models, and of those without a network', () => {
    const { task, ...broken } = entry({ model: 'Broken', state: 'invalid' });
    expect(task).toEqual(small);
    const ranking = rankEntries([...two, broken], 'single', { task: '224×224×3 → 1000' });
    expect(places(ranking)).toEqual([['1 C of 1']]);
    expect(ranking.rest.map((row) => row.entry.model)).toEqual(['Broken']);
    expect(ranking.hidden).toBe(2);
  });

  test('sorts by them, small inputs first', () => {
    const ranking = rankEntries(two.toReversed(), 'task', {}, [], { mergeTasks: true });
    expect(ranking.groups[0]!.rows.map((row) => row.entry.model)).toEqual(['A', 'B', 'C']);
  });
});

describe('what is missing', () => {
  test('has a reason in every state but that with a score', () => {
    const states = ['waiting', 'scoring', 'unscored', 'costly', 'failed', 'invalid'] as const;
    for (const state of states) {
      expect(reasonCode(entry({ model: 'A', state }))).toBe(state);
      expect(whyUnscored(entry({ model: 'A', state }))).toMatch(/\.$/);
    }
    const failed = {
      ...entry({ model: 'A', state: 'failed' }),
      reason: 'overflow',
      message: 'Why.',
    } as const;
    expect(reasonCode(failed)).toBe('overflow');
    expect(whyUnscored(failed)).toBe('Why.');
    const scored = entry({ model: 'A', vkdnw: 1 });
    expect([reasonCode(scored), whyUnscored(scored)]).toEqual([undefined, undefined]);
  });

  const columns = ['l2_norm', 'vkdnw_agg'].map((name) => columnOf(columnNamed(name)));
  const proxies = {
    values: { l2_norm: 3, jacov: 1, vkdnw_single: 11, trainability: -1, macs: 1e6 },
    failed: { expressivity: 'unsupported: why' },
    made: '',
  };

  test('is named, and parts that an aggregate lacks', () => {
    const known = { ...entry({ model: 'A', vkdnw: 1 }), proxies };
    const [row] = rankEntries([known], 'single', {}, columns).groups[0]!.rows;
    expect([...missingOf(row!, columns)]).toEqual([['expressivity', 'unsupported: why']]);
    const [unknown] = rankEntries([entry({ model: 'A', vkdnw: 1 })], 'single', {}, columns).groups[0]!.rows;
    expect(missingOf(unknown!, columns).get('l2_norm')).toBe('not computed yet');
  });

  test('is of an aggregate what is still computed, not the worst of all', () => {
    const model = (name: string, jacov: number) => ({
      ...entry({ model: name, vkdnw: 1 }),
      proxies: { ...proxies, values: { ...proxies.values, jacov } },
    });
    const { jacov, ...others } = proxies.values;
    expect(jacov).toBe(1);
    const open = { ...entry({ model: 'C', vkdnw: 1 }), proxies: { ...proxies, values: others } };
    const valuesOf = (entries: readonly RankingEntry[]) => {
      const { rows } = rankEntries(entries, 'single', {}, columns).groups[0]!;
      return Object.fromEntries(rows.map((row) => [row.entry.model, row]));
    };
    const two = valuesOf([model('A', 1), model('B', 2)]);
    const three = valuesOf([model('A', 1), model('B', 2), open]);
    expect(three['C']!.extras).toEqual({ l2_norm: 3 });
    expect(missingOf(three['C']!, columns).get('vkdnw_agg')).toBe('not computed yet');
    for (const name of ['A', 'B']) expect(three[name]!.extras).toEqual(two[name]!.extras);
  });

  test('is of no score a second column of the same name', () => {
    const asked = ['macs', 'params', 'layers', 'vkdnw', 'vkdnw_single', 'l2_norm'].map((name) =>
      columnOf(columnNamed(name)),
    );
    const [header] = rankingCsv(rankEntries([entry({ model: 'A', vkdnw: 1 })], 'single', {}, asked)).split(
      '\r\n',
    );
    const titles = header!.split(',');
    expect(titles).toContain('l2_norm');
    expect(titles).toEqual([...new Set(titles)]);
  });

  test('is of a quick score what is not computed before it has settled', () => {
    const quick = entry({ model: 'A', vkdnw: 1, state: 'quick', settledSeeds: 4 });
    const [row] = rankEntries([quick], 'single', {}, columns).groups[0]!.rows;
    expect(Object.fromEntries(missingOf(row!, columns))).toEqual({
      l2_norm: 'not computed before the score has settled',
      vkdnw_agg: 'not computed before the score has settled',
    });
  });

  test('is not what is known of a model without a score', () => {
    const failed = { ...entry({ model: 'A', state: 'failed' }), proxies };
    const { rest } = rankEntries([failed], 'single', {}, columns);
    expect(rest[0]!.extras).toEqual({ l2_norm: 3 });
    expect([...missingOf(rest[0]!, columns).keys()]).toEqual(['expressivity', 'vkdnw_agg']);
  });

  test('is nowhere blank in comma-separated values', () => {
    const { vkdnwSe, ...score } = entry({ model: 'A', vkdnw: 1 }).score!;
    expect(vkdnwSe).toBe(0.01);
    const marks = [
      { kind: 'rank', short: 'rank 9 of 32', message: 'Low.' },
      { kind: 'saturated', short: 'softmax saturated', message: 'One class.' },
    ] as const;
    const entries = [
      { ...entry({ model: 'One seed' }), state: 'scored', score: { ...score, marks } } as const,
      entry({ model: 'Open', state: 'costly' }),
    ];
    const [titles, first, second] = rankingCsv(rankEntries(entries, 'single', {}, columns)).split('\r\n');
    expect(titles).toContain(',engine,engine_version,engine_device,marks,marks_message,task,');
    expect(first).toContain(',rank 9 of 32; softmax saturated,Low. One class.,32×32×3');
    expect(titles).toMatch(
      /,task,family,ranked_tasks,reason,message,missing,proxies_made,l2_norm,vkdnw_agg$/,
    );
    expect(first).toMatch(
      /,32×32×3 → 10,plain conv,32×32×3 → 10,,,vkdnw_se: one seed of few index sets has no standard error; l2_norm: not computed yet; /,
    );
    expect(second).toMatch(
      /,32×32×3 → 10,plain conv,,costly,It is costlier than .*,l2_norm: not computed without a score; vkdnw_agg: /,
    );
  });
});
