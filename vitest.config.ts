import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { defineConfig } from 'vitest/config';
import { kinds } from './scripts/quick.mjs';
import { first } from './test/support/first.ts';

/**
 * Where Node keeps what it has compiled: hundreds of processes start from the same sources, and without it each takes longer for
 * that than for what it is asked. Not for the next run: bundles that tests make are among it, each in a folder of its own.
 */
const compiled = join(tmpdir(), `archlens-compiled-${process.pid}`);
process.once('exit', () => {
  rmSync(compiled, { recursive: true, force: true });
});

export default defineConfig({
  test: {
    pool: 'forks',
    // No test is answered from what another, or the user, has computed.
    env: { ARCHLENS_STORE: 'none', NODE_COMPILE_CACHE: compiled },
    maxWorkers: 2,
    sequence: {
      sequencer: first([
        'kills/kills.test.ts',
        'score/faults.test.ts',
        'lsp/growth.test.ts',
        'lsp/examples.test.ts',
      ]),
    },
    // Generous: a slow machine is no failure. Speed is measured by the benchmarks.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // In the order of their names: what starts processes takes longest, and what came last would run alone.
    projects: [
      { extends: true, test: { name: 'counting', include: kinds.counting } },
      {
        extends: true,
        test: {
          name: 'processes',
          include: ['test/**/*.test.ts'],
          exclude: ['test/editor/**', 'test/suite/**', 'test/host/**', ...Object.values(kinds).flat()],
        },
      },
      { extends: true, test: { name: 'together', include: kinds.together, isolate: false } },
    ],
  },
});
