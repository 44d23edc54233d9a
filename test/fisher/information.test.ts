import { describe, expect, it } from 'vitest';
import { FisherInformation } from '../../server/fisher/information.ts';
import { spectrumOf } from '../../server/fisher/spectrum.ts';

/** Rows of a factor with known entries. */
function rows(count: number, weights: number): Float64Array {
  return Float64Array.from({ length: count * weights }, (_, index) => Math.sin(3 * index + 1));
}

/** The same rows and zeros below them: enough rows for F itself to be formed. */
function informations(count: number, weights: number): [FisherInformation, FisherInformation] {
  const few = new FisherInformation(weights, count);
  few.add(rows(count, weights), count);
  const many = new FisherInformation(weights, count + weights);
  many.add(rows(count, weights), count);
  many.add(new Float64Array(weights * weights), weights);
  return [few, many];
}

describe('FisherInformation', () => {
  it('gives the same spectrum from the Gram matrix of few rows as from F', () => {
    const [few, many] = informations(7, 11);
    expect(few.smallest(5).size).toBe(7);
    expect(many.smallest(5).size).toBe(11);
    const [a, b] = [spectrumOf(few, 5), spectrumOf(many, 5)];
    for (const [k, value] of a.eigenvalues.entries()) {
      expect(value).toBeCloseTo(b.eigenvalues[k]!, 12);
    }
    // Rank 7: the other four are exactly 0, not noise.
    expect([...a.eigenvalues.subarray(0, 4), ...b.eigenvalues.subarray(0, 4)]).toEqual(new Array(8).fill(0));
    expect(a.entropy).toBeCloseTo(b.entropy, 12);
  });

  it('has the trace of its spectrum on its diagonal', () => {
    for (const information of informations(7, 11)) {
      const trace = information.diagonal(5).reduce((sum, value) => sum + value, 0);
      const { eigenvalues } = spectrumOf(information, 5);
      expect(eigenvalues.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 12);
    }
  });

  it('refuses more rows than announced', () => {
    const information = new FisherInformation(3, 2);
    expect(() => {
      information.add(rows(3, 3), 3);
    }).toThrow(RangeError);
  });
});

describe('spectrumOf', () => {
  it('names the state of a spectrum without signal', () => {
    const silent = new FisherInformation(3, 4);
    silent.add(new Float64Array(12), 4);
    expect(() => spectrumOf(silent, 1)).toThrow(/No signal reaches the output/);

    const single = new FisherInformation(30, 40);
    const row = new Float64Array(30);
    row[29] = 1;
    single.add(row, 1);
    expect(() => spectrumOf(single, 1)).toThrow(/Only 1 of 30 eigenvalues/);
  });

  it('names the state of a spectrum beyond the numbers', () => {
    const huge = new FisherInformation(2, 2);
    huge.add(Float64Array.of(1e200, 1, 1, 1e200), 2);
    expect(() => spectrumOf(huge, 1)).toThrow(expect.objectContaining({ reason: 'overflow' }) as Error);
  });
});
