import { describe, expect, it } from 'vitest';
import { claimOf, revisionsOf, type ShownLens } from '../../../bench/editor/workbench/lens-record.ts';
import { replayTable } from '../../../bench/editor/workbench/replay-table.ts';

const gauge = '▰▰▱▱▱▱';

function shown(title: string, tooltip = ''): ShownLens {
  return { at: 0, title, tooltip };
}

const before = shown(`VKDNW 0.926 ± 0.010 ${gauge}`);
const measuring = shown(`VKDNW 0.926 ± 0.010 ${gauge} · measuring…`);
const live = shown(`VKDNW 0.900 ± 0.020 ${gauge} · −0.026 ± 0.010 ⟳`, 'Settling: 2 of 4 seeds.\nmore');
const settled = shown(`VKDNW 0.945 ± 0.010 ${gauge} · within noise`);
const quick = shown(
  `≈ 0.206 ${gauge} quick · Settle (about 3 min)`,
  'Of 1 seed: VKDNW 0.206 ± 0.031. A click computes the others, 4 seeds in all, and can be cancelled.',
);

describe('what a lens claims', () => {
  it('is nothing while it shows the number of an earlier text', () => {
    for (const lens of [measuring, shown(`VKDNW 0.926 ± 0.010 ${gauge} (stale: 1 error)`)])
      expect(claimOf(lens)).toEqual({ final: false, settleOffered: false });
  });

  it('is a number, and what an edit has changed', () => {
    expect(claimOf(live)).toEqual({
      final: false,
      settleOffered: false,
      score: { value: 0.9, error: 0.02 },
      draws: [2, 4],
      difference: { value: -0.026, error: 0.01 },
    });
    expect(claimOf(settled)).toMatchObject({ final: true, score: { value: 0.945, error: 0.01 } });
  });

  it('is a quick number with the error of its tooltip', () => {
    expect(claimOf(quick)).toEqual({
      final: false,
      settleOffered: true,
      score: { value: 0.206, error: 0.031 },
      draws: [1, 4],
    });
  });

  it('is final where there is no number', () => {
    expect(claimOf(shown('No score: logits or gradients explode'))).toMatchObject({ final: true });
  });
});

describe('what a settled number contradicts', () => {
  it('is counted in the errors that were shown, and in those of the difference', () => {
    const [score, ...others] = revisionsOf([measuring, live, settled].map(claimOf));
    expect(others).toEqual([]);
    expect(score).toMatchObject({ what: 'score' });
    expect(score?.times).toBeCloseTo(2.25, 6);
    expect(score?.timesOfBoth).toBeCloseTo(0.045 / Math.hypot(0.02, 0.01), 6);
    expect(score?.timesOfDifference).toBeCloseTo(2.25 * Math.SQRT2, 6);
  });

  it('is in the table, as are too many changes', () => {
    const table = replayTable([
      { network: 'A', edit: 1, shown: [before, measuring, live, settled] },
      { network: 'A', edit: 2, shown: [settled, measuring, quick, measuring, settled] },
    ]);
    expect(table.rows).toEqual([['A', '2', '3.5', '4', '2', '23.84', '22.69', '2', '2']]);
    expect(table.notes?.[0]).toMatch(/changes an edit: MISSED; .* shown: MISSED; .* its own: MISSED\.$/);
    expect(table.notes).toHaveLength(3);
  });
});
