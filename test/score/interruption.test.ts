import { afterAll, beforeAll, expect, it } from 'vitest';
import { nasBench201 } from '../../server/network/nasbench201.ts';
import { Scheduler } from '../../server/score/scheduler.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreOutcome, ScoreSettings } from '../../server/score/types.ts';
import { networkOf, tinyText } from '../fisher/support/networks.ts';
import { CountingEngine } from './support/engine.ts';

let engine: CountingEngine;
beforeAll(async () => {
  engine = new CountingEngine();
  // The process is there before anything is compared.
  await new Scorer(engine).score(tiny, quick);
});
afterAll(() => engine.dispose());

const tiny = networkOf(tinyText);
const quick: ScoreSettings = { ...namedSettings.live, indexSets: 2, seeds: 1 };
/** One pass of some seconds, in many chunks. */
const slow: ScoreSettings = { ...namedSettings.paper, samples: 64 };
const heavy = nasBench201(
  '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|',
);

it('lets what is typed in front of a draw of seconds, which is then made again and is the same', async () => {
  const order: string[] = [];
  const scheduler = new Scheduler();
  const scorer = new Scorer(engine);
  const inBackground = (id: string): Promise<ScoreOutcome | undefined> =>
    scheduler.schedule(id, 'background', async (turn) => {
      const outcome = await scorer.score(heavy, slow, {
        signal: turn.signal,
        interruption: turn,
        anew: true,
      });
      order.push(id);
      return outcome;
    });
  const undisturbed = await inBackground('undisturbed');
  const begun = engine.runs;
  const long = inBackground('long');
  await expect.poll(() => engine.runs > begun && engine.status().state === 'busy').toBe(true);
  const typed = await scheduler.schedule('typed', 'interactive', async ({ signal }) => {
    const outcome = await scorer.score(tiny, quick, { signal });
    order.push('typed');
    return outcome;
  });
  expect(typed).toMatchObject({ state: 'ok' });
  const disturbed = await long;
  expect(order).toEqual(['undisturbed', 'typed', 'long']);
  // The draw, what came between, and the draw again.
  expect(engine.runs - begun).toBe(3);
  expect(disturbed).toMatchObject({ state: 'ok' });
  expect(numbers(disturbed)).toEqual(numbers(undisturbed));
});

it('ends a draw that is cancelled while it gives way', async () => {
  const scheduler = new Scheduler();
  const scorer = new Scorer(engine);
  const begun = engine.runs;
  const long = scheduler.schedule('long', 'background', (turn) =>
    scorer.score(heavy, slow, { signal: turn.signal, interruption: turn, anew: true }),
  );
  await expect.poll(() => engine.runs > begun && engine.status().state === 'busy').toBe(true);
  const typed = scheduler.schedule('typed', 'interactive', async ({ signal }) => {
    scheduler.cancel('long');
    return await scorer.score(tiny, { ...quick, seed: 7 }, { signal });
  });
  expect(await typed).toMatchObject({ state: 'ok' });
  expect(await long).toBeUndefined();
  expect(scheduler.has('long')).toBe(false);
});

/** What does not depend on the clock. */
function numbers(outcome: ScoreOutcome | undefined): unknown {
  return outcome?.state === 'ok' && outcome.seeds.map(({ entropies, trace }) => ({ entropies, trace }));
}
