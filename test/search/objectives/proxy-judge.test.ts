// Decisions by an aggregate and by a single score, on values that are made up.
import { expect, test } from 'vitest';
import { aggregateOf } from '../../../server/proxies/aggregates.ts';
import { rankSum } from '../../../server/proxies/rank-sum.ts';
import { namedSettings } from '../../../server/score/settings.ts';
import { objectiveForKinds, objectivesFor } from '../../../server/search/objectives/offered.ts';
import { objectiveOf } from '../../../server/search/objectives/objective.ts';
import { ProxyJudge } from '../../../server/search/objectives/proxy-judge.ts';
import { movesWithin } from '../../../server/search/moves/moves.ts';
import { rankedDifference } from '../../../server/search/paired.ts';
import { Workbench, type Sized, type Variant } from '../../../server/search/variants.ts';
import { standingOf, type Verdict } from '../../../server/search/what-if.ts';
import type { MeasuresProxies } from '../../../server/search/second-opinion.ts';
import { meaning, verdictText } from '../../../server/search/wording.ts';
import { valueStream } from './support/value-stream.ts';

const uri = 'file:///work/m.arch';
const place = { uri, name: 'M' };
const workbench = new Workbench(
  uri,
  `model M {
  input 8x8x3
  classes 4
  conv(8, 3x3) -> bn -> relu -> conv(8, 3x3) -> bn -> relu
  gap -> dense(classes)
}
`,
  () => undefined,
);
const base = workbench.sized(place)!;
const moves = movesWithin(workbench.module, workbench.declaration(place)!);
const { variants } = await workbench.variants(place, moves.slice(0, 8));
const settings = { ...namedSettings.live, seeds: 4, seed: 0 };

/** By index of the network (0 is the base), seed and name; a text where there is none. */
type Values = (index: number, seed: number, name: string) => number | string;

function measurer(values: Values, asked: number[] = []): MeasuresProxies {
  const networks = [base, ...variants].map(({ network }: Sized) => network);
  return {
    proxies: (network, names, { seed, seeds }) => {
      expect(seeds).toBe(1);
      asked.push(seed);
      const value = values(networks.indexOf(network), seed, names[0]!);
      const name = names[0]!;
      return Promise.resolve({
        values: typeof value === 'number' ? { [name]: value } : {},
        failed: typeof value === 'string' ? { [name]: value } : {},
        made: 'here',
      });
    },
  };
}

async function verdicts(by: string, values: Values, asked: number[] = []): Promise<Map<number, Verdict>> {
  const objective = objectiveOf(by);
  if (objective.kind === 'vkdnw') throw new Error('not this one');
  const judge = new ProxyJudge(measurer(values, asked), settings, base, objective);
  const screened = await judge.screen(variants, {});
  if (typeof screened !== 'object') throw new Error(screened);
  const chosen = screened.preferred.map((index): Variant => variants[index]!);
  const verdictAt = await judge.check(chosen, {});
  const found = new Map<number, Verdict>();
  for (const [order, index] of screened.preferred.entries()) found.set(index, (await verdictAt(order))!);
  return found;
}

test('the difference is that of the rank sums among all that are looked at, seed by seed', async () => {
  const { parts, rule } = aggregateOf('robust_agg');
  const noise = valueStream(1);
  const table = new Map<string, number>();
  const values: Values = (index, seed, name) => {
    const key = `${index} ${seed} ${name}`;
    if (!table.has(key)) table.set(key, (index === 3 ? 5 : 0) + noise());
    return name === 'params' ? index : table.get(key)!;
  };
  const asked: number[] = [];
  const found = await verdicts('robust_agg', values, asked);
  const looked = [...found.keys()];
  expect(looked.length).toBeLessThanOrEqual(6);
  const differences = [2, 3, 4, 5].map((seed) => {
    const sums = rankSum(
      new Map(
        parts.map((name) => [
          name,
          [0, ...looked.map((index) => index + 1)].map((index) => values(index, seed, name) as number),
        ]),
      ),
      rule,
    );
    return sums[looked.indexOf(2) + 1]! - sums[0]!;
  });
  const verdict = found.get(2);
  expect(verdict).toMatchObject({
    state: 'scored',
    by: 'robust_agg',
    difference: rankedDifference(differences),
  });
  expect(standingOf(verdict!)).toBe('better');
  // Those that chose, and then others.
  expect([...new Set(asked)]).toEqual([0, 1, 2, 3, 4, 5]);
});

test('a change that one part alone carries is refused, and so says its reason', async () => {
  const found = await verdicts('robust_agg', (index, _seed, name) => (name === 'synflow' ? index : 1));
  const verdict = found.get(variants.length - 1)!;
  expect(standingOf(verdict)).toBe('unconfirmed');
  expect(meaning(verdict)).toBe('of its parts only synflow likes it');
  expect(verdictText(verdict)).toMatch(
    /^\+\d\.\d+ ± 0\.000, parts 1 for, 0 against, of its parts only synflow/,
  );
});

test('among changes without any effect, few pass', async () => {
  let [passed, looked] = [0, 0];
  for (let trial = 0; trial < 150; trial += 1) {
    const noise = valueStream(100 + trial);
    const found = await verdicts('synflow+expressivity+jacov', () => noise());
    for (const verdict of found.values()) {
      looked += 1;
      if (standingOf(verdict) === 'better') passed += 1;
    }
  }
  expect(looked).toBeGreaterThan(200);
  expect(passed / looked).toBeLessThan(0.01);
});

test('what the model has no value of compares nothing; where it has too few, that is the message', async () => {
  const values: Values = (index, _seed, name) =>
    name === 'expressivity' && index === 0 ? 'fewer than two blocks' : name === 'expressivity' ? 9 : -index;
  const found = await verdicts('robust_agg', values);
  expect(found.size).toBe(0);
  const objective = objectiveOf('synflow+jacov');
  if (objective.kind === 'vkdnw') throw new Error('not this one');
  const judge = new ProxyJudge(
    measurer((_index, _seed, name) => (name === 'jacov' ? 'overflow' : 1)),
    settings,
    base,
    objective,
  );
  expect(await judge.screen(variants, {})).toBe('synflow+jacov cannot compare it: jacov: overflow');
});

test('a single score goes by its values in its own direction, and others agree', async () => {
  const found = await verdicts('ntk', (index, _seed, name) => (name === 'ntk' ? -index : index));
  for (const verdict of found.values()) {
    expect(standingOf(verdict)).toBe('better');
    expect(verdict).toMatchObject({ by: 'ntk', opinion: { better: 4 } });
  }
  expect(found.has(variants.length - 1)).toBe(true);
  expect(found.get(variants.length - 1)).toMatchObject({ difference: { delta: variants.length, margin: 0 } });
});

test('where VKDNW_single is worse, the aggregate that is better is offered', () => {
  expect(objectiveForKinds(['width', 'width'])).toMatchObject([
    { name: 'robust_agg', text: expect.stringMatching(/^different width: τ \.\d/) as string },
  ]);
  const [vkdnw, robust] = objectivesFor(['width', 'depth']);
  expect(vkdnw).toMatchObject({
    name: 'vkdnw_single',
    text: expect.stringMatching(/^width: τ −\.\d+, the wrong way round · depth: τ \.\d+$/) as string,
  });
  expect(robust!.name).toBe('robust_agg');
  expect(() => objectiveOf('nothing')).toThrow(/not an aggregate/);
});
