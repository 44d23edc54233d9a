import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readImages } from '../../server/cli/images.ts';
import { SAMPLES_INPUT } from '../../server/network/lower.ts';
import { LABELS_INPUT, labelsBinding } from '../../server/proxies/measured.ts';
import { withSamples } from '../../server/proxies/samples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-images-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A picture of one colour, RGBA. */
function plain(size: number, colour: readonly [number, number, number]): Buffer {
  return Buffer.from(Array.from({ length: size * size }, () => [...colour, 255]).flat());
}

function png(size: number, colour: readonly [number, number, number]): Buffer {
  const picture = new PNG({ width: size, height: size });
  plain(size, colour).copy(picture.data);
  return PNG.sync.write(picture);
}

function npy(descr: string, shape: readonly number[], data: Buffer): Buffer {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const head = Buffer.alloc(10);
  head.write('\u0093NUMPY', 'latin1');
  head[6] = 1;
  head.writeUInt16LE(dict.length, 8);
  return Buffer.concat([head, Buffer.from(dict), data]);
}

describe('images', () => {
  it('come from PNG and JPEG files of any size, folders being classes', () => {
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'a', '1.png'), png(8, [0, 100, 7]));
    writeFileSync(
      join(folder, 'b', '2.jpg'),
      jpeg.encode({ width: 16, height: 16, data: plain(16, [200, 0, 7]) }, 100).data,
    );
    const { count, labels, values, name } = readImages(folder, [3, 4, 4]);
    expect(count).toBe(2);
    expect([...labels!]).toEqual([0, 1]);
    expect(name).toMatch(/^2 images of archlens-images-\w+ \([0-9a-f]{8}\)$/);
    // Of two images, one is a deviation below the mean and the other one above.
    expect(values[0]).toBeCloseTo(-1, 1);
    expect(values[3 * 16]).toBeCloseTo(1, 1);
    expect(values[16]).toBeCloseTo(1, 1);
    expect(values[3 * 16 + 16]).toBeCloseTo(-1, 1);
  });

  it('shrink by the mean of what a pixel covers', () => {
    const picture = new PNG({ width: 4, height: 2 });
    picture.data.set([0, 40, 100, 140, 20, 60, 100, 140].flatMap((grey) => [grey, grey, grey, 255]));
    writeFileSync(join(folder, 'x.png'), PNG.sync.write(picture));
    const { values } = readImages(folder, [1, 1, 2]);
    expect([...values]).toEqual([-1, 1]);
  });

  it('come from the binary version of CIFAR-10, with its labels', () => {
    const record = (label: number, red: number) =>
      Buffer.concat([Buffer.from([label]), Buffer.alloc(1024, red), Buffer.alloc(2048, 9)]);
    const path = join(folder, 'data.bin');
    writeFileSync(path, Buffer.concat([record(3, 10), record(7, 30)]));
    const { count, labels, values } = readImages(path, [3, 32, 32]);
    expect([count, ...labels!]).toEqual([2, 3, 7]);
    expect([values[0], values[1024], values[3072]]).toEqual([-1, 0, 1]);
    writeFileSync(path, Buffer.alloc(100));
    expect(() => readImages(path, [3, 32, 32])).toThrow(/its length is no multiple of 3073/);
  });

  it('come from arrays with the channels first or last', () => {
    const data = [1, 2, 3, 4, 5, 6, 7, 8];
    const first = join(folder, 'first.npy');
    writeFileSync(first, npy('<f4', [1, 2, 2, 2], Buffer.from(Float32Array.from(data).buffer)));
    const last = join(folder, 'last.npy');
    writeFileSync(last, npy('|u1', [1, 2, 2, 2], Buffer.from([1, 5, 2, 6, 3, 7, 4, 8])));
    const a = readImages(first, [2, 2, 2]);
    expect(a.values[0]).toBeCloseTo(-3 / Math.sqrt(5), 5);
    expect(a.values[7]).toBeCloseTo(3 / Math.sqrt(5), 5);
    writeFileSync(last, npy('|u1', [2, 1, 2, 3], Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])));
    const { values, count } = readImages(last, [3, 1, 2]);
    expect(count).toBe(2);
    // The first channel is 0, 3 of the first image and 6, 9 of the second.
    expect(values[1]! - values[0]!).toBeCloseTo(values[6]! - values[1]!, 5);
    expect(values[2]).toBeCloseTo(values[0]!, 5);
    expect(() => readImages(first, [3, 2, 2])).toThrow(/has the shape \[1, 2, 2, 2\]; the networks take/);
  });

  it.each([
    ['nothing.npy', /there is no such file/],
    ['text.npy', /is not a \.npy file/],
    ['shape.npy', /shape\.npy is damaged: it has no whole numbers for its shape\. Write it again\./],
    ['count.npy', /count\.npy is damaged/],
    ['infinite.npy', /infinite\.npy has values that are no finite numbers/],
    ['text.txt', /is no images/],
  ])('explain what is wrong with %s', (name, message) => {
    writeFileSync(join(folder, 'text.npy'), 'this is only some text');
    writeFileSync(join(folder, 'shape.npy'), npy('|u1', [-1, 1, 2, 3], Buffer.alloc(6)));
    writeFileSync(join(folder, 'count.npy'), npy('|u1', [1.5, 1, 2, 3], Buffer.alloc(12)));
    writeFileSync(
      join(folder, 'infinite.npy'),
      npy('<f4', [1, 3, 32, 32], Buffer.from(new Float32Array(3072).fill(Infinity).buffer)),
    );
    writeFileSync(join(folder, 'text.txt'), 'this is only some text');
    expect(() => readImages(join(folder, name), [3, 32, 32])).toThrow(message);
  });

  it('stand in for noise, others for another seed, and for nothing else', () => {
    const path = join(folder, 'many.npy');
    const bytes = Buffer.from(Array.from({ length: 16 }, (_, index) => index));
    writeFileSync(path, npy('|u1', [16, 1, 1, 1], bytes));
    const samples = readImages(path, [1, 1, 1]);
    const job = (seed: number, kind: 'normal' | 'fill') => ({
      program: { batch: 4, nodes: [], outputs: [] },
      chunks: 1,
      bindings: {
        [SAMPLES_INPUT]: {
          shape: [4, 1, 1, 1],
          source:
            kind === 'normal' ? ({ kind, name: 'samples', std: 1 } as const) : ({ kind, value: 1 } as const),
        },
      },
      seed,
    });
    const seen = (seed: number): number[] => {
      const { source } = withSamples(job(seed, 'normal'), samples).bindings[SAMPLES_INPUT]!;
      if (source.kind !== 'inline') throw new Error('noise');
      const floats = Buffer.from(source.base64, 'base64');
      return [0, 4, 8, 12].map((at) => floats.readFloatLE(at));
    };
    expect(new Set(seen(0)).size).toBe(4);
    expect(seen(0).every((value) => samples.values.includes(value))).toBe(true);
    expect(seen(0)).toEqual(seen(0));
    expect(seen(0)).not.toEqual(seen(1));
    const labelled = { ...samples, labels: Uint8Array.from(bytes, (value) => value % 3) };
    const withLabels = {
      ...job(0, 'normal'),
      bindings: { ...job(0, 'normal').bindings, ...labelsBinding([0, 0, 0, 0], 3) },
    };
    const { source } = withSamples(withLabels, labelled).bindings[LABELS_INPUT]!;
    const floats = Buffer.from(source.kind === 'inline' ? source.base64 : '', 'base64');
    const classes = [0, 1, 2, 3].map((row) =>
      [0, 1, 2].findIndex((label) => floats.readFloatLE(4 * (3 * row + label)) === 1),
    );
    expect(classes).toEqual(seen(0).map((value) => samples.values.indexOf(value) % 3));
    expect(withSamples(job(0, 'fill'), samples)).toEqual(job(0, 'fill'));
  });
});
