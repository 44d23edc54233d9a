import { describe, expect, it } from 'vitest';
import { aggregate, ranksFromWorst } from '../../server/ranking/aggregate.ts';
import { rankingCsv } from '../../server/ranking/csv.ts';
import { isScored } from '../../server/ranking/entry.ts';
import { parseBudget } from '../../server/ranking/filter.ts';
import { paretoFront } from '../../server/ranking/pareto.ts';
import { formatRank } from '../../server/ranking/rank-range.ts';
import { rankEntries, type Ranking } from '../../server/ranking/ranking.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { entry } from './support.ts';

function lines({ groups, rest }: Ranking): string[] {
  const rows = [...groups.flatMap((group) => group.rows), ...rest];
  return rows.map((row) => `${row.rank === undefined ? '–' : formatRank(row.rank)} ${row.entry.model}`);
}

const three = [
  entry({ model: 'A', vkdnw: 1.5, params: 300, macs: 30 }),
  entry({ model: 'B', vkdnw: 1.8, params: 200, macs: 20 }),
  entry({ model: 'C', vkdnw: 1.51, params: 100, macs: 10 }),
];

describe('a ranking', () => {
  it('puts the best first and ties what its uncertainty does not tell apart', () => {
    expect(lines(rankEntries(three, 'single'))).toEqual(['1 B', '2–3 C', '2–3 A']);
  });

  it('keeps the rank by the score when sorted by something else', () => {
    expect(lines(rankEntries(three, 'params'))).toEqual(['2–3 C', '1 B', '2–3 A']);
    expect(lines(rankEntries(three, 'model'))).toEqual(['2–3 A', '1 B', '2–3 C']);
  });

  it('sorts by uncertainty, the least certain first and those of one seed last', () => {
    const one = entry({ model: 'One seed', vkdnw: 1.9 });
    const { vkdnw, single, settings, engine } = one.score!;
    const entries = [
      { ...one, score: { vkdnw, single, settings, engine } },
      entry({ model: 'Sure', vkdnw: 1.8, se: 0.001 }),
      entry({ model: 'Unsure', vkdnw: 1.5, se: 0.05 }),
    ];
    expect(lines(rankEntries(entries, 'uncertainty'))).toEqual(['3 Unsure', '2 Sure', '1 One seed']);
  });

  it('puts errors first when sorted by state', () => {
    const states = (['waiting', 'invalid', 'scoring', 'failed'] as const).map((state) =>
      entry({ model: state, state }),
    );
    expect(rankEntries(states, 'state').rest.map(({ entry: { model } }) => model)).toEqual([
      'failed',
      'invalid',
      'scoring',
      'waiting',
    ]);
  });

  it.each([{ norm: 'calibrated' }, { norm: 'released-mbv2' }, { tensors: 'spread' }] as const)(
    'never mixes scores of one mode with those of another: %o',
    (change) => {
      const settings = { ...namedSettings.settled, ...change };
      const ranking = rankEntries([...three, entry({ model: 'D', vkdnw: 2, settings })], 'single');
      expect(lines(ranking)).toEqual(['1 B', '2–3 C', '2–3 A', '1 D']);
      expect(ranking.groups[1]!.settings).toMatch(/^custom: .*(?:norms|tensors) /);
      expect(rankingCsv(ranking)).toMatch(/norms calibrated|norms released-mbv2|tensors spread/);
    },
  );

  it('ranks a quick score, of the first seeds of the others, among them, by its larger standard error', () => {
    const settings = { ...namedSettings.settled, seeds: 1 };
    const quick = { settings, state: 'quick', settledSeeds: 4 } as const;
    const sure = entry({ model: 'D', vkdnw: 1.65, ...quick });
    const unsure = entry({ model: 'D', vkdnw: 1.65, se: 0.2, ...quick });
    expect(lines(rankEntries([...three, sure], 'single'))).toEqual(['1 B', '2 D', '3–4 C', '3–4 A']);
    const ranking = rankEntries([...three, unsure], 'single');
    expect(lines(ranking)).toEqual(['1–2 B', '1–4 D', '2–4 C', '2–4 A']);
    expect(ranking.groups[0]!.settings).toMatch(/^settled: /);
    expect(rankEntries([unsure, ...three], 'single').groups[0]!.settings).toBe(ranking.groups[0]!.settings);
    // Nothing says how sure it is, or it is the first seed of something else.
    const { vkdnw, single, engine } = sure.score!;
    for (const apart of [
      { ...sure, score: { vkdnw, single, engine, settings } },
      { ...sure, settledSeeds: 8 },
    ])
      expect(rankEntries([...three, apart], 'single').groups.map(({ size }) => size)).toEqual([3, 1]);
  });

  it('never mixes scores of unequal settings', () => {
    const other = { ...namedSettings.settled, seed: 1 };
    const ranking = rankEntries(
      [
        ...three,
        entry({ model: 'D', vkdnw: 2, settings: other }),
        entry({ model: 'E', vkdnw: 1, settings: other }),
      ],
      'single',
    );
    expect(ranking.groups.map(({ size, settings }) => [size, settings.slice(-6)])).toEqual([
      [3, 'seed 0'],
      [2, 'seed 1'],
    ]);
    expect(lines(ranking)).toEqual(['1 B', '2–3 C', '2–3 A', '1 D', '2 E']);
  });

  it('counts only what is within the budgets, but whatever the text hides', () => {
    const budget = rankEntries(three, 'single', { maxParams: 250 });
    expect(lines(budget)).toEqual(['1 B', '2 C']);
    expect(budget.groups[0]?.size).toBe(2);
    expect(budget.hidden).toBe(1);
    const named = [...three.slice(0, 2), entry({ model: 'Cedar', vkdnw: 1.51 })];
    const text = rankEntries(named, 'single', { text: 'NETS ced' });
    expect(lines(text)).toEqual(['2–3 Cedar']);
    expect(text.groups[0]?.size).toBe(3);
    expect(rankEntries(three, 'single', { maxMacs: 15 }).groups[0]?.rows[0]?.entry.model).toBe('C');
  });

  it('keeps models without a score apart and gives them no rank', () => {
    const broken = entry({ model: 'Broken', state: 'invalid' });
    expect(lines(rankEntries([broken, ...three], 'single'))).toEqual(['1 B', '2–3 C', '2–3 A', '– Broken']);
  });

  it('sorts names as people count', () => {
    const names = ['net10', 'net2', 'net1'].map((model) => entry({ model, vkdnw: 1 }));
    expect(lines(rankEntries(names, 'model')).map((line) => line.split(' ')[1])).toEqual([
      'net1',
      'net2',
      'net10',
    ]);
  });
});

describe('the aggregate', () => {
  const scored = three.filter(isScored);

  it('is the sum of logarithms of ranks, 1 the worst', () => {
    // VKDNW_single ranks A 1, C 2, B 3; MACs rank C 1, B 2, A 3.
    const values = aggregate(scored).map(({ value }) => value);
    expect(values[0]).toBeCloseTo(Math.log(1) + Math.log(3), 12);
    expect(values[1]).toBeCloseTo(Math.log(3) + Math.log(2), 12);
    expect(values[2]).toBeCloseTo(Math.log(2) + Math.log(1), 12);
  });

  it('leaves open what the uncertainty of its parts leaves open', () => {
    const [a] = aggregate(scored);
    expect(a!.low).toBeCloseTo(Math.log(1) + Math.log(3), 12);
    expect(a!.high).toBeCloseTo(Math.log(2) + Math.log(3), 12);
    expect(lines(rankEntries(three, 'aggregate'))).toEqual(['1–2 B', '1–2 A', '3 C']);
  });

  it('is that among all models, whichever are shown', () => {
    const models = [entry({ model: 'Zed', vkdnw: 1.5, macs: 30 }), ...three.slice(1)];
    const rows = (text: string) => rankEntries(models, 'aggregate', { text }).groups[0]!.rows;
    const [alone, ...others] = rows('zed');
    expect(others).toEqual([]);
    expect(alone).toEqual(rows('').find(({ entry: { model } }) => model === 'Zed'));
    const [whole] = aggregate(models.filter(isScored));
    expect({ value: alone?.aggregate, ...alone?.interval }).toEqual(whole);
  });

  it('shares ranks among equals, dense or in the middle', () => {
    expect(ranksFromWorst([5, 1, 5, 9], 'dense')).toEqual([2, 1, 2, 3]);
    expect(ranksFromWorst([5, 1, 5, 9], 'average')).toEqual([2.5, 1, 2.5, 4]);
  });
});

describe('the Pareto front', () => {
  it('has what nothing beats in both', () => {
    const points = [
      { cost: 3, value: 5 },
      { cost: 1, value: 2 },
      { cost: 2, value: 2 },
      { cost: 2, value: 4 },
      { cost: 4, value: 5 },
    ];
    expect(paretoFront(points)).toEqual([
      { cost: 1, value: 2 },
      { cost: 2, value: 4 },
      { cost: 3, value: 5 },
    ]);
  });

  it('keeps equals', () => {
    const twice = [
      { cost: 1, value: 1 },
      { cost: 1, value: 1 },
    ];
    expect(paretoFront(twice)).toHaveLength(2);
  });
});

describe('a budget', () => {
  it('is an amount with a suffix', () => {
    expect(['1.5M', '450 M', '600m', '2e6', '12', '3G'].map(parseBudget)).toEqual([
      1.5e6, 4.5e8, 6e8, 2e6, 12, 3e9,
    ]);
    expect(['', 'M', '-1', '0', '1X', '1e999'].map(parseBudget)).toEqual(Array(6).fill(undefined));
  });
});

describe('comma-separated values', () => {
  it('quote what would break them', () => {
    const csv = rankingCsv(
      rankEntries([entry({ model: 'A', file: 'my, "net".arch', vkdnw: 1.5 })], 'single'),
    );
    const [titles, row, end] = csv.split('\r\n');
    expect(titles).toMatch(/^rank_best,rank_worst,ranked,model,file,state,vkdnw_single,/);
    expect(row).toMatch(/^1,1,1,A,"my, ""net"".arch",scored,11.5,1.5,0.01,/);
    expect(end).toBe('');
  });

  it('leave a file whose name looks like a formula a text, and negative numbers numbers', () => {
    const csv = rankingCsv(rankEntries([entry({ model: 'A', file: '=1+1.arch', vkdnw: -1.5 })], 'single'));
    expect(csv.split('\r\n')[1]).toMatch(/,'=1\+1\.arch,scored,[^,]*,-1\.5,/);
  });
});
