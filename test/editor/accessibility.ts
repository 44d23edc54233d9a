// What axe-core finds in a webview.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { FrameLocator } from 'playwright-core';

/** The serious and critical violations: the rule, and the first elements that break it. */
export async function violations(webview: FrameLocator): Promise<string[]> {
  const handle = await webview.locator('body').elementHandle();
  const frame = await handle.ownerFrame();
  if (frame === null) throw new Error('The webview has no frame.');
  await frame.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const options: RunOptions = { resultTypes: ['violations'] };
  const results = await frame.evaluate(
    (given) =>
      (globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }).axe.run(
        given,
      ),
    options,
  );
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .slice(0, 3)
          .join(' | ')}`,
    );
}
