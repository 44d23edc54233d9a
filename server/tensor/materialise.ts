import type { Source } from './ir.ts';
import { allocate, type Dtype, type Numbers } from './array.ts';
import { fillNormals, fillSigns } from './random.ts';
import { count } from './shapes.ts';

/**
 * The values of a source, row-major. Drawn values are float32 numbers in both types, so that a float64 run sees the
 * same network as an engine. Throws `RangeError` when inline data does not fill the shape.
 */
export function materialise(source: Source, shape: readonly number[], seed: number): Float32Array;
export function materialise(source: Source, shape: readonly number[], seed: number, dtype: Dtype): Numbers;
export function materialise(
  source: Source,
  shape: readonly number[],
  seed: number,
  dtype: Dtype = 'float32',
): Numbers {
  const out = allocate(dtype, count(shape));
  fillFrom(source, seed, out);
  return out;
}

/** Writes the values of a source over zeros. Throws `RangeError` when inline data does not fill them. */
export function fillFrom(source: Source, seed: number, out: Numbers): void {
  switch (source.kind) {
    case 'normal':
      fillNormals(out, seed, source.name, source.std);
      break;
    case 'signs':
      fillSigns(out, seed, source.name, source.scale);
      break;
    case 'fill':
      if (source.value !== 0) out.fill(source.value);
      break;
    case 'inline': {
      const bytes = Buffer.from(source.base64, 'base64');
      const width = source.dtype === 'float32' ? 4 : 8;
      if (bytes.length !== width * out.length) {
        throw new RangeError(`inline data: ${bytes.length} bytes for ${out.length} ${source.dtype} values`);
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let i = 0; i < out.length; i += 1) {
        out[i] = width === 4 ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true);
      }
    }
  }
}

/** An inline source holding these values. */
export function inlineSource(values: Numbers): Source {
  const float32 = values instanceof Float32Array;
  const width = float32 ? 4 : 8;
  const view = new DataView(new ArrayBuffer(width * values.length));
  values.forEach((value, i) => {
    if (float32) view.setFloat32(4 * i, value, true);
    else view.setFloat64(8 * i, value, true);
  });
  const base64 = Buffer.from(view.buffer).toString('base64');
  return { kind: 'inline', dtype: float32 ? 'float32' : 'float64', base64 };
}
