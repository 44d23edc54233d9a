import type { Source } from '../tensor/ir.ts';
import { fillFromBits, signBits } from '../tensor/random.ts';
import type { Scratch } from './scratch.ts';

/** The values of an input of a job for all samples, row-major. */
export interface BoundValues {
  readonly length: number;
  /** Those from one place up to another. They may be part of the whole: nobody writes to them. */
  between(start: number, end: number): Float32Array;
}

/** Numbers of random signs from which they are kept as bits: networks with large feature maps take them by the hundred million. */
const longSigns = 2 ** 22;

/** Draws the values of an input. */
export function boundValues(source: Source, length: number, seed: number, scratch: Scratch): BoundValues {
  if (source.kind === 'signs' && length >= longSigns) {
    const bits = signBits(length, seed, source.name);
    return {
      length,
      between: (start, end) => {
        const values = new Float32Array(end - start);
        fillFromBits(values, bits, start, source.scale);
        return values;
      },
    };
  }
  const values = scratch.floats(length);
  scratch.draws.fill(source, seed, values);
  return { length, between: (start, end) => values.subarray(start, end) };
}

/** A part of the values: the chunk of this number among so many. */
export function chunkOf(values: BoundValues, chunk: number, chunks: number): BoundValues {
  const length = values.length / chunks;
  return { length, between: (start, end) => values.between(chunk * length + start, chunk * length + end) };
}

/** The values of that part. */
export function valuesOfChunk(values: BoundValues, chunk: number, chunks: number): Float32Array {
  const length = values.length / chunks;
  return values.between(chunk * length, (chunk + 1) * length);
}
