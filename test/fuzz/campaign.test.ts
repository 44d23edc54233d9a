import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Campaign } from './campaign.ts';
import { keep, readFinding } from './findings.ts';
import { minimised } from './minimise.ts';
import { loadTargets } from './modules.ts';
import { Random, seedOf } from '../support/random.ts';
import type { Json } from './target.ts';
import { Trial } from './trial.ts';

const broken = await loadTargets(new URL('broken/targets.ts', import.meta.url).href);

/** What a campaign on targets that fail finds: it is stopped as soon as each has been found. */
async function findings(names: readonly string[], patience: number) {
  const said: string[] = [];
  const campaign = new Campaign({
    module: broken,
    targets: ['sound', ...names],
    seed: 1,
    workers: 1,
    minutes: 4,
    patience,
    say: (line) => {
      said.push(line);
      if (names.every((name) => said.some((each) => each.startsWith(`${name}: `)))) campaign.stop();
    },
  });
  const { findings: found, cases } = await campaign.run();
  return { found, cases, said: said.join('\n') };
}

test('a campaign tells every failure once, with the input made smaller, and goes on', async () => {
  const { found, cases, said } = await findings(['wrong', 'remembering'], 60_000);
  const by = new Map(found.map((finding) => [finding.target, finding]));
  expect(found).toHaveLength(2);
  expect(cases.get('sound')).toBeGreaterThan(0);
  expect(by.get('wrong')?.inputs).toEqual([{ lines: ['needle'], number: 0 }]);
  // Of all before it, one case is needed.
  expect(by.get('remembering')?.inputs).toHaveLength(2);
  expect(found.every(({ isRepeatable }) => isRepeatable)).toBe(true);
  expect(said).toMatch(/FINDING in wrong \(seed 1, case \d+\): There is a needle\./);
  expect(said).toContain('--replay');
});

test('a case that does not end, and one that ends its process, are findings, and leave no temporary folder', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'archlens-campaign-'));
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });
  const { found } = await findings(['endless', 'deadly'], 3000);
  expect(readdirSync(temporary)).toEqual([]);
  expect(found.map(({ failure: { signature } }) => signature).sort()).toEqual(['died', 'endless']);
  for (const { inputs, isRepeatable } of found) {
    expect(JSON.stringify(inputs)).toContain('needle');
    expect(isRepeatable).toBe(true);
  }
});

test('what was kept in a file fails again, until it is mended', async () => {
  const failed = { target: 'wrong', seed: 1, index: 0, stride: 1, failure: { signature: 's', text: 't' } };
  const file = keep({ ...failed, inputs: [{ lines: ['needle'], number: 0 }], isRepeatable: true });
  const trial = new Trial(broken);
  const { target, inputs } = readFinding(file);
  expect(readFileSync(file, 'utf8')).toContain('needle');
  expect((await trial.run(target, inputs))?.signature).toBe('There is a needle.');
  expect(await trial.run(target, [{ lines: [], number: 0 }])).toBeUndefined();
  await trial.end();
  rmSync(file);
});

test('a case depends on seed, target and number alone', () => {
  const values = (seed: number) => {
    const random = new Random(seedOf(seed, 'grammar', 7));
    return random.times(5, () => random.share());
  };
  expect(values(1)).toEqual(values(1));
  const seeds = [1, 2].flatMap((seed) =>
    ['a', 'b'].flatMap((name) => [0, 1, 2].map((index) => seedOf(seed, name, index))),
  );
  expect(new Set(seeds).size).toBe(seeds.length);
});

test('an input is made smaller as far as it goes', async () => {
  const input: Json = {
    files: [
      { name: 'a', text: 'one\ntwo (three four)\nfive\n' },
      { name: 'b', text: 'six\n' },
    ],
    luck: 0.7,
  };
  const smaller = await minimised(
    input,
    (each) => Promise.resolve(JSON.stringify(each).includes('three')),
    () => true,
  );
  expect(smaller).toEqual({ files: [{ name: '', text: 'three' }], luck: 0 });
});
