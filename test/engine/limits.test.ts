// Limits of a job: cancelled by its caller, too long, too large.
import { describe, expect, it } from 'vitest';
import { isAlive } from '../support/processes.ts';
import { connect } from './clients.ts';
import { expectWorks, failureOf } from './ill-behaved.ts';
import { difference } from './executors.ts';
import { convolutionJob, givenJob, heavyJob, largeJob, quickJob, slowJob } from './jobs.ts';

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

  it('refuses a job that would take more memory than allowed, and keeps the process', async () => {
    const { client, log } = connect({ memoryLimit: 400e6 });
    await expectWorks(client);
    const failure = await failureOf(client.run(largeJob(256)));
    expect(failure).toMatchObject({ reason: 'out-of-memory', isOfWeights: false });
    expect(failure.message).toMatch(
      /^The computation would take about [\d.]+ [MG]B of memory; 400 MB are allowed\.$/,
    );
    await expectWorks(client);
    expect(log.join('\n')).not.toMatch(/took/);
  });

  it('spares memory for time where that makes room, with the same results', async () => {
    const job = convolutionJob(45);
    const { client } = connect();
    const wanted = (await client.run(job)).outputs['y']!.data;
    const { client: sparing, log } = connect({ memoryLimit: 310e6 });
    const got = (await sparing.run(job)).outputs['y']!.data;
    expect(difference(got, wanted)).toBeLessThan(1e-5);
    expect(log.join('\n')).not.toMatch(/took/);
  });

  it('says where it is weights that there is no room for', async () => {
    const { client } = connect({ memoryLimit: 400e6 });
    const failure = await failureOf(client.run(heavyJob(256)));
    expect(failure).toMatchObject({ reason: 'out-of-memory', isOfWeights: true });
    expect(failure.message).toMatch(/, [\d.]+ MB of it for weights; 400 MB are allowed\.$/);
  });

  it('ends a job that takes more memory than allowed all the same', async () => {
    const { client, log } = connect({ memoryLimit: 300e6 });
    // The text of the values takes several times what they do, which nobody counts.
    const failure = await failureOf(client.run(givenJob(64)));
    expect(failure.reason, failure.message).toBe('out-of-memory');
    expect(log.join('\n')).toMatch(/took [\d.]+ MB/);
    await expectWorks(client);
  });
});
