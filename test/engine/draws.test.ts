import { describe, expect, it } from 'vitest';
import { Draws } from '../../server/engine/draws.ts';
import type { Source } from '../../server/tensor/ir.ts';
import { materialise } from '../../server/tensor/materialise.ts';

const normal = (name: string, std = 1): Source => ({ kind: 'normal', name, std });

describe('kept draws', () => {
  it('are those of the source, whatever was drawn before', () => {
    const draws = new Draws();
    const sources = [normal('a'), normal('b'), normal('a', 2), { kind: 'fill', value: 3 } as const];
    for (let round = 0; round < 3; round += 1) {
      for (const source of sources) {
        for (const [seed, length] of [
          [0, 50],
          [1, 50],
          [0, 51],
        ] as const) {
          const out = new Float32Array(length);
          draws.fill(source, seed, out);
          expect(out).toEqual(materialise(source, [length], seed));
          // What the caller does with its array is its own affair.
          out.fill(9);
        }
      }
    }
  });

  it('are forgotten, the oldest first, before they take too much', () => {
    const draws = new Draws();
    for (let i = 0; i < 60; i += 1) draws.fill(normal(`tensor ${i}`), 0, new Float32Array(250_000));
    const out = new Float32Array(250_000);
    draws.fill(normal('tensor 0'), 0, out);
    expect(out).toEqual(materialise(normal('tensor 0'), [250_000], 0));
  });
});
