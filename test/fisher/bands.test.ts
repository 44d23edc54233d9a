import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandCount, decileBands } from '../../server/fisher/bands.ts';
import { entropyWithout } from '../../server/fisher/dissection.ts';
import { FisherInformation } from '../../server/fisher/information.ts';
import { spectrumOf } from '../../server/fisher/spectrum.ts';
import { cases } from '../support/property-runs.ts';

const samples = 3;

function informationOf(rows: readonly (readonly number[])[], room = rows.length): FisherInformation {
  const weights = rows[0]!.length;
  const information = new FisherInformation(weights, room);
  information.add(Float64Array.from(rows.flat()), rows.length);
  return information;
}

const entry = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 37);
/** A factor of F, and the group of each weight. */
const factor = fc
  .record({
    weights: fc.integer({ min: 2, max: 14 }),
    count: fc.integer({ min: 1, max: 20 }),
    groups: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ weights, count, groups }) =>
    fc.record({
      rows: fc.array(fc.array(entry, { minLength: weights, maxLength: weights }), {
        minLength: count,
        maxLength: count,
      }),
      groupOf: fc.array(fc.nat({ max: groups - 1 }), { minLength: weights, maxLength: weights }),
      groups: fc.constant(groups),
    }),
  )
  .filter(({ rows }) => rows.flat().some((value) => value !== 0));

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

describe('decile bands', () => {
  it('split the trace, band by band and group by group', () => {
    fc.assert(
      fc.property(factor, ({ rows, groupOf, groups }) => {
        const information = informationOf(rows);
        const { trace, parts } = decileBands(information, samples, groupOf, groups);
        const diagonal = information.diagonal(samples);
        const whole = sum(diagonal);
        expect(sum(trace)).toBeCloseTo(whole, 8);
        for (let band = 0; band < bandCount; band++) {
          const own = parts.subarray(band * groups, (band + 1) * groups);
          expect(sum(own)).toBeCloseTo(trace[band]!, 8);
          for (const part of own) expect(part).toBeGreaterThanOrEqual(-1e-9 * whole);
        }
        for (let group = 0; group < groups; group++) {
          const overBands = Array.from({ length: bandCount }, (_, band) => parts[band * groups + group]!);
          const own = groupOf.map((each, weight) => (each === group ? diagonal[weight]! : 0));
          expect(sum(overBands)).toBeCloseTo(sum(own), 8);
        }
        // Larger eigenvalues lie in higher bands.
        for (let band = 1; band < bandCount; band++) {
          expect(trace[band]! - trace[band - 1]!).toBeGreaterThan(-1e-9 * whole);
        }
      }),
      cases(200),
    );
  });

  it('are the same from few rows as from F itself', () => {
    fc.assert(
      fc.property(factor, ({ rows, groupOf, groups }) => {
        const room = Math.max(rows.length, groupOf.length);
        const a = decileBands(informationOf(rows), samples, groupOf, groups);
        const b = decileBands(informationOf(rows, room), samples, groupOf, groups);
        // Equal eigenvalues share their eigenvectors, so what is compared is the trace of each band.
        for (const [band, value] of a.trace.entries()) expect(value).toBeCloseTo(b.trace[band]!, 8);
      }),
      cases(100),
    );
  });

  it('of a diagonal F belong to the weights of that size alone', () => {
    const rows = Array.from({ length: 10 }, (_, i) =>
      Array.from({ length: 10 }, (__, j) => (i === j ? 2 ** i : 0)),
    );
    const groupOf = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const { parts } = decileBands(informationOf(rows), samples, groupOf, 10);
    for (let band = 0; band < 10; band++) {
      expect(parts[band * 10 + band]).toBeCloseTo(4 ** band / samples, 6);
      expect(sum(parts.subarray(band * 10, (band + 1) * 10))).toBeCloseTo(4 ** band / samples, 6);
    }
  });
});

describe('F over some of the weights', () => {
  it('is what it would be if only they had been sampled', () => {
    fc.assert(
      fc.property(factor, fc.boolean(), ({ rows, groupOf }, asProduct) => {
        const room = asProduct ? Math.max(rows.length, groupOf.length) : rows.length;
        const kept = groupOf.flatMap((group, weight) => (group === 0 ? [weight] : []));
        fc.pre(kept.length > 0);
        const restricted = informationOf(rows, room).restrict(kept);
        const own = informationOf(rows.map((row) => kept.map((weight) => row[weight]!)));
        expect([...restricted.diagonal(samples)]).toEqual([...own.diagonal(samples)]);
        const entropyOf = (information: FisherInformation): number | undefined => {
          try {
            return spectrumOf(information, samples).entropy;
          } catch {
            return undefined;
          }
        };
        const expected = entropyOf(own);
        const actual = entropyWithout(informationOf(rows, room), samples, (weight) => groupOf[weight] !== 0);
        if (expected === undefined) expect(actual).toBeUndefined();
        else expect(actual).toBeCloseTo(expected, 7);
      }),
      cases(200),
    );
  });

  it('is undefined when nothing is left', () => {
    expect(entropyWithout(informationOf([[1, 2, 3]]), samples, () => true)).toBeUndefined();
  });
});
