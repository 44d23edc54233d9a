import { describe, expect, it } from 'vitest';
import { boundValues, chunkOf } from '../../server/engine/bound-values.ts';
import { Scratch } from '../../server/engine/scratch.ts';
import { materialise } from '../../server/tensor/materialise.ts';
import type { Source } from '../../server/tensor/ir.ts';

describe('the values of an input', () => {
  const length = 2 ** 22;
  const sources: readonly (readonly [string, Source, number])[] = [
    ['few signs', { kind: 'signs', name: 'a', scale: 0.5 }, 1000],
    ['signs that are kept as bits', { kind: 'signs', name: 'a', scale: 0.5 }, length],
    ['normals', { kind: 'normal', name: 'a', std: 2 }, 1000],
  ];
  for (const [name, source, count] of sources)
    it(`are those of the source, whole and by chunks: ${name}`, () => {
      const values = boundValues(source, count, 3, new Scratch());
      const wanted = materialise(source, [count], 3);
      expect(Buffer.from(values.between(0, count).slice().buffer).equals(Buffer.from(wanted.buffer))).toBe(
        true,
      );
      const second = chunkOf(values, 1, 4);
      expect(second.length).toBe(count / 4);
      expect([...second.between(3, 77)]).toEqual([...wanted.subarray(count / 4 + 3, count / 4 + 77)]);
    });
});
