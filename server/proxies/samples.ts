import type { Binding, TensorJob } from '../engine/engine.ts';
import { SAMPLES_INPUT } from '../network/lower.ts';
import { integerStream } from '../tensor/random.ts';
import { LABELS_INPUT, labelsBinding } from './measured.ts';
import { ProxyFailure } from './proxy.ts';

/** Images for the proxies that look at samples, normalised, and which class each belongs to where that is known. */
export interface Samples {
  /** For people, and part of what values are known by: where they are from, and a hash of them. */
  readonly name: string;
  /** `[channels, height, width]` of one. */
  readonly shape: readonly number[];
  readonly count: number;
  /** `[count, channels, height, width]`, row-major. */
  readonly values: Float32Array;
  readonly labels?: Uint8Array;
}

/**
 * The job with images where it asks for noise: as many as it wants, without replacement, chosen by its seed; with their
 * labels in the place of random ones, where they have some and the network has so many classes.
 *
 * @throws ProxyFailure where there are too few, or they do not fit the network
 */
export function withSamples(job: TensorJob, samples: Samples): TensorJob {
  const binding = job.bindings[SAMPLES_INPUT];
  if (binding?.source.kind !== 'normal') return job;
  const rows = chosenRows(samples, binding.shape[0]!, job.seed);
  const classes = job.bindings[LABELS_INPUT]?.shape[1] ?? 0;
  const labels = rows.map((row) => samples.labels?.[row] ?? Infinity);
  return {
    ...job,
    bindings: {
      ...job.bindings,
      [SAMPLES_INPUT]: drawn(binding, samples, rows),
      ...(labels.every((label) => label < classes) ? labelsBinding(labels, classes) : {}),
    },
  };
}

function drawn({ shape }: Binding, samples: Samples, rows: readonly number[]): Binding {
  const [wanted, ...one] = shape;
  if (one.join() !== samples.shape.join())
    throw new ProxyFailure(
      'settings',
      `The images are ${samples.shape.join('×')} (channels, height, width), the network takes ${one.join('×')}.`,
    );
  const size = one.reduce((product, extent) => product * extent, 1);
  const values = new Float32Array(wanted! * size);
  for (const [place, row] of rows.entries())
    values.set(samples.values.subarray(row * size, (row + 1) * size), place * size);
  return {
    shape,
    source: { kind: 'inline', dtype: 'float32', base64: Buffer.from(values.buffer).toString('base64') },
  };
}

/** Which images a draw sees: the same for all proxies of a seed. @throws ProxyFailure where there are too few */
function chosenRows({ count, name }: Samples, wanted: number, seed: number): readonly number[] {
  if (count < wanted)
    throw new ProxyFailure('settings', `${name} has ${count} images, and ${wanted} are needed.`);
  const draw = integerStream(seed, 'images');
  const rows = Array.from({ length: count }, (_, row) => row);
  for (let place = 0; place < wanted; place += 1) {
    const other = place + draw(count - place);
    [rows[place], rows[other]] = [rows[other]!, rows[place]!];
  }
  return rows.slice(0, wanted);
}
