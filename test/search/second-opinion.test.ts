// What the other scores say of a change: the aggregate over two networks, and votes with the real engine.
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { aggregateOf } from '../../server/proxies/aggregates.ts';
import { rankSum } from '../../server/proxies/rank-sum.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { opinionOf, opinionProxies, SecondOpinions, type Vote } from '../../server/search/second-opinion.ts';
import { resolveDifference } from '../../server/search/resolve.ts';
import type { Verdict } from '../../server/search/what-if.ts';
import { Workbench, type Sized } from '../../server/search/variants.ts';
import { cases } from '../support/property-runs.ts';
import { CountingEngine } from '../score/support/engine.ts';
import { measurerOn } from './support/measurer.ts';

const engine = new CountingEngine();
afterAll(() => engine.dispose());
const measurer = measurerOn(engine);
const settings = { ...namedSettings.live, indexSets: 4, seeds: 4 };

const text = `model M {
  input 8x8x3
  classes 4
  conv(8, 3x3) -> bn -> relu
  repeat 2 { residual { conv(8, 3x3) -> bn -> relu -> conv(8, 3x3) -> bn } -> relu }
  gap -> dense(classes)
}
`;

function sized(written: string): Sized {
  const uri = 'file:///work/m.arch';
  const network = new Workbench(uri, written, () => undefined).sized({ uri, name: 'M' });
  if (network === undefined) throw new Error('The text has errors.');
  return network;
}

test('the votes are those of the robust aggregate', () => {
  const { parts } = aggregateOf('robust_agg');
  expect(opinionProxies).toEqual(parts);
  expect(opinionProxies.filter((name) => name.startsWith('vkdnw'))).toEqual([]);
});

test('the votes are the log-rank aggregate over the two networks, and one vote alone is none', () => {
  const says = fc.constantFrom<Vote['says']>('better', 'worse', 'equal');
  fc.assert(
    fc.property(fc.array(says, { minLength: 1, maxLength: 6 }), (list) => {
      const parts = list.map((each, index): [string, readonly number[]] => [
        `score${index}`,
        each === 'equal' ? [1, 1] : each === 'better' ? [1, 2] : [2, 1],
      ]);
      const [before, after] = rankSum(new Map(parts));
      const { verdict, better } = opinionOf(
        list.map((each, index) => ({ name: `score${index}`, says: each })),
      );
      const difference = Math.abs(after! - before!) < 1e-9 ? 0 : after! - before!;
      const isHigher = better < 2 ? 'weak' : 'for';
      expect(verdict).toBe(difference > 0 ? isHigher : difference < 0 ? 'against' : 'divided');
    }),
    cases(200),
  );
});

test('every score that has a value votes, by differences of the same seeds', async () => {
  const opinions = new SecondOpinions(measurer, settings, sized(text));
  const same = await opinions.of(sized(text));
  expect(same.votes.map(({ name, says }) => [name, says])).toEqual(
    opinionProxies.map((name) => [name, 'equal']),
  );
  expect(same.verdict).toBe('divided');
  const deeper = await opinions.of(sized(text.replace('repeat 2', 'repeat 3')));
  expect(deeper.votes.find(({ name }) => name === 'params')).toMatchObject({ says: 'better', margin: 0 });
  for (const { difference, margin, says } of deeper.votes)
    expect(says === 'equal').toBe(Math.abs(difference!) <= margin!);
  expect(deeper.made).toMatch(/4 seeds from 0 on, one by one · onnx-cpu/);
});

test('a score without a value has no vote, and says why', async () => {
  const base = sized(text);
  const refusing = new SecondOpinions(
    {
      proxies: (_network, [name], of) =>
        name === 'params'
          ? measurer.proxies(base.network, ['params'], of)
          : Promise.resolve({ values: {}, failed: { [name!]: 'no-relu: there is none' }, made: '' }),
    },
    settings,
    base,
  );
  const { votes, verdict } = await refusing.of(base);
  expect(votes[1]).toEqual({ name: 'synflow', says: 'none', reason: 'no-relu: there is none' });
  expect(verdict).toBe('none');
});

test('votes of fewer seeds than others say of how many they are', async () => {
  const base = sized(text);
  const failed = { jacov: 'time-limit: It took too long.' };
  const stopping = new SecondOpinions(
    {
      proxies: (network, [name], of) =>
        name === 'jacov' && of.seed === 2
          ? Promise.resolve({ values: {}, failed, made: '' })
          : measurer.proxies(network, [name!], of),
    },
    settings,
    base,
    ['synflow', 'jacov'],
  );
  const { votes, made } = await stopping.of(base);
  expect(votes.map(({ says }) => says)).toEqual(['equal', 'equal']);
  expect(made).toMatch(/^4 seeds from 0 on, .*; 2 seeds from 0 on, /);
});

test('seeds are added until a difference is decided or there are sixteen times as many, and no further when cancelled', async () => {
  const base = sized(text);
  const opinions = new SecondOpinions(measurer, settings, base);
  const looks: Verdict[] = [];
  const resolve = (variant: Sized, signal?: AbortSignal): Promise<Verdict | undefined> =>
    resolveDifference(measurer, opinions, settings, base, variant, {
      onLook: (verdict) => looks.push(verdict),
      ...(signal === undefined ? {} : { signal }),
    });
  // The same network: there is nothing to decide.
  const same = await resolve(sized(text));
  expect(looks.map((look) => (look.state === 'scored' ? look.difference.seeds : 0))).toEqual([8, 16, 32, 64]);
  expect(same).toEqual(looks.at(-1));
  looks.length = 0;
  const deeper = await resolve(sized(text.replace('gap', 'conv(8, 3x3) -> bn -> relu -> gap')));
  expect(looks).toHaveLength(1);
  expect(deeper).toMatchObject({ difference: { withinNoise: false, layers: 1, seeds: 8 } });
  expect(deeper).toHaveProperty('opinion');
  const abort = new AbortController();
  abort.abort();
  expect(await resolve(sized(text), abort.signal)).toBeUndefined();
});
