import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Project } from '../../server/language/project.ts';
import { readSettings } from '../../server/protocol/settings.ts';
import { Scheduler } from '../../server/score/scheduler.ts';
import { ScoreBoard } from '../../server/scoring/score-board.ts';
import { ScoreThread, type ScoreService } from '../../server/scoring/score-thread.ts';

const uri = 'file:///tiny.arch';
const text = 'model Tiny { input 8x8x3 classes 4 conv(4, 3x3) -> bn -> relu -> gap -> dense(classes) }\n';

test('a score that is stopped as it begins to settle keeps the draws that were shown', async () => {
  const { settings } = readSettings(undefined);
  const thread = new ScoreThread({ engine: settings.engine, store: { limit: 0 } }, () => undefined);
  // The first draw of the whole score is one of the three that are shown: known, so that it is there at once.
  const scorer: ScoreService = {
    stored: (network, asked) => thread.stored(network, asked),
    score: (network, asked, options = {}) =>
      thread.score(network, asked, {
        ...options,
        onSeed: (partial, done, total) => {
          options.onSeed?.(partial, done, total);
          if (total === 4) board.stop();
        },
      }),
  };
  const failures: string[] = [];
  const board = new ScoreBoard({
    scorer,
    scheduler: new Scheduler(),
    log: (line) => failures.push(line),
    onChange: () => undefined,
  });
  try {
    const project = new Project({ read: () => text });
    board.update(uri, project.analyse(uri), settings.score);
    while (board.model(uri, 'Tiny')?.state !== 'quick') await sleep(5);
    const model = board.model(uri, 'Tiny');
    expect(model?.state === 'quick' && model.score.seeds.map(({ seed }) => seed)).toEqual([0, 1, 2]);
    expect(failures).toEqual([]);
  } finally {
    await thread.dispose();
  }
});
