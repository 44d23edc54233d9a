import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateValues, withWorst } from '../../server/proxies/aggregate-values.ts';
import { aggregateOf, namedAggregates, ownAggregate } from '../../server/proxies/aggregates.ts';
import { proxies, proxyNamed } from '../../server/proxies/index.ts';

const macs = { name: 'macs', better: 'higher' } as const;
const single = { name: 'vkdnw_single', better: 'higher' } as const;
const loss = { name: 'loss', better: 'lower' } as const;

describe('aggregates', () => {
  it('are written by name, as a sum, or with a name of their own', () => {
    expect(aggregateOf('layers+macs')).toMatchObject({ name: 'layers+macs', parts: ['layers', 'macs'] });
    expect(aggregateOf('mine=layers+macs')).toMatchObject({ name: 'mine', parts: ['layers', 'macs'] });
    const own = ownAggregate('mine', ['layers', 'params', 'layers']);
    expect(own.parts).toEqual(['layers', 'params']);
    expect(aggregateOf('mine', [own])).toBe(own);
    for (const aggregate of namedAggregates) expect(aggregateOf(aggregate.name)).toBe(aggregate);
  });

  it.each([
    ['nothing', /'nothing' is not an aggregate\..*PROXY\+PROXY/],
    ['macs+parms', /Did you mean params\?/],
    ['macs+macs', /two different proxies/],
    ['macs=layers+params', /the name of a proxy/],
    ['a=b=c', /write NAME=PROXY\+PROXY/],
    ['=layers+macs', /not a name for an aggregate/],
  ])('explain what is wrong with %s', (text, message) => {
    expect(() => aggregateOf(text)).toThrow(message);
  });

  it('have parts that are computed', () => {
    for (const { parts } of namedAggregates)
      for (const part of parts) expect(proxies.map(({ name }) => name)).toContain(part);
  });

  it('add ln ranks: dense for VKDNW_single, the mean of the places for others, reversed where less is better', () => {
    const values = (given: Record<string, readonly number[]>) => (part: { readonly name: string }) =>
      given[part.name]!;
    const sum = aggregateValues(
      [single, macs, loss],
      values({ vkdnw_single: [5, 5, 9], macs: [1, 1, 2], loss: [3, 2, 1] }),
    );
    expect(sum[0]).toBeCloseTo(Math.log(1) + Math.log(1.5) + Math.log(1), 12);
    expect(sum[1]).toBeCloseTo(Math.log(1) + Math.log(1.5) + Math.log(2), 12);
    expect(sum[2]).toBeCloseTo(Math.log(2) + Math.log(3) + Math.log(3), 12);
  });

  it('put a network without a part last by it, and leave out one without any', () => {
    const known: Record<string, readonly (number | undefined)[]> = {
      macs: [4, undefined, -3, undefined],
      loss: [1, 1, 1, undefined],
    };
    const [a, b, c, d] = aggregateValues([macs, loss], ({ name }) => known[name]!);
    expect(a).toBeGreaterThan(c!);
    expect(c).toBeGreaterThan(b!);
    expect(d).toBeUndefined();
  });

  it('have something worse than all values where there is none', () => {
    expect(withWorst(macs, [4, undefined, -3])).toEqual([4, -6, -3]);
    expect(withWorst(loss, [4, undefined, -3])).toEqual([4, 8, -3]);
    expect(withWorst(loss, [undefined])).toEqual([0]);
  });

  it('depend on the order of values alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
          minLength: 2,
          maxLength: 30,
        }),
        (rows) => {
          const of = (map: (value: number) => number) =>
            aggregateValues([macs, loss], ({ name }) =>
              rows.map(([first, second]) => map(name === 'macs' ? first : second)),
            );
          expect(of((value) => value ** 3 + 7)).toEqual(of((value) => value));
        },
      ),
    );
  });
});

describe('VKDNW under a setting of its own', () => {
  it('asks for the score under it, with the seed of the run', async () => {
    const proxy = proxyNamed('vkdnw_single@paper');
    const asked: unknown[] = [];
    await proxy.measure({
      network: undefined as never,
      seeds: [7, 8],
      score: (settings) => {
        asked.push(settings);
        return Promise.resolve({ single: 1 } as never);
      },
      run: () => Promise.reject(new Error('no passes are needed')),
    });
    expect(asked).toEqual([expect.objectContaining({ estimator: { kind: 'exact' }, seed: 7, indexSets: 1 })]);
    expect(() => proxyNamed('vkdnw@fast')).toThrow(/is not a proxy/);
    expect(() => proxyNamed('macs@paper')).toThrow(/is not a proxy/);
  });
});
