import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the extension host calls. Mocha has its functions in place before the tests are loaded. */
export async function run(): Promise<void> {
  // Mocha is an ES module, which this bundle is not.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'tdd', timeout: 120_000, slow: 10_000 });
  mocha.suite.emit('pre-require', globalThis, 'archlens', mocha);
  await import('./extension.ts');

  const counts = { passed: 0, failed: 0, skipped: 0 };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => {
        resolve();
      })
      .on('pass', () => (counts.passed += 1))
      .on('fail', () => (counts.failed += 1))
      .on('pending', () => (counts.skipped += 1));
  });
  const results = join(__dirname, '..', '..', 'test-results');
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'suite.json'), JSON.stringify(counts));
  if (counts.failed > 0) throw new Error(`${counts.failed} tests failed.`);
}
