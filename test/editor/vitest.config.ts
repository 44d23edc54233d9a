import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/editor/**/*.test.ts'],
    globalSetup: ['./test/editor/start.ts'],
    pool: 'forks',
    // All tests share one page, so they take turns.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // How long `expect.poll` gives the editor to show something.
    expect: { poll: { timeout: 30_000, interval: 100 } },
  },
});
