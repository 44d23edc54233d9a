import { describe, expect, it } from 'vitest';
import { Scheduler, type Turn } from '../../server/score/scheduler.ts';

/** A job the test ends by hand. */
function manual<T>(log: string[], name: string) {
  let finish!: (value: T) => void;
  const done = new Promise<T>((resolve) => (finish = resolve));
  let turn: Turn | undefined;
  const run = (given: Turn): Promise<T> => {
    turn = given;
    log.push(name);
    return done;
  };
  return { run, finish, turn: () => turn };
}

/** Lets everything that can go on without the test go on. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await Promise.resolve();
  }
}

describe('Scheduler', () => {
  it('runs one job at a time, in order', async () => {
    const log: string[] = [];
    const scheduler = new Scheduler();
    const [a, b] = [manual<number>(log, 'a'), manual<number>(log, 'b')];
    const first = scheduler.schedule('a', 'visible', a.run);
    const second = scheduler.schedule('b', 'visible', b.run);
    await settle();
    expect(log).toEqual(['a']);
    a.finish(1);
    expect(await first).toBe(1);
    await settle();
    expect(log).toEqual(['a', 'b']);
    b.finish(2);
    expect(await second).toBe(2);
    expect(scheduler.has('a')).toBe(false);
  });

  it('lets what the user looks at overtake what waits in the background', async () => {
    const log: string[] = [];
    const scheduler = new Scheduler();
    const jobs = ['running', 'background', 'visible', 'interactive', 'raised'].map((name) =>
      manual<undefined>(log, name),
    );
    const all = [
      scheduler.schedule('running', 'background', jobs[0]!.run),
      scheduler.schedule('background', 'background', jobs[1]!.run),
      scheduler.schedule('visible', 'visible', jobs[2]!.run),
      scheduler.schedule('interactive', 'interactive', jobs[3]!.run),
      scheduler.schedule('raised', 'background', jobs[4]!.run),
    ];
    scheduler.setPriority('raised', 'interactive');
    for (const job of jobs) {
      job.finish(undefined);
    }
    await Promise.all(all);
    expect(log).toEqual(['running', 'interactive', 'raised', 'visible', 'background']);
  });

  it('replaces a waiting job by a newer one of the same id without running it', async () => {
    const log: string[] = [];
    const scheduler = new Scheduler();
    const [other, older, newer] = [
      manual<string>(log, 'other'),
      manual<string>(log, 'older'),
      manual<string>(log, 'newer'),
    ];
    const all = [
      scheduler.schedule('other', 'visible', other.run),
      scheduler.schedule('model', 'visible', older.run),
      scheduler.schedule('model', 'visible', newer.run),
    ];
    other.finish('other');
    newer.finish('newer');
    expect(await Promise.all(all)).toEqual(['other', undefined, 'newer']);
    expect(log).toEqual(['other', 'newer']);
  });

  it('aborts a running job for a newer one, drops its result, and waits until it has ended', async () => {
    const log: string[] = [];
    const scheduler = new Scheduler();
    const [older, newer] = [manual<string>(log, 'older'), manual<string>(log, 'newer')];
    const first = scheduler.schedule('model', 'visible', older.run);
    await settle();
    const second = scheduler.schedule('model', 'visible', newer.run);
    await settle();
    expect(older.turn()!.signal.aborted).toBe(true);
    expect(log).toEqual(['older']);
    older.finish('stale');
    newer.finish('fresh');
    expect(await first).toBeUndefined();
    expect(await second).toBe('fresh');
  });

  it('passes errors on, but not those of a cancelled job', async () => {
    const scheduler = new Scheduler();
    await expect(
      scheduler.schedule('a', 'visible', () => Promise.reject(new Error('broken'))),
    ).rejects.toThrow('broken');
    const cancelled = scheduler.schedule('b', 'visible', async ({ signal }) => {
      await settle();
      signal.throwIfAborted();
    });
    await settle();
    scheduler.cancel('b');
    expect(await cancelled).toBeUndefined();
    expect(await scheduler.schedule('c', 'visible', () => Promise.resolve('next'))).toBe('next');
  });

  it('lets higher priorities in where a long job gives way, and then goes on with it', async () => {
    const log: string[] = [];
    const scheduler = new Scheduler();
    const long = scheduler.schedule('long', 'background', async ({ giveWay }) => {
      log.push('long 1');
      await settle();
      await giveWay();
      log.push('long 2');
    });
    await settle();
    const equal = scheduler.schedule('equal', 'background', () => Promise.resolve(log.push('equal')));
    const urgent = scheduler.schedule('urgent', 'interactive', () => Promise.resolve(log.push('urgent')));
    await Promise.all([long, equal, urgent]);
    expect(log).toEqual(['long 1', 'urgent', 'long 2', 'equal']);
  });

  it('tells a running job when something of a higher priority waits, or what waits becomes that', async () => {
    const log: string[] = [];
    const scheduler = new Scheduler();
    const [long, same, raised, urgent] = ['long', 'same', 'raised', 'urgent'].map((name) =>
      manual<undefined>(log, name),
    ) as [ReturnType<typeof manual<undefined>>, ...ReturnType<typeof manual<undefined>>[]];
    const all = [scheduler.schedule('long', 'visible', long.run)];
    await settle();
    let told = 0;
    const end = long.turn()!.onWanted(() => (told += 1));
    all.push(scheduler.schedule('same', 'visible', same!.run));
    all.push(scheduler.schedule('raised', 'background', raised!.run));
    expect(told).toBe(0);
    scheduler.setPriority('raised', 'interactive');
    expect(told).toBe(1);
    end();
    all.push(scheduler.schedule('urgent', 'interactive', urgent!.run));
    expect(told).toBe(1);
    for (const job of [long, same, raised, urgent]) job!.finish(undefined);
    await Promise.all(all);
    expect(log).toEqual(['long', 'raised', 'urgent', 'same']);
  });

  it('cancels a job that has given way', async () => {
    const log: string[] = [];
    const scheduler = new Scheduler();
    const urgent = manual<undefined>(log, 'urgent');
    let goOn!: () => void;
    const queued = new Promise<void>((resolve) => (goOn = resolve));
    const long = scheduler.schedule('long', 'background', async ({ giveWay }) => {
      await queued;
      await giveWay();
      log.push('never');
    });
    const other = scheduler.schedule('urgent', 'interactive', urgent.run);
    goOn();
    await settle();
    expect(log).toEqual(['urgent']);
    scheduler.cancelAll();
    urgent.finish(undefined);
    expect(await Promise.all([long, other])).toEqual([undefined, undefined]);
    expect(log).toEqual(['urgent']);
  });
});
