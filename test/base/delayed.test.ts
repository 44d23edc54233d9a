import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Delayed, DelayedByKey } from '../../server/base/delayed.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('delayed work', () => {
  it('is done so long after the first start, however often it is started', () => {
    const work = vi.fn();
    const delayed = new Delayed(100, work);
    delayed.start();
    vi.advanceTimersByTime(60);
    delayed.start();
    vi.advanceTimersByTime(39);
    expect(work).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    expect(work).toHaveBeenCalledTimes(1);
    expect(delayed.isWaiting).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(1);
    delayed.start();
    vi.advanceTimersByTime(100);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('is done so long after the last restart', () => {
    const work = vi.fn();
    const delayed = new Delayed(100, work);
    for (let call = 0; call < 5; call += 1) {
      delayed.restart();
      vi.advanceTimersByTime(99);
    }
    expect(work).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('is done at once when it is flushed, and then no more', () => {
    const work = vi.fn();
    const delayed = new Delayed(100, work);
    delayed.flush();
    expect(work).toHaveBeenCalledTimes(0);
    delayed.start();
    delayed.flush();
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('is not done when it is cancelled', () => {
    const work = vi.fn();
    const delayed = new Delayed(100, work);
    delayed.start();
    delayed.cancel();
    expect(delayed.isWaiting).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(0);
  });

  it('may start itself again', () => {
    let left = 3;
    const delayed: Delayed = new Delayed(10, () => {
      left -= 1;
      if (left > 0) delayed.start();
    });
    delayed.start();
    vi.advanceTimersByTime(1000);
    expect(left).toBe(0);
  });
});

describe('delayed work by key', () => {
  it('waits for each key on its own', () => {
    const done: string[] = [];
    const delayed = new DelayedByKey();
    delayed.start('a', 100, () => done.push('first a'));
    delayed.restart('b', 100, () => done.push('first b'));
    vi.advanceTimersByTime(50);
    delayed.start('a', 100, () => done.push('second a'));
    delayed.restart('b', 100, () => done.push('second b'));
    delayed.start('c', 10, () => done.push('c'));
    delayed.cancel('c');
    vi.advanceTimersByTime(50);
    expect(done).toEqual(['first a']);
    vi.advanceTimersByTime(50);
    expect(done).toEqual(['first a', 'second b']);
    delayed.start('a', 100, () => done.push('third a'));
    vi.advanceTimersByTime(100);
    expect(done).toEqual(['first a', 'second b', 'third a']);
  });
});
