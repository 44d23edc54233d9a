import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/editor/**', 'test/suite/**', 'test/host/**'],
    pool: 'forks',
    // No test is answered from what another, or the user, has computed.
    env: { ARCHLENS_STORE: 'none' },
    maxWorkers: 2,
    // Generous: a slow machine is no failure. Speed is measured by the benchmarks.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
