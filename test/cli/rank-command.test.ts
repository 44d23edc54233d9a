import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScoreRecord } from '../../server/cli/reports/record.ts';
import type { RankRange } from '../../server/ranking/rank-range.ts';
import { cli } from './run-cli.ts';
import { brokenModel as broken, tinyModels as models } from './tiny-models.ts';

const fast = ['--setting', 'live', '--seeds', '1', '--index-sets', '2', '--no-store'];

/** Of another task. */
const tall = models
  .replace(/model Larger[^]*/, '')
  .replace('Small', 'Tall')
  .replace('8x8x3', '16x8x3')
  .replace(' -> conv(6, 3x3, stride = 2) -> bn -> relu', '');

/** Nothing reaches its output. */
const silent = `
model Silent {
  input 8x8x3
  classes 5
  conv(8, 3x3) -> none -> gap -> dense(classes, bias = false)
}
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-rank-'));
  writeFileSync(join(folder, 'models.arch'), models);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function rank(...args: readonly string[]) {
  return await cli(['rank', ...fast, ...args], { cwd: folder });
}

type RankRecord = ScoreRecord & {
  readonly rank: RankRange | null;
  readonly ranked: number | null;
  readonly rankedTasks: readonly string[] | null;
  readonly missing: Readonly<Record<string, string>>;
};

/** The lines of comma-separated values, by their titles. */
function fieldsOf(csv: string): readonly ReadonlyMap<string, string>[] {
  const [titles = [], ...rows] = parse(csv);
  return rows.map((row) => new Map(row.map((field, index) => [titles[index]!, field])));
}

async function ranked(...args: readonly string[]): Promise<readonly RankRecord[]> {
  const { stdout } = await rank(...args, '--json');
  return JSON.parse(stdout) as RankRecord[];
}

describe('archlens rank', () => {
  it('puts the best first and the failures below', async () => {
    writeFileSync(join(folder, 'broken.arch'), broken);
    const { code, stdout } = await rank('.');
    expect(code).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^# {2}model +VKDNW_single +VKDNW \(nats\) .* file$/);
    expect(lines[1]).toMatch(/^1 {2}Larger +4 layers \+ [01]\.\d{3} .* 8×8×3 → 5 +models\.arch$/);
    expect(lines[2]).toMatch(/^2 {2}Small +3 layers \+ [01]\.\d{3} .* 8×8×3 → 5 +models\.arch$/);
    expect(stdout).toMatch(/Without a score:\n {2}broken\.arch Broken: invalid: broken\.arch:5:16 /);
    expect(stdout).toMatch(/Ranked by VKDNW_single = layers \+ VKDNW, higher is better\./);
    expect(stdout).toMatch(/One seed of few index sets has no standard error/);
  });

  it('keeps the ranks when sorted by something else', async () => {
    const records = await ranked('models.arch', '--sort', 'params');
    expect(records.map(({ model, rank: range }) => [model, range?.best])).toEqual([
      ['Larger', 1],
      ['Small', 2],
    ]);
    expect(records[0]!.params).toBeLessThan(records[1]!.params!);
    // One name, and the former one.
    const singles = await Promise.all(
      ['vkdnw_single', 'single'].map((name) => ranked('models.arch', '--sort', name)),
    );
    expect(singles[0]!.map(({ model }) => model)).toEqual(singles[1]!.map(({ model }) => model));
    for (const record of singles[0]!) expect(record.vkdnw_single).toBe(record.single);
    const byName = await ranked('models.arch', '--sort', 'model');
    expect(byName.map(({ rank: range }) => range)).toEqual([
      { best: 1, worst: 1 },
      { best: 2, worst: 2 },
    ]);
  });

  it('sorts by the uncertainty of several seeds', async () => {
    const records = await ranked('models.arch', '--sort', 'uncertainty', '--seeds', '3');
    const [first, second] = records.map(({ vkdnwSe }) => vkdnwSe!);
    expect(first).toBeGreaterThan(second!);
  });

  it('ties models that are the same network', async () => {
    writeFileSync(
      join(folder, 'twin.arch'),
      models.replaceAll('Small', 'Twin').replace(/model Larger[^]*/, ''),
    );
    const records = await ranked('.');
    expect(records.map(({ model, rank: range }) => [model, range])).toEqual([
      ['Larger', { best: 1, worst: 1 }],
      ['Small', { best: 2, worst: 3 }],
      ['Twin', { best: 2, worst: 3 }],
    ]);
  });

  it('shows proxies and aggregates as columns, and sorts by them', async () => {
    const { code, stdout } = await rank(
      'models.arch',
      ...['--proxies', 'l2_norm,naswot', '--aggregate', 'mine=l2_norm+macs', '--sort', 'l2_norm'],
    );
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/MACs +l2_norm +naswot +mine +family +task +file$/);
    const values = lines.slice(1, 3).map((line) => Number(/K +(\d\.\d+) /.exec(line)?.[1]));
    expect(values[0]).toBeGreaterThan(values[1]!);
    expect(stdout).toMatch(/Sorted by L2 norm, highest first\./);
    expect(stdout).toMatch(/mine: Σ ln rank by l2_norm, macs/);
    expect(stdout).toMatch(/Proxies: onnx-cpu \(.*\) · seed 0 · version \d+\./);
  });

  it('finds proxies in the store, and has them in CSV and JSON', async () => {
    const args = [
      'rank',
      'models.arch',
      '--setting',
      'live',
      '--seeds',
      '1',
      '--index-sets',
      '2',
      '--proxies',
      'l2_norm',
    ];
    const env = { ARCHLENS_STORE: join(folder, 'store') };
    const first = await cli([...args, '--csv'], { cwd: folder, env });
    const [titles, row] = first.stdout.split('\r\n').map((line) => line.split(','));
    expect(titles!.at(-1)).toBe('l2_norm');
    const value = Number(row!.at(-1));
    expect(value).toBeGreaterThan(0);
    const kept = readdirSync(join(folder, 'store', 'proxies'), { recursive: true, encoding: 'utf8' });
    expect(kept.filter((name) => name.endsWith('.json'))).toHaveLength(2);
    const again = await cli([...args, '--json'], { cwd: folder, env });
    const [record] = JSON.parse(again.stdout) as { proxies: { values: Record<string, number> } }[];
    expect(record!.proxies.values['l2_norm']).toBe(value);
  });

  it.each([
    [['--proxies', 'naswt'], /Did you mean naswot\?/],
    [['--sort', 'naswot'], /'naswot' is not a column; sort by vkdnw_single, .*--proxies names it/],
    [['--aggregate', 'macs'], /'macs' is not an aggregate/],
  ])('explains what is wrong with %j', async (args, message) => {
    const { code, stderr } = await rank('models.arch', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('leaves out what is over a budget', async () => {
    const records = await ranked('models.arch', '--max-params', '0.3K');
    expect(records.map(({ model, ranked: of }) => [model, of])).toEqual([['Larger', 1]]);
    const table = await rank('models.arch', '--max-macs', '1K');
    expect(table.stdout).toMatch(/2 models over a budget, or of another task or family, not ranked\./);
    expect((await rank('models.arch', '--max-macs', 'lots')).stderr).toMatch(
      /'lots' is not an amount; write/,
    );
  });

  it('ranks each task by itself, unless they are merged', async () => {
    writeFileSync(join(folder, 'tall.arch'), tall);
    const places = (records: readonly RankRecord[]) =>
      records.map(({ model, task, rank: range, ranked: of }) => [model, task, range?.best, of]);
    const apart = await ranked('.');
    expect(places(apart)).toEqual([
      ['Larger', '8×8×3 → 5', 1, 2],
      ['Small', '8×8×3 → 5', 2, 2],
      ['Tall', '16×8×3 → 5', 1, 1],
    ]);
    expect(apart[2]!.rankedTasks).toEqual(['16×8×3 → 5']);
    const table = (await rank('.')).stdout;
    expect(table).toMatch(/^1 {2}Tall .* 16×8×3 → 5 +tall\.arch$/m);
    expect(table).toMatch(/^16×8×3 → 5; onnx-cpu /m);
    expect(table).toMatch(/ranked apart; --merge-tasks ranks them together\.$/m);

    const merged = await ranked('.', '--merge-tasks');
    expect(places(merged).map(([model, , best, of]) => [model, best, of])).toEqual([
      ['Larger', 1, 3],
      ['Small', 2, 3],
      ['Tall', 3, 3],
    ]);
    expect(merged[0]!.rankedTasks).toEqual(['8×8×3 → 5', '16×8×3 → 5']);
    const mergedTable = (await rank('.', '--merge-tasks')).stdout;
    expect(mergedTable).toMatch(/^8×8×3 → 5 \+ 16×8×3 → 5; onnx-cpu /m);
    expect(mergedTable).toMatch(/^Tasks are merged: .* no rivals\.$/m);
    const [first] = fieldsOf((await rank('.', '--merge-tasks', '--csv')).stdout);
    expect(first!.get('ranked_tasks')).toBe('8×8×3 → 5 + 16×8×3 → 5');
  });

  it('claims no order where nothing has a score', async () => {
    writeFileSync(join(folder, 'broken.arch'), broken);
    const { code, stdout } = await rank('broken.arch');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Without a score:\n {2}broken\.arch \w+: invalid: .*\n$/);
  });

  it('takes the models of one task, and scores no others', async () => {
    writeFileSync(join(folder, 'tall.arch'), tall);
    const { stdout } = await rank('.', '--task', '16x8x3:5');
    expect(stdout).toMatch(/^1 {2}Tall /m);
    expect(stdout).not.toMatch(/Larger|Small/);
    expect(stdout).toMatch(/2 models over a budget, or of another task or family, not ranked\./);
    const wrong = await rank('.', '--task', '16x8:5');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/There is no model for 16×8 → 5\. The tasks are: 8×8×3 → 5, 16×8×3 → 5\./);
    expect((await rank('.', '--task', 'cifar')).stderr).toMatch(/'cifar' is not a task; write/);
  });

  it('has a reason for everything that is missing', async () => {
    writeFileSync(join(folder, 'broken.arch'), broken);
    writeFileSync(join(folder, 'silent.arch'), silent);
    const proxies = ['--proxies', 'expressivity,naswot'];
    const rows = fieldsOf((await rank('.', '--csv', ...proxies)).stdout);
    expect(rows.map((row) => [row.get('model'), row.get('state'), row.get('reason')])).toEqual([
      ['Larger', 'scored', ''],
      ['Small', 'scored', ''],
      ['Broken', 'invalid', 'invalid'],
      ['Silent', 'failed', 'no-signal'],
    ]);
    for (const row of rows) {
      const isBlank = (title: string): boolean => row.get(title) === '';
      if (isBlank('vkdnw')) expect(row.get('message')).not.toBe('');
      for (const title of ['expressivity', 'naswot'])
        if (isBlank(title)) expect(row.get('missing')).toMatch(new RegExp(`\\b${title}: .`));
    }
    expect(rows[1]!.get('missing')).toMatch(
      /^vkdnw_se: one seed of few index sets has no standard error; expressivity: not-app/,
    );

    const records = await ranked('.', ...proxies);
    expect(records.map(({ model, reason, task }) => [model, reason, task])).toEqual([
      ['Larger', undefined, '8×8×3 → 5'],
      ['Small', undefined, '8×8×3 → 5'],
      ['Broken', 'invalid', null],
      ['Silent', 'no-signal', '8×8×3 → 5'],
    ]);
    expect(records[1]!.missing).toMatchObject({
      vkdnw_se: 'one seed of few index sets has no standard error',
      expressivity: expect.stringMatching(/^not-applicable: /) as string,
    });
  });

  it('takes the files of a folder that the globs want', async () => {
    mkdirSync(join(folder, 'drafts'));
    writeFileSync(join(folder, 'drafts/draft.arch'), models);
    const all = await ranked('.');
    expect(all).toHaveLength(4);
    const without = await ranked('.', '--exclude', 'drafts');
    expect(without.map(({ file }) => file)).toEqual(['models.arch', 'models.arch']);
    const only = await ranked('.', '--include', 'drafts/**');
    expect(only.map(({ file }) => file)).toEqual(['drafts/draft.arch', 'drafts/draft.arch']);
  });

  it('prints comma-separated values', async () => {
    const { stdout } = await rank('models.arch', '--csv');
    const lines = stdout.split('\r\n');
    expect(lines[0]).toMatch(/^rank_best,rank_worst,ranked,model,/);
    expect(lines[1]).toMatch(/^1,1,2,Larger,models\.arch,scored,/);
    expect(lines).toHaveLength(4);
  });

  it('ranks again when a file changes, until Ctrl-C', async () => {
    const main = join(import.meta.dirname, '../../server/cli/main.ts');
    const child = spawn(process.execPath, [main, 'rank', '.', '--watch', '--csv', ...fast], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const rankings = () => output.split('rank_best').slice(1);
    await expect.poll(() => rankings().length).toBe(1);
    writeFileSync(
      join(folder, 'third.arch'),
      models.replace('Small', 'Third').replace(/model Larger[^]*/, ''),
    );
    await expect.poll(() => rankings().at(-1)).toMatch(/,Third,third\.arch,scored/);
    rmSync(join(folder, 'models.arch'));
    await expect.poll(() => rankings().at(-1)).not.toMatch(/Larger/);
    expect(rankings().at(-1)).toMatch(/^[^]*1,1,1,Third/);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
  });
});
