import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { campaign } from './campaign.ts';
import { sessions } from './sessions.ts';

const server = join(import.meta.dirname, '../../server');

// The short form of `npm run kills`. Only Linux tells what is needed of the processes of others.
it.runIf(process.platform === 'linux')(
  'every finished score is the undisturbed one, and nothing is left behind, after 20 kills',
  async () => {
    const report = await campaign({
      programs: { cli: join(server, 'cli/main.ts'), server: join(server, 'lsp/main.ts') },
      // Testing every engine of a machine is not short.
      sessions: sessions.filter(({ name }) => !name.startsWith('engines')),
      kills: 20,
      perSession: 6,
      seed: 1,
      log: () => undefined,
    });
    expect(report.findings).toEqual([]);
    expect(report.kills).toHaveLength(20);
  },
  3_600_000,
);

it('a result that differs and an error are findings, with what finds them again', async () => {
  const programs = { cli: '', server: '' };
  let turns = 0;
  const report = await campaign({
    programs,
    sessions: [
      {
        name: 'unsteady',
        run: (_, most) => {
          if (most > 0 && turns++ === 1) return Promise.reject(new Error('leaves orphans: 7'));
          return Promise.resolve({
            result: String(most > 0),
            kills: Array.from({ length: most }, () => ({ role: 'engine', signal: 'KILL' }) as const),
          });
        },
      },
    ],
    kills: 2,
    perSession: 1,
    seed: 5,
    log: () => undefined,
  });
  expect(report.findings).toEqual([
    'unsteady (seed 5, turn 0): another result than undisturbed',
    'unsteady (seed 5, turn 1): leaves orphans: 7',
    'unsteady (seed 5, turn 2): another result than undisturbed',
  ]);
});
