import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobQueue } from '../../server/engine/process/job-queue.ts';
import { PendingJob } from '../../server/engine/process/pending-job.ts';
import { EngineFailure } from '../../server/engine/engine.ts';
import { quickJob } from './jobs.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the time of a running job', () => {
  const begun = (): { queue: JobQueue; job: PendingJob; late: PendingJob[] } => {
    const queue = new JobQueue();
    const job = new PendingJob(1, quickJob(), 'a', 1000, undefined);
    job.result.catch(() => undefined);
    const late: PendingJob[] = [];
    queue.add(job);
    queue.begin((own) => late.push(own));
    return { queue, job, late };
  };

  it('begins anew with each part that is done', () => {
    const { queue, job, late } = begun();
    for (let part = 0; part < 10; part += 1) {
      vi.advanceTimersByTime(900);
      queue.progressed();
    }
    expect(late).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(late).toEqual([job]);
  });

  it('is not given back to one that was given up', () => {
    const { queue, job } = begun();
    job.fail(new EngineFailure('cancelled', 'Cancelled.'));
    let killed = 0;
    queue.limit(100, () => (killed += 1));
    vi.advanceTimersByTime(90);
    queue.progressed();
    vi.advanceTimersByTime(10);
    expect(killed).toBe(1);
  });
});
