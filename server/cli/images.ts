import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { FileError, fileError } from '../base/file-error.ts';
import { readBytes } from '../base/read-file.ts';
import { normalised } from '../proxies/normalised.ts';
import type { Samples } from '../proxies/samples.ts';
import { readNpy } from './npy.ts';
import { UsageError } from './terminal.ts';

/** Images of a folder that are read: a draw needs 64. */
const mostImages = 2048;
const pictures = ['.png', '.jpg', '.jpeg'];

/** Bytes of a picture, and of a file of many images, that are read. */
const mostPictureBytes = 64 * 2 ** 20;
const mostArrayBytes = 2 ** 30;
/** A few kilobytes of PNG may say that they are more. */
const mostPixels = 100e6;

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, a byte each. */
  readonly data: Uint8Array;
}

/**
 * Reads images for proxies: a folder of PNG and JPEG pictures (a folder in it is a class), a `.bin` file in the binary
 * format of CIFAR-10, or a `.npy` array `[N, C, H, W]` or `[N, H, W, C]`. Each channel gets mean 0 and variance 1.
 *
 * @param shape `[channels, height, width]` that the networks take
 * @throws UsageError naming file and remedy
 */
export function readImages(path: string, shape: readonly [number, number, number]): Samples {
  const raw = rawImages(path, shape);
  if (raw.count === 0)
    throw new UsageError(
      `${path} has no images. Give a folder with PNG or JPEG files, a .npy or a CIFAR-10 .bin file.`,
    );
  const values = normalised(raw.values, raw.count, shape);
  const digest = createHash('sha256').update(Buffer.from(values.buffer)).digest('hex').slice(0, 8);
  return {
    name: `${raw.count} images of ${basename(path)} (${digest})`,
    shape,
    count: raw.count,
    values,
    ...(raw.labels === undefined ? {} : { labels: raw.labels }),
  };
}

type Raw = Pick<Samples, 'count' | 'values' | 'labels'>;

function rawImages(path: string, shape: readonly [number, number, number]): Raw {
  try {
    if (statSync(path).isDirectory()) return ofFolder(path, shape);
    switch (extname(path).toLowerCase()) {
      case '.bin':
        return ofCifar(readBytes(path, mostArrayBytes), path, shape);
      case '.npy':
        return readNpy(readBytes(path, mostArrayBytes), path, shape);
    }
  } catch (error) {
    if (error instanceof UsageError || error instanceof FileError) throw error;
    throw new UsageError(fileError(path, 'read', error).message);
  }
  throw new UsageError(
    `${path} is no images. Give a folder with PNG or JPEG files, a .npy or a CIFAR-10 .bin file.`,
  );
}

/** In the order of their names; the folders in it are classes in the order of theirs. */
function ofFolder(path: string, shape: readonly [number, number, number]): Raw {
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const isPicture = (name: string): boolean => pictures.includes(extname(name).toLowerCase());
  const flat = entries.filter((entry) => entry.isFile() && isPicture(entry.name)).map(({ name }) => name);
  const classes = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const labelled = classes.flatMap(({ name }, label) =>
    readdirSync(join(path, name))
      .sort()
      .filter(isPicture)
      .map((file) => ({ file: join(path, name, file), label })),
  );
  const files =
    flat.length > 0 ? flat.map((name) => ({ file: join(path, name), label: undefined })) : labelled;
  // Evenly over the files, so that all classes are there.
  const step = Math.max(1, files.length / mostImages);
  const chosen = Array.from(
    { length: Math.ceil(files.length / step) },
    (_, index) => files[Math.floor(index * step)]!,
  );
  const size = shape[0] * shape[1] * shape[2];
  const values = new Float32Array(chosen.length * size);
  for (const [row, { file }] of chosen.entries()) values.set(resized(decode(file), shape), row * size);
  const labels = chosen.map(({ label }) => label);
  return {
    count: chosen.length,
    values,
    ...(labels.every((label) => label !== undefined) && labels.length > 0
      ? { labels: Uint8Array.from(labels) }
      : {}),
  };
}

function decode(file: string): Pixels {
  const bytes = readBytes(file, mostPictureBytes);
  try {
    return extname(file).toLowerCase() === '.png'
      ? decodePng(bytes)
      : jpeg.decode(bytes, { useTArray: true, formatAsRGBA: true });
  } catch (error) {
    throw new UsageError(
      `${file} is not a picture that can be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** @throws an error where it is none, or says that it is very large: the decoder takes memory for what is said */
function decodePng(bytes: Buffer): Pixels {
  // Width and height, behind the signature and the head of the first chunk (PNG specification, 11.2.2).
  if (bytes.length >= 24 && bytes.readUInt32BE(16) * bytes.readUInt32BE(20) > mostPixels)
    throw new Error('it has more than 100 million pixels');
  return PNG.sync.read(bytes);
}

/** The mean of the pixels that each new one covers; of grey networks the mean of the colours. Values 0 … 255. */
function resized(
  { width, height, data }: Pixels,
  [channels, rows, columns]: readonly [number, number, number],
): Float32Array {
  if (channels !== 3 && channels !== 1)
    throw new UsageError(`Pictures have 3 colours, the networks take ${channels} channels. Use a .npy file.`);
  const out = new Float32Array(channels * rows * columns);
  for (let y = 0; y < rows; y += 1) {
    const [top, bottom] = covered(y, rows, height);
    for (let x = 0; x < columns; x += 1) {
      const [left, right] = covered(x, columns, width);
      const sums = [0, 0, 0];
      for (let i = top; i < bottom; i += 1)
        for (let j = left; j < right; j += 1)
          for (let c = 0; c < 3; c += 1) sums[c]! += data[(i * width + j) * 4 + c]!;
      const area = (bottom - top) * (right - left);
      if (channels === 1) out[y * columns + x] = (sums[0]! + sums[1]! + sums[2]!) / 3 / area;
      else for (let c = 0; c < 3; c += 1) out[(c * rows + y) * columns + x] = sums[c]! / area;
    }
  }
  return out;
}

/** The old places under the new place: one at least. */
function covered(place: number, places: number, old: number): readonly [number, number] {
  const start = Math.floor((place * old) / places);
  return [start, Math.max(start + 1, Math.floor(((place + 1) * old) / places))];
}

/** Records of a label and 3 × 32 × 32 bytes (Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009). */
function ofCifar(bytes: Buffer, path: string, shape: readonly [number, number, number]): Raw {
  const record = 1 + 3 * 32 * 32;
  if (bytes.length === 0 || bytes.length % record !== 0)
    throw new UsageError(
      `${path} is not a file of CIFAR-10: its length is no multiple of ${record}. Use the binary version, for instance data_batch_1.bin.`,
    );
  const count = bytes.length / record;
  const size = shape[0] * shape[1] * shape[2];
  const values = new Float32Array(count * size);
  const data = new Uint8Array(4 * 32 * 32);
  for (let row = 0; row < count; row += 1) {
    for (let channel = 0; channel < 3; channel += 1)
      for (let pixel = 0; pixel < 1024; pixel += 1)
        data[4 * pixel + channel] = bytes[row * record + 1 + channel * 1024 + pixel]!;
    values.set(resized({ width: 32, height: 32, data }, shape), row * size);
  }
  return {
    count,
    values,
    labels: Uint8Array.from({ length: count }, (_, row) => bytes[row * record]!),
  };
}
