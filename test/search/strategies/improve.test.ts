// Greedy improvement with the real engine.
import { afterAll, expect, test } from 'vitest';
import { namedSettings } from '../../../server/score/settings.ts';
import { improve } from '../../../server/search/strategies/improve.ts';
import type { Step } from '../../../server/search/strategies/improve.ts';
import { Workbench } from '../../../server/search/variants.ts';
import { whatIfSettings } from '../../../server/search/what-if.ts';
import { defaultMoveKinds } from '../../../server/search/moves/kinds.ts';
import { moveKinds } from '../../../server/search/moves/move.ts';
import { standingOf } from '../../../server/search/what-if.ts';
import { CountingEngine } from '../../score/support/engine.ts';
import { measurerOn } from '../support/measurer.ts';

const engine = new CountingEngine();
afterAll(() => engine.dispose());

const measurer = measurerOn(engine);
const kinds = defaultMoveKinds;

const uri = 'file:///work/main.arch';
const text = `// Kept.
block B(c) { // kept too
  conv(c, 3x3) -> bn -> relu
}
model Tiny {
  input 8x8x3
  classes 4
  B(8)   // eight
  repeat 2 { B(8) }
  gap -> dense(classes)
}
`;
const place = { uri, name: 'Tiny' };
const settings = whatIfSettings({ ...namedSettings.live, indexSets: 4 });
const workbench = (): Workbench => new Workbench(uri, text, () => undefined);

test('steps are beyond noise, within the budget, and keep the rest of the text', async () => {
  const bench = workbench();
  const { totals } = bench.sized(place)!;
  const budget = { maxParams: 2 * totals.params, maxMacs: 2 * totals.macs };
  const result = await improve(bench, place, measurer, { budget, steps: 1, settings, kinds });
  expect(result?.end).toBe('steps');
  const [step] = result!.steps;
  const { verdict, move } = step!;
  expect(verdict.difference.withinNoise).toBe(false);
  expect(verdict.difference.delta).toBeGreaterThan(0);
  expect(verdict.opinion!.better).toBeGreaterThan(verdict.opinion!.worse);
  expect(verdict.opinion!.better).toBeGreaterThanOrEqual(2);
  expect(move.kind).not.toBe('activation');
  for (const candidate of result!.refused) expect(standingOf(candidate.verdict)).not.toBe('better');
  expect(result!.after.params).toBeLessThanOrEqual(budget.maxParams);
  expect(result!.after.macs).toBeLessThanOrEqual(budget.maxMacs);
  for (const comment of ['// Kept.', '// kept too', '// eight']) expect(result!.text).toContain(comment);
  expect(result!.text).not.toBe(text);
});

test('without a neighbour in the budget nothing changes', async () => {
  const budget = { maxParams: 1, maxMacs: 1 };
  const result = await improve(workbench(), place, measurer, { budget, steps: 3, settings, kinds });
  expect(result).toMatchObject({ text, end: 'no better neighbour', steps: [] });
});

test('can be cancelled, and says so', async () => {
  const abort = new AbortController();
  const steps: Step[] = [];
  const result = await improve(workbench(), place, measurer, {
    kinds: moveKinds,
    budget: { maxParams: Infinity, maxMacs: Infinity },
    steps: 3,
    settings,
    signal: abort.signal,
    onTried: (tried) => {
      if (tried === 2) abort.abort();
    },
    onStep: (step) => steps.push(step),
  });
  expect(result).toMatchObject({ text, end: 'cancelled' });
  expect(steps).toEqual([]);
});
