import { programCost } from '../../tensor/cost.ts';
import type { IrNode } from '../../tensor/ir.ts';
import type { EngineClient, TensorJob } from '../engine.ts';

/** Sizes of the probe: the first takes a slow engine a fraction of a second, the last keeps a GPU busy. */
const sizes = [
  { samples: 1, layers: 2 },
  { samples: 4, layers: 4 },
  { samples: 16, layers: 8 },
] as const;
/** Milliseconds of a run from which no larger size is tried. */
const longEnough = 25;
const chunks = 3;

/**
 * Speed of an engine in 10⁹ floating-point operations a second, for convolutions as scores are made of: dense ones (a
 * forward pass) and grouped ones (lanes of derivatives), on the whole way of a job, transfers included.
 */
export async function measureSpeed(client: EngineClient, signal?: AbortSignal): Promise<number> {
  const options = { label: 'speed probe', ...(signal === undefined ? {} : { signal }) };
  let best = 0;
  for (const { samples, layers } of sizes) {
    // The first run compiles, tunes and warms the kernels.
    await client.run(probeJob(samples, layers, 1), options);
    const job = probeJob(samples, layers, chunks);
    const { milliseconds } = await client.run(job, options);
    const operations = 2 * programCost(job.program).macs * chunks;
    best = Math.max(best, operations / milliseconds.run / 1e6);
    if (milliseconds.run > longEnough) break;
  }
  return best;
}

function probeJob(samples: number, layers: number, count: number): TensorJob {
  const channels = 64;
  const groups = 4;
  const map = [samples, channels, 32, 32];
  const weights = (name: string, perGroup: number): IrNode => ({
    // Keeps the size of activations from layer to layer.
    op: { op: 'constant', source: { kind: 'normal', name, std: 1 / Math.sqrt(9 * perGroup) } },
    inputs: [],
    shape: [channels, perGroup, 3, 3],
  });
  const nodes: IrNode[] = [
    { op: { op: 'input', name: 'x' }, inputs: [], shape: map },
    weights('dense', channels),
    weights('grouped', channels / groups),
  ];
  let last = 0;
  for (let layer = 0; layer < layers; layer += 1) {
    const isGrouped = layer % 2 === 1;
    nodes.push({
      op: {
        op: 'conv2d',
        stride: [1, 1],
        pads: [1, 1, 1, 1],
        dilation: [1, 1],
        groups: isGrouped ? groups : 1,
      },
      inputs: [last, isGrouped ? 2 : 1],
      shape: map,
    });
    last = nodes.length - 1;
  }
  nodes.push({
    op: { op: 'reduce', fn: 'mean', axes: [2, 3] },
    inputs: [last],
    shape: [samples, channels, 1, 1],
  });
  return {
    program: {
      batch: samples,
      nodes,
      outputs: [{ name: 'y', node: nodes.length - 1, gather: 'samples' }],
    },
    chunks: count,
    bindings: {
      x: { shape: [count * samples, ...map.slice(1)], source: { kind: 'normal', name: 'x', std: 1 } },
    },
    seed: 0,
  };
}
