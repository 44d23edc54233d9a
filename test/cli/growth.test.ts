import { expect, test } from 'vitest';
// First, for the functions of what follows to be counted.
import { countExactly, nextTally, steepFunctions } from '../support/steps.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textKinds } from '../../bench/growth/long-texts.ts';
import { Files } from '../../server/cli/files.ts';
import { whyInvalid } from '../../server/cli/score-models.ts';

countExactly();

/** Steps of saying where everything is that is wrong with a file, and why its models have no score. */
function stepsFor(text: string): ReadonlyMap<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'archlens-growth-'));
  const path = join(folder, 'main.arch');
  try {
    writeFileSync(path, text);
    const files = new Files();
    const analysis = files.analyse(path);
    expect(analysis.models.length).toBeGreaterThan(0);
    nextTally();
    for (const { location } of analysis.diagnostics) files.place(location);
    for (const model of analysis.models) whyInvalid(analysis, model, files);
    return nextTally();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('places of errors are told in steps in proportion to their number', () => {
  const { text } = textKinds.find(({ name }) => name === 'models with errors')!;
  const before = stepsFor(text(60));
  const after = stepsFor(text(480));
  expect([...after.keys()].join('\n')).toContain('server/cli/files.ts');
  expect(steepFunctions(before, after, 8)).toEqual([]);
});
