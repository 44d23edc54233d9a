import { withBatch } from '../../tensor/transforms/rebatch.ts';
import type { TensorJob } from '../engine.ts';

/** The same job in chunks of half as many samples or fewer; undefined when it cannot be cut any more. */
export function split(job: TensorJob): TensorJob | undefined {
  const { batch } = job.program;
  for (let smaller = Math.floor(batch / 2); smaller >= 1; smaller -= 1) {
    if (batch % smaller !== 0) continue;
    const program = withBatch(job.program, smaller);
    if (program !== undefined) return { ...job, program, chunks: (job.chunks * batch) / smaller };
  }
  return undefined;
}
