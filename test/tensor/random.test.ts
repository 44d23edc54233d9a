import { describe, expect, it } from 'vitest';
import { fillNormals, fillSigns } from '../../server/tensor/random.ts';

function normals(count: number, seed: number, name: string, std = 1): Float64Array {
  const out = new Float64Array(count);
  fillNormals(out, seed, name, std);
  return out;
}

function correlation(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  a.forEach((value, i) => (sum += value * b[i]!));
  return sum / a.length;
}

describe('fillNormals', () => {
  it('has the moments of a normal distribution', () => {
    const n = 2_000_000;
    const moments = [0, 0, 0, 0, 0, 0, 0];
    let beyond3 = 0;
    for (const x of normals(n, 11, 'moments')) {
      let power = 1;
      for (let k = 1; k <= 6; k += 1) moments[k]! += (power *= x) / n;
      if (Math.abs(x) > 3) beyond3 += 1;
    }
    // Four standard errors of each.
    expect(Math.abs(moments[1]!)).toBeLessThan(0.003);
    expect(Math.abs(moments[2]! - 1)).toBeLessThan(0.004);
    expect(Math.abs(moments[3]!)).toBeLessThan(0.011);
    expect(Math.abs(moments[4]! - 3)).toBeLessThan(0.028);
    expect(Math.abs(moments[6]! - 15)).toBeLessThan(0.29);
    expect(Math.abs(beyond3 / n - 0.0026998)).toBeLessThan(0.00015);
  });

  it('follows the normal distribution function', () => {
    const n = 1_000_000;
    const sorted = normals(n, 5, 'distribution').sort();
    // Φ at −2, −1, −½, 0, ½, 1, 2 and in the tail, where the ziggurat changes its method.
    const phi: readonly (readonly [number, number])[] = [
      [-3.66, 0.000126108],
      [-2, 0.022750132],
      [-1, 0.158655254],
      [-0.5, 0.308537539],
      [0, 0.5],
      [0.5, 0.691462461],
      [1, 0.841344746],
      [2, 0.977249868],
      [3.66, 0.999873892],
    ];
    for (const [x, probability] of phi) {
      const below = sorted.findIndex((value) => value > x) / n;
      expect(Math.abs(below - probability)).toBeLessThan(
        4 * Math.sqrt((probability * (1 - probability)) / n),
      );
    }
  });

  it('draws independently across names, seeds and neighbours', () => {
    const n = 200_000;
    const base = normals(n, 1, 'conv.0/weight');
    const others = [
      normals(n, 1, 'conv.1/weight'),
      normals(n, 2, 'conv.0/weight'),
      normals(n, -1, 'conv.0/weight'),
      normals(n, 1 + 2 ** 32, 'conv.0/weight'),
      normals(n, 1, ''),
      normals(n + 1, 1, 'conv.0/weight').subarray(1),
    ];
    for (const other of others) {
      expect(Math.abs(correlation(base, other))).toBeLessThan(4.5 / Math.sqrt(n));
      expect(Math.abs(correlation(base.map(Math.abs), other.map(Math.abs)) - 2 / Math.PI)).toBeLessThan(0.01);
    }
  });

  it('gives first values that do not depend on the length, and float32 numbers', () => {
    const long = normals(100, 3, 'w', 0.5);
    expect(normals(7, 3, 'w', 0.5)).toEqual(long.subarray(0, 7));
    const single = new Float32Array(100);
    fillNormals(single, 3, 'w', 0.5);
    expect(Float64Array.from(single)).toEqual(long);
  });

  it('never changes', () => {
    expect([...normals(6, 0, 'stem/weight')]).toMatchInlineSnapshot(`
      [
        2.5226328372955322,
        -0.2009577751159668,
        -1.7996447086334229,
        -0.9515173435211182,
        -1.565990924835205,
        0.3712795376777649,
      ]
    `);
    expect([...normals(3, 2 ** 40, 'ünïcode', 2)]).toMatchInlineSnapshot(`
      [
        5.730853080749512,
        0.43385961651802063,
        -1.5189902782440186,
      ]
    `);
  });

  it('refuses a seed that is no integer', () => {
    expect(() => normals(1, 0.5, 'w')).toThrow(TypeError);
  });
});

describe('fillSigns', () => {
  it('draws fair, independent signs of the scale', () => {
    const n = 400_000;
    const a = new Float64Array(n);
    const b = new Float64Array(n);
    fillSigns(a, 1, 'signs', 0.25);
    fillSigns(b, 2, 'signs', 0.25);
    expect(new Set(a)).toEqual(new Set([0.25, -0.25]));
    const bound = 4.5 / Math.sqrt(n);
    expect(Math.abs(a.reduce((sum, x) => sum + x, 0) / n / 0.25)).toBeLessThan(bound);
    expect(Math.abs(correlation(a, b) * 16)).toBeLessThan(bound);
    for (const lag of [1, 2, 31, 32, 33]) {
      const shifted = a.subarray(lag);
      expect(Math.abs(correlation(shifted, a) * 16)).toBeLessThan(bound);
    }
  });

  it('never changes', () => {
    const signs = new Float32Array(12);
    fillSigns(signs, 0, 'signs', 1);
    expect([...signs]).toMatchInlineSnapshot(`
      [
        -1,
        1,
        -1,
        -1,
        1,
        1,
        -1,
        1,
        -1,
        -1,
        -1,
        1,
      ]
    `);
  });
});
