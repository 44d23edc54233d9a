import type { Samples } from '../proxies/samples.ts';
import { UsageError } from './terminal.ts';

const magic = '\u0093NUMPY';

type Reader = readonly [bytes: number, read: (view: DataView, at: number) => number];

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['<f4', [4, (view, at) => view.getFloat32(at, true)]],
  ['<f8', [8, (view, at) => view.getFloat64(at, true)]],
  ['|u1', [1, (view, at) => view.getUint8(at)]],
]);

/**
 * Images of a `.npy` file, the format of `numpy.save` (NumPy Enhancement Proposal 1): `[N, C, H, W]` or `[N, H, W, C]` of
 * uint8, float32 or float64, in C order.
 *
 * @param shape `[C, H, W]`
 * @throws UsageError
 */
export function readNpy(
  bytes: Buffer,
  path: string,
  shape: readonly [number, number, number],
): Pick<Samples, 'count' | 'values'> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12 || bytes.toString('latin1', 0, 6) !== magic)
    throw new UsageError(`${path} is not a .npy file. Write one with numpy.save.`);
  const isFirst = bytes[6] === 1;
  const start = isFirst ? 10 : 12;
  const data = start + (isFirst ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = bytes.toString('latin1', start, data);
  const kind = /'descr': *'([^']+)'/.exec(header)?.[1] ?? '';
  const written = /'shape': *\(([^)]*)\)/.exec(header)?.[1] ?? '';
  if (!/^[\d\s,]*$/.test(written))
    throw new UsageError(`${path} is damaged: it has no whole numbers for its shape. Write it again.`);
  const extents = written
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const reader = readers.get(kind);
  if (reader === undefined || header.includes("'fortran_order': True"))
    throw new UsageError(`${path}: use an array of uint8, float32 or float64 in C order.`);
  const [channels, height, width] = shape;
  const [count = 0, ...one] = extents;
  const isLast = one.join() === [height, width, channels].join() && one.join() !== shape.join();
  if (!isLast && one.join() !== shape.join())
    throw new UsageError(
      `${path} has the shape [${extents.join(', ')}]; the networks take [N, ${shape.join(', ')}] or [N, ${height}, ${width}, ${channels}].`,
    );
  const size = channels * height * width;
  const [bytesEach, read] = reader;
  if (!Number.isSafeInteger(count) || count < 0 || bytes.length - data < count * size * bytesEach)
    throw new UsageError(`${path} ends before its ${count} images do. Write it again.`);
  const values = new Float32Array(count * size);
  for (let row = 0; row < count; row += 1)
    for (let index = 0; index < size; index += 1) {
      const from = isLast
        ? (index % (height * width)) * channels + Math.floor(index / (height * width))
        : index;
      values[row * size + index] = read(view, data + (row * size + from) * bytesEach);
    }
  if (!values.every(Number.isFinite))
    throw new UsageError(`${path} has values that are no finite numbers. Write it without them.`);
  return { count, values };
}
