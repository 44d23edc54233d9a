import { namedSettings } from '../../../server/score/settings.ts';
import type { Picture, PictureOp, Place } from '../../../server/plot/picture.ts';

/** A stretch of one line. */
export function place(line: number, from: number, to: number): Place {
  return { uri: 'file:///net.arch', start: { line, character: from }, end: { line, character: to } };
}

export interface OpSketch {
  readonly label: string;
  readonly share: number;
  readonly se?: number;
  readonly bands?: PictureOp['bands'];
  /** Labels of the calls that lead to it; `repeat` and `for` are iterations. */
  readonly calls?: readonly string[];
  readonly silent?: string;
  readonly tensors?: number;
  /** Line of the op; a call is written on line 100 and its number. */
  readonly line?: number;
}

export function ops(sketches: readonly OpSketch[]): PictureOp[] {
  return sketches.map(({ label, share, se, bands, calls = [], silent, tensors = 1, line }, order) => ({
    path: `op.${order}`,
    op: label.replace(/\(.*$/, ''),
    label,
    order,
    tensors,
    share: { value: share, ...(se === undefined ? {} : { se }) },
    ...(bands === undefined ? {} : { bands }),
    ...(silent === undefined ? {} : { silent }),
    calls: calls.map((call, level) => ({
      label: call,
      kind: /^(?:repeat|for)\b/.test(call) ? 'iteration' : 'call',
      place: place(100 + level, 0, 40),
    })),
    place: place(line ?? order, 2, 20),
  }));
}

/** A picture of four draws, with an even spectrum where nothing else is said. */
export function picture(change: Partial<Picture> = {}): Picture {
  const eigenvalues = Array.from({ length: 64 }, (_, k) => 1 + k / 64);
  return {
    model: 'Net',
    file: 'net.arch',
    vkdnw: { value: 2.1, se: 0.02 },
    single: 12.1,
    layers: 10,
    params: 1000,
    macs: 2_000_000,
    eigenvalues,
    deciles: Array.from({ length: 9 }, (_, k) => 1 + (k + 1) / 10),
    seeds: [2.06, 2.09, 2.11, 2.14].map((entropy, seed) => ({ seed, entropy })),
    contributions: {
      over: 'all',
      ops: ops([
        { label: 'conv(16, 3x3)', share: 0.3 },
        { label: 'conv(32, 3x3)', share: 0.4 },
        { label: 'dense(10)', share: 0.3 },
      ]),
      logits: { rms: 1, largest: 3, confidence: 0.4 },
    },
    origin: {
      settings: namedSettings.settled,
      sampling: namedSettings.settled,
      engine: { name: 'onnx-cpu', device: 'CPU', version: 'onnxruntime-node 1.30.0', threads: 2 },
      version: '0.1.0',
      milliseconds: 1234,
      key: 'a'.repeat(64),
    },
    ...change,
  };
}
