// Limits of a job: cancelled by its caller, too long, too large.
import { describe, expect, it } from 'vitest';
import { isAlive } from '../support/processes.ts';
import { connect } from './clients.ts';
import { expectWorks, failureOf } from './ill-behaved.ts';
import { largeJob, quickJob, slowJob } from './jobs.ts';

describe('Limits', () => {
  it('cancels a running job between chunks, keeping the process', async () => {
    const { client } = connect();
    await expectWorks(client);
    const { pid } = client.status();
    const controller = new AbortController();
    const running = client.run(slowJob({ chunks: 200, megaflop: 600 }), {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    expect((await failureOf(running)).reason).toBe('cancelled');
    await expectWorks(client);
    expect(client.status().pid).toBe(pid);
  });

  it('kills the process when a chunk does not end in time after cancelling', async () => {
    const { client, states } = connect({}, { grace: 100 });
    await expectWorks(client);
    const { pid } = client.status();
    // While a busy machine still prepares the job, it is cancelled in good order: then later.
    for (let wait = 300; client.status().pid === pid; wait *= 2) {
      const controller = new AbortController();
      const running = client.run(slowJob({ chunks: 1, megaflop: 1_000_000 }), { signal: controller.signal });
      await expect.poll(() => states.at(-1)?.state).toBe('busy');
      setTimeout(() => {
        controller.abort();
      }, wait);
      expect((await failureOf(running)).reason).toBe('cancelled');
      await expectWorks(client);
    }
    expect(isAlive(pid!)).toBe(false);
  });

  it('cancels a waiting job at once', async () => {
    const { client } = connect();
    const running = client.run(slowJob({ chunks: 20, megaflop: 300 }));
    const controller = new AbortController();
    let settledFirst = '';
    const waiting = failureOf(client.run(quickJob(), { signal: controller.signal })).then((failure) => {
      settledFirst ||= 'waiting';
      return failure;
    });
    controller.abort();
    expect((await waiting).reason).toBe('cancelled');
    await running.then(() => (settledFirst ||= 'running'));
    expect(settledFirst).toBe('waiting');
    expect((await failureOf(client.run(quickJob(), { signal: controller.signal }))).reason).toBe('cancelled');
  });

  it('ends a job of which no part is done within its time limit', async () => {
    const { client } = connect();
    await expectWorks(client);
    const failure = await failureOf(client.run(slowJob({ chunks: 200, megaflop: 600 }), { timeLimit: 1 }));
    expect(failure.reason).toBe('time-limit');
    await expectWorks(client);
  });

  it('ends a job that takes more memory than allowed', async () => {
    const { client, log } = connect({ memoryLimit: 400 * 2 ** 20 });
    const failure = await failureOf(client.run(largeJob(256)));
    expect(failure.reason, failure.message).toBe('out-of-memory');
    expect(log.join('\n')).toMatch(/took [\d.]+ MB/);
    await expectWorks(client);
  });
});
