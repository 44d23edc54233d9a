import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { first } from '../support/first.ts';
import { workers } from './workers.ts';

export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/editor/**/*.test.ts'],
    globalSetup: ['./test/editor/start.ts'],
    pool: 'forks',
    // All files of a worker share one page, so they take turns.
    maxWorkers: workers,
    // The store that the first removes is that of all editors.
    sequence: { sequencer: first(['editor/store.test.ts', 'editor/walkthrough.test.ts']) },
    // Generous: a slow machine is no failure.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // How long `expect.poll` gives the editor to show something.
    expect: { poll: { timeout: 30_000, interval: 100 } },
  },
});
