import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributionLines } from '../../server/cli/reports/contribution-table.ts';
import type { ScoreRecord } from '../../server/cli/reports/record.ts';
import { hasChild } from '../support/processes.ts';
import { cli } from './run-cli.ts';
import { brokenModel as broken, tinyModels as text } from './tiny-models.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-score-'));
  writeFileSync(join(folder, 'models.arch'), text);
  writeFileSync(join(folder, 'broken.arch'), broken);
  writeFileSync(join(folder, 'empty.arch'), 'let width = 3\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fast = ['--setting', 'live', '--seeds', '1', '--index-sets', '2'];

describe('archlens score', () => {
  it('prints a table with how it was made below, and nothing else', async () => {
    const { code, stdout, stderr } = await cli(['score', 'models.arch', ...fast, '--seeds', '2'], {
      cwd: folder,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^model +VKDNW_single +VKDNW \(nats\) +layers +parameters +MACs +time$/);
    expect(lines[1]).toMatch(/^Small +3 layers \+ [01]\.\d{3} ± \d\.\d{3} +[01]\.\d{3} ± \d\.\d{3} +3 +379 /);
    expect(lines[2]).toMatch(/^Larger +/);
    expect(lines.slice(3)).toEqual([
      '',
      'VKDNW_single = layers + VKDNW, higher is better.',
      expect.stringMatching(
        /^onnx-cpu \(onnxruntime-node [\d.]+, CPU, \d+ threads?\); custom: sketch:1, N 64, P 128, M 2, S 2, seed 0$/,
      ) as string,
    ]);
  });

  it('has a word for a model without a name, and an empty name for programs', async () => {
    writeFileSync(join(folder, 'unnamed.arch'), 'model { input 8x8x3 classes 5 }\n');
    const { stdout, stderr } = await cli(['score', 'unnamed.arch'], { cwd: folder });
    expect(stdout.split('\n')[1]).toMatch(/^\(unnamed\) +– +invalid/);
    expect(stderr).toMatch(/^unnamed\.arch \(unnamed\): invalid: /);
    const { stdout: json } = await cli(['score', 'unnamed.arch', '--json'], { cwd: folder });
    expect(JSON.parse(json)).toMatchObject([{ model: '', state: 'failed' }]);
  });

  it('prints an array of objects with all there is to know', async () => {
    const { code, stdout } = await cli(['score', 'models.arch', '--model', 'Larger', '--json', ...fast], {
      cwd: folder,
    });
    expect(code).toBe(0);
    const records = JSON.parse(stdout) as ScoreRecord[];
    expect(records).toHaveLength(1);
    const [record] = records;
    expect(record).toMatchObject({
      file: 'models.arch',
      model: 'Larger',
      state: 'ok',
      task: '8×8×3 → 5',
      vkdnwSe: null,
      layers: 4,
      settings: { estimator: { kind: 'sketch', signs: 1 }, samples: 64, indexSets: 2, seeds: 1, seed: 0 },
      engine: { name: 'onnx-cpu' },
    });
    expect(record!.single).toBeCloseTo(4 + record!.vkdnw!, 12);
    expect(record!.spectrum).toHaveLength(11);
    expect(record!.deciles).toHaveLength(9);
    expect(record!.params).toBe(3 * (3 * 3 * 9 + 6) + 3 * 5 + 5);
    expect(record!.macs).toBeGreaterThan(0);
    expect(record!.milliseconds).toBeGreaterThan(0);
  });

  it('tells on request what every op has to do with the score, as values and as a table', async () => {
    const args = ['score', 'models.arch', '--model', 'Small', '--contributions', '--json', ...fast];
    const { stdout } = await cli(args, { cwd: folder });
    const [record] = JSON.parse(stdout) as ScoreRecord[];
    const insight = record!.insight!;
    if (insight.state !== 'ok') throw new Error(insight.message);
    expect(insight.ops.reduce((sum, { share }) => sum + share.value, 0)).toBeCloseTo(1, 9);
    expect(insight.ops).toHaveLength(8);

    const lines = contributionLines(record!);
    expect(lines[1]).toBe('Contributions to Small');
    expect(lines[2]).toMatch(/^op +in +share of the trace +deciles +entropy without$/);
    const rows = lines.slice(3, lines.indexOf('', 1));
    expect(rows.map((row) => row.split('  ')[0])).toEqual([
      'conv(4, 3x3)',
      'bn',
      'conv(6, 3x3, stride = 2)',
      'bn',
      'dense(5)',
    ]);
    for (const row of rows) expect(row).toMatch(/ [\d.]+ % ± [\d.]+ % {2}[▁▂▃▄▅▆▇█·]{10} +[+−±]\d\.\d{3}/);
    expect(lines.at(-1)).toMatch(
      /^\d+ weights of 8 tensors, sketch:1, N 64, P 8, M 16, S 1, seed 0; entropy over all/,
    );
  });

  it('lets single options override the named setting', async () => {
    const { stdout } = await cli(
      // prettier-ignore
      ['score', 'models.arch', '--model', 'Small', '--json', '--setting', 'paper', '--samples', '16', '--weights', '7',
        '--index-sets', '3', '--seeds', '2', '--seed', '9', '--softmax', 'normalised:3', '--fisher', 'released',
        '--threads', '1'],
      { cwd: folder },
    );
    const [record] = JSON.parse(stdout) as ScoreRecord[];
    expect(record).toMatchObject({
      state: 'ok',
      settings: {
        estimator: { kind: 'exact' },
        samples: 16,
        weights: 7,
        indexSets: 3,
        seeds: 2,
        softmax: { kind: 'normalised', temperature: 3 },
        fisher: 'released',
        seed: 9,
      },
      engine: { threads: 1 },
    });
    expect(record!.spectrum).toHaveLength(7);
    expect(record!.seeds!.map(({ seed }) => seed)).toEqual([9, 10]);
  });

  it('takes other norms and tensors, says so below the table, and refuses what there is not', async () => {
    const args = ['score', 'models.arch', '--model', 'Small', ...fast];
    const { code, stdout } = await cli(
      [...args, '--norm', 'calibrated', '--tensors', 'spread', '--weights', '5'],
      {
        cwd: folder,
      },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/P 5, .*norms calibrated \(not the paper's\), tensors spread/);
    const released = await cli([...args, '--norm', 'released-mbv2', '--json'], { cwd: folder });
    expect(JSON.parse(released.stdout)).toMatchObject([
      { settings: { norm: 'released-mbv2', tensors: 'random' } },
    ]);
    for (const [option, value, remedy] of [
      ['--norm', 'batch', 'use eval, calibrated, released-mbv2'],
      ['--tensors', 'last', 'use first, spread, random'],
    ] as const) {
      const refused = await cli([...args, option, value], { cwd: folder });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(remedy);
    }
  });

  it('keeps going past a model with errors, says why it has no score, and fails', async () => {
    const { code, stdout } = await cli(['score', 'broken.arch', 'models.arch', '--json', ...fast], {
      cwd: folder,
    });
    expect(code).toBe(1);
    const records = JSON.parse(stdout) as ScoreRecord[];
    expect(records.map(({ model, state }) => [model, state])).toEqual([
      ['Broken', 'failed'],
      ['Small', 'ok'],
      ['Larger', 'ok'],
    ]);
    expect(records[0]).toMatchObject({
      reason: 'invalid',
      task: null,
      vkdnw: null,
      single: null,
      spectrum: null,
    });
    expect(records[0]!.message).toMatch(/^broken\.arch:5:16 .*clases/);
  });

  it('names the state of a network without a score', async () => {
    const { code, stdout } = await cli(
      ['score', 'models.arch', '--json', '--estimator', 'exact', '--samples', '2'],
      { cwd: folder },
    );
    expect(code).toBe(1);
    const [record] = JSON.parse(stdout) as ScoreRecord[];
    expect(record).toMatchObject({
      state: 'failed',
      reason: 'settings',
      vkdnw: null,
      layers: 3,
      params: 379,
    });
    expect(record!.message).toMatch(/at least 8 samples/);
  });

  it.each([
    // No model has a score with it.
    [
      ['--samples', '16'],
      /N·R = 16·1 is below 32, where the score inverts\. Use at least 32 samples, or sketch:2/,
    ],
    [['--samples', 'many'], /--samples.*'many' is not possible; use a whole number from 1 to 4096/],
    [['--estimator', 'sketch'], /--estimator.*sketch:R with R from 1/],
    [['--softmax', 'hard'], /--softmax.*normalised:T/],
    [['--fisher', 'code'], /--fisher.*paper or released/],
    [['--setting', 'fast'], /--setting.*live, settled, paper/],
    [['--engine', 'gpu'], /--engine.*auto, .*onnx-cpu, tfjs-wasm/],
    [['--threads', '0'], /--threads.*from 1 to 256/],
    [['--memory-limit', '12'], /--memory-limit.*512MB or 4GB, at least 256MB/],
    [['--memory-limit', '0.2GB'], /--memory-limit.*at least 256MB/],
    [['--colour'], /unknown option '--colour'/],
    [['--model', 'Missing'], /no model 'Missing'. The models are: Small, Larger\./],
  ])('refuses %j and says what can be given', async (args, message) => {
    const { code, stdout, stderr } = await cli(['score', 'models.arch', ...args], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('says when there is nothing to score', async () => {
    const { code, stderr } = await cli(['score', 'empty.arch'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/no model in empty\.arch/);
  });

  it('says what to do with a file of spaces alone', async () => {
    writeFileSync(
      join(folder, 'space.arch'),
      'space Mobile {\n  input 8x8x3\n  classes 5\n  conv(choice(4, 8), 3x3)\n  gap -> dense(classes)\n}\n',
    );
    for (const command of ['score', 'rank']) {
      const { code, stderr } = await cli([command, 'space.arch', ...fast], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /no model in space\.arch\..*a space \(Mobile\).*write the member to be scored as a model, with one option in the place of each `choice\(…\)`/,
      );
    }
  });

  // Only Linux tells of a process's children without another program.
  it.runIf(process.platform === 'linux')('ends on Ctrl-C without a result', async () => {
    const { code, stdout, stderr } = await cli(['score', 'models.arch', '--seeds', '1000'], {
      cwd: folder,
      interruptWhen: hasChild,
    });
    expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: '', stderr: 'Cancelled.\n' });
  });
});

describe('the program', () => {
  it('says how it is called', async () => {
    const help = await cli(['--help']);
    expect(help.code).toBe(0);
    for (const command of ['check', 'score', 'rank', 'lsp']) {
      expect(help.stdout).toContain(`  ${command} `);
    }
    expect((await cli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await cli(['fly'])).code).toBe(2);
  });
});
