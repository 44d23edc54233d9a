import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { workers } from './workers.ts';

export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/editor/**/*.test.ts'],
    globalSetup: ['./test/editor/start.ts'],
    pool: 'forks',
    // All files of a worker share one page, so they take turns.
    maxWorkers: workers,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // How long `expect.poll` gives the editor to show something.
    expect: { poll: { timeout: 30_000, interval: 100 } },
  },
});
