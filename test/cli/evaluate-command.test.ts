import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMessage } from '../../server/evaluation/stream.ts';
import { cli } from './run-cli.ts';

const table = `net,good,loss,gaps,accuracy
a,1,4,,60
b,2,3,1,70
c,3,2,2,80
d,4,1,nan,90
`;

function genotype(a: string, b: string): string {
  return `|${a}~0|+|none~0|${b}~1|+|none~0|none~1|skip_connect~2|`;
}

const benchmark = `genotype,reachable,accuracy
${genotype('nor_conv_1x1', 'skip_connect')},1,60
${genotype('skip_connect', 'skip_connect')},1,50
${genotype('nor_conv_3x3', 'skip_connect')},1,70
${genotype('nor_conv_1x1', 'skip_connect')},1,61
${genotype('none', 'none')},0,10
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-evaluate-'));
  writeFileSync(join(folder, 'table.csv'), table);
  writeFileSync(join(folder, 'benchmark.csv'), benchmark);
  const truncated = benchmark.split('\n').toSpliced(2, 0, '|none~0|+|none~0|none~1|,1,60').join('\n');
  writeFileSync(join(folder, 'truncated.csv'), truncated);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function evaluate(...args: readonly string[]) {
  return await cli(['evaluate', ...args, '--target', 'accuracy'], { cwd: folder });
}

interface Printed {
  readonly networks: number;
  readonly notes: readonly string[];
  readonly scores: readonly {
    readonly name: string;
    readonly networks: number;
    readonly metrics: readonly { readonly name: string; readonly value: number | null }[];
  }[];
}

function taus(stdout: string): Record<string, number | null> {
  const { scores } = JSON.parse(stdout) as Printed;
  return Object.fromEntries(scores.map(({ name, metrics }) => [name, metrics[0]!.value]));
}

describe('the table of the examples', () => {
  const networks = join(import.meta.dirname, '../../examples/benchmarks/nasbench201.csv');
  const target = ['--target', 'cifar10_test_acc'];

  it('has scores to be judged', async () => {
    const run = await cli([
      'evaluate',
      '--scores',
      networks,
      '--score',
      'cifar10_params_m',
      ...target,
      '--json',
    ]);
    expect(run.code).toBe(0);
    // By SciPy.
    expect(taus(run.stdout)['cifar10_params_m']).toBeCloseTo(0.6334223578664858, 9);
  });

  it('has networks to be scored', async () => {
    const proxies = ['--proxies', 'params'];
    const run = await cli(['evaluate', '--benchmark', networks, ...proxies, ...target, '--json']);
    expect(run.code).toBe(0);
    expect((JSON.parse(run.stdout) as Printed).networks).toBe(1000);
    expect(taus(run.stdout)['params']).toBeCloseTo(0.6334223578664858, 9);
  });
});

describe('archlens evaluate --scores', () => {
  it('judges several columns, those of which less is better too', async () => {
    const args = ['--scores', 'table.csv', '--score', 'good', '--score', 'loss', '--lower', 'loss'];
    const { code, stdout } = await evaluate(...args, '--json');
    expect(code).toBe(0);
    expect(taus(stdout)).toEqual({ good: 1, loss: 1 });
    const { stdout: text } = await evaluate(...args, '--top', '2', '--resamples', '20');
    const lines = text.split('\n');
    expect(lines[0]).toMatch(/^score +Kendall tau-b +Spearman rho +nDCG@4 +precision@2 +best of top 2$/);
    expect(lines[1]).toMatch(/^good +1\.000 \[1\.000, 1\.000\]/);
    expect(lines[2]).toMatch(/^loss \(less is better\) +1\.000/);
    expect(text).toMatch(/4 networks of table\.csv, against accuracy\..* 20 bootstrap resamples, seed 0/);
  });

  it('judges each column on the networks that have it, and names the others', async () => {
    writeFileSync(join(folder, 'table.csv'), `${table}e,5,0,3,95\nf,6,0,9,\n`);
    const args = ['--scores', 'table.csv', '--score', 'good', 'gaps'];
    const { stdout } = await evaluate(...args);
    expect(stdout).toMatch(/5 networks of table\.csv/);
    expect(stdout).toMatch(/^good {2}/m);
    expect(stdout).toMatch(/^gaps \(3 networks\) {2}/m);
    expect(stdout).toMatch(/Left out: 1 network without a number in "accuracy" \(line 7\)\./);
    expect(stdout).toMatch(/Left out of its row: 2 networks without a number in "gaps" \(lines 2, 5\)\./);
    const alone = await evaluate('--scores', 'table.csv', '--score', 'good', '--json');
    const both = await evaluate(...args, '--json');
    expect(taus(both.stdout)['good']).toBe(taus(alone.stdout)['good']);
    expect((JSON.parse(both.stdout) as Printed).scores.map(({ networks }) => networks)).toEqual([5, 3]);
  });

  it('writes CSV and SVG', async () => {
    const args = ['--scores', 'table.csv', '--score', 'good', '--csv', '--svg', 'out.svg'];
    const { stdout } = await evaluate(...args);
    expect(stdout.split('\r\n').slice(0, 2)).toEqual([
      'score,better,metric,value,low,high,networks,target,reason',
      'good,higher,Kendall tau-b,1,1,1,4,accuracy,',
    ]);
    const svg = readFileSync(join(folder, 'out.svg'), 'utf8');
    expect(svg.match(/<circle /g)).toHaveLength(4);
    expect(svg).toMatch(/<title>good: Kendall tau-b 1\.000<\/title>/);
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  it.each([
    [['--scores', 'table.csv', '--score', 'net'], /table\.csv:2: column "net": "a" is not a number\./],
    [['--scores', 'table.csv', '--score', 'goood'], /has no column "goood"\. Did you mean "good"\?/],
    [['--scores', 'table.csv', '--score', 'gaps'], /Only 2 rows of table\.csv can be used[^]*lines 2, 5/],
    [['--scores', 'table.csv'], /Name the columns to judge with --score COLUMN\./],
    [['--scores', 'none.csv', '--score', 'good'], /none\.csv cannot be read: there is no such file\./],
    [['--scores', 'table.csv', '--score', 'good', '--where', 'net=z'], /has no rows with net=z\./],
    [['--scores', 'table.csv', '--score', 'good', '--where', 'net'], /write COLUMN=TEXT/],
    [['--score', 'good'], /Say what to evaluate: --scores FILE/],
    [['--benchmark', 'benchmark.csv', '--proxies', 'parms'], /Did you mean params\?/],
    [['--benchmark', 'table.csv', '--genotype', 'net'], /table\.csv:2: genotype a: node 1 must be written/],
    [
      ['--benchmark', 'truncated.csv'],
      /truncated\.csv:3: genotype \|none~0\|\+\|none~0\|none~1\|: it has 3 edges, but a cell of NAS-Bench-201 has 6/,
    ],
  ])('explains %j', async (args, message) => {
    const { code, stderr } = await evaluate(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

const free = ['--benchmark', 'benchmark.csv', '--proxies', 'params,macs', 'layers'];

describe('archlens evaluate --benchmark', () => {
  it('computes proxies and aggregates, equal networks once', async () => {
    const args = [...free, '--where', 'reachable=1', '--aggregate', 'layers+macs'];
    const { code, stdout } = await evaluate(...args, '--journal', 'run.journal', '--values', 'values.csv');
    expect(code).toBe(0);
    expect(stdout).toMatch(/4 networks of benchmark\.csv/);
    expect(stdout).toMatch(/1 of them are the same as others\./);
    expect(readFileSync(join(folder, 'run.journal'), 'utf8').trim().split('\n')).toHaveLength(1 + 3);
    const values = readFileSync(join(folder, 'values.csv'), 'utf8').trim().split('\r\n');
    expect(values[0]).toBe('genotype,accuracy,params,macs,layers,layers+macs');
    expect(values).toHaveLength(5);
    const again = await cli(
      ['evaluate', '--scores', 'values.csv', '--score', 'layers+macs', '--target', 'accuracy', '--json'],
      { cwd: folder },
    );
    const direct = await evaluate(...args, '--json');
    expect(taus(again.stdout)['layers+macs']).toBe(taus(direct.stdout)['layers+macs']);
  });

  it('takes an aggregate apart, and compares settings', async () => {
    const args = [...free, '--where', 'reachable=1', '--ablation', 'layers+macs+params'];
    const { stdout } = await evaluate(...args, '--json');
    expect(Object.keys(taus(stdout))).toEqual([
      ...['params', 'macs', 'layers'],
      ...['layers+macs+params − layers', 'layers+macs+params − macs', 'layers+macs+params − params'],
      ...['layers+macs', 'layers+params', 'macs+params'],
    ]);
  });

  it('streams progress and the evaluation for a program', async () => {
    const { stdout } = await evaluate(...free, '--stream');
    const messages = stdout.trim().split('\n').map(readMessage);
    expect(messages.map((message) => message?.kind)).toEqual([
      ...['progress', 'progress', 'progress', 'progress'],
      'evaluation',
    ]);
    const last = messages.at(-1);
    expect(last?.kind === 'evaluation' && last.evaluation.targets).toEqual([60, 50, 70, 61, 10]);
  });

  it('learns from some networks, and says when there are too few', async () => {
    const { code, stderr } = await evaluate(...free, '--learn', '4');
    expect(code).toBe(2);
    expect(stderr).toMatch(/There are 5 networks; learning from 4 of them leaves too few/);
  });

  it('takes the same sample for the same seed', async () => {
    const rows = async (seed: string) => {
      await evaluate(...free, '--sample', '3', '--seed', seed, '--values', 'values.csv');
      return readFileSync(join(folder, 'values.csv'), 'utf8');
    };
    const first = await rows('1');
    expect(await rows('1')).toBe(first);
    expect(first.trim().split('\r\n')).toHaveLength(4);
  });

  const scored = [
    ...['--benchmark', 'benchmark.csv', '--proxies', 'vkdnw', 'params', '--dataset', 'imagenet16-120'],
    ...['--setting', 'live', '--index-sets', '1', '--no-store'],
  ];

  it('leaves a network without a score out of its row alone, says why, and has it last in sums of ranks', async () => {
    const args = [...scored, '--aggregate', 'vkdnw+params', '--values', 'values.csv'];
    const { stdout } = await evaluate(...args);
    expect(stdout).toMatch(/5 networks of benchmark\.csv/);
    expect(stdout).toMatch(/^vkdnw \(4 networks\) {2}/m);
    expect(stdout).toMatch(/^params {2}/m);
    expect(stdout).toMatch(/Left out of its row: 1 network without vkdnw, the first on line 6: no-signal: /);
    const values = readFileSync(join(folder, 'values.csv'), 'utf8').trim().split('\r\n');
    expect(values[0]).toBe('genotype,accuracy,vkdnw,params,vkdnw+params,missing');
    const last = values.at(-1)!.split(',');
    expect(last[5]).toMatch(/^"?vkdnw: no-signal: /);
    expect(values[1]).toMatch(/,$/);
    // The fewest parameters, shared with another network: rank 1 by VKDNW, the mean of two places by size.
    expect([last[2], Number(last[4])]).toEqual(['', Math.log(1) + Math.log(1.5)]);
    const again = ['evaluate', '--scores', 'values.csv', '--target', 'accuracy', '--json'];
    const direct = await evaluate(...args, '--json');
    const { stdout: kept } = await cli([...again, '--score', 'vkdnw', 'params', 'vkdnw+params'], {
      cwd: folder,
    });
    const metricsOf = (text: string) => (JSON.parse(text) as Printed).scores;
    expect(metricsOf(kept)).toEqual(metricsOf(direct.stdout));
  });

  it('goes on after a kill, and ends with the same table', async () => {
    const whole = await evaluate(...scored, '--json');
    const main = join(import.meta.dirname, '../../server/cli/main.ts');
    const journal = join(folder, 'run.journal');
    const args = ['evaluate', ...scored, '--target', 'accuracy', '--json', '--journal', journal];
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: 'ignore' });
    const done = (): number =>
      existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 2 : 0;
    await expect.poll(done, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const kept = readFileSync(journal, 'utf8');
    const { stdout } = await cli(args, { cwd: folder });
    expect(stdout).toBe(whole.stdout);
    expect(readFileSync(journal, 'utf8').startsWith(kept)).toBe(true);
    expect(done()).toBe(4);
  });

  it('refuses a journal of other settings', async () => {
    await evaluate(...free, '--journal', 'run.journal');
    const { code, stderr } = await evaluate(...free, '--journal', 'run.journal', '--dataset', 'cifar100');
    expect(code).toBe(2);
    expect(stderr).toMatch(/run\.journal was made with other settings: cifar10; .* now: cifar100; /);
  });
});
