import { describe, expect, it, vi } from 'vitest';
import { Candidates, Quarantine, type Death } from '../../server/engine/process/blame.ts';
import { Restarts } from '../../server/engine/process/restarts.ts';
import { defaultTimings } from '../../server/engine/process/timings.ts';

function times(count: number, run: () => void): void {
  for (let index = 0; index < count; index++) run();
}

const foreign: readonly Death[] = ['killed', 'stopped'];

describe('A job', () => {
  it.each(foreign)('is not held to have %s the process, however often it met that', (death) => {
    const quarantine = new Quarantine();
    times(1000, () => {
      quarantine.add('job', death);
    });
    expect(quarantine.isGuilty('job')).toBe(false);
  });

  it.each([
    ['own', 2],
    ['unclear', 10],
  ] as const)('is guilty of %s deaths from the %ith on, without an answer in between', (death, most) => {
    const quarantine = new Quarantine();
    times(most - 1, () => {
      quarantine.add('job', death);
    });
    expect(quarantine.isGuilty('job')).toBe(false);
    quarantine.acquit('job');
    times(most - 1, () => {
      quarantine.add('job', death);
    });
    expect(quarantine.isGuilty('job')).toBe(false);
    quarantine.add('job', death);
    expect(quarantine.isGuilty('job')).toBe(true);
    expect(quarantine.isGuilty('another')).toBe(false);
  });
});

describe('An engine', () => {
  it('stays the choice when others end processes that load it', () => {
    const candidates = new Candidates('auto');
    const all = candidates.list();
    for (const death of foreign)
      times(100, () => {
        candidates.diedLoading('onnx-cpu', death);
      });
    expect(candidates.list()).toEqual(all);
  });

  it('is left out after two crashes, unless it has been loaded in between', () => {
    const candidates = new Candidates('auto');
    candidates.diedLoading('onnx-cpu', 'own');
    candidates.loaded('onnx-cpu');
    candidates.diedLoading('onnx-cpu', 'own');
    expect(candidates.list()).toContain('onnx-cpu');
    candidates.diedLoading('onnx-cpu', 'own');
    expect(candidates.list()).not.toContain('onnx-cpu');
    expect(candidates.notes()).toEqual(['onnx-cpu: ends the process while it is being loaded']);
  });
});

describe('The engine as a whole', () => {
  it.each(foreign)('is given up when 200 processes in a row were %s, whatever they did', (death) => {
    const restarts = new Restarts(defaultTimings);
    times(199, () => {
      expect(restarts.died(death, true)).toBe(false);
    });
    restarts.worked();
    times(199, () => {
      expect(restarts.died(death, true)).toBe(false);
    });
    expect(restarts.died(death, true)).toBe(true);
  });

  it('is given up after four crashes before it was ready; one that was ready is a matter of its job', () => {
    const restarts = new Restarts(defaultTimings);
    times(10, () => {
      expect(restarts.died('own', true)).toBe(false);
    });
    restarts.worked();
    times(3, () => {
      expect(restarts.died('own', false)).toBe(false);
    });
    expect(restarts.died('own', false)).toBe(true);
  });

  it('starts again soon when others end its processes', () => {
    vi.useFakeTimers();
    try {
      const restarts = new Restarts(defaultTimings);
      times(100, () => {
        restarts.died('killed', true);
      });
      const start = vi.fn();
      restarts.schedule(start);
      vi.advanceTimersByTime(1000);
      expect(start).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });
});
