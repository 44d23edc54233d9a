import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCode, exitMeanings } from '../../server/base/exit-codes.ts';
import { childrenOf, hasChild, isAlive } from '../support/processes.ts';
import { cli, type CliOptions } from './run-cli.ts';

const isWindows = process.platform === 'win32';
const root = join(import.meta.dirname, '../..');
const main = join(root, 'server/cli/main.ts');
const good = 'model M {\n  input 8x8x3\n  classes 4\n  conv(4, 3x3) -> relu -> gap -> dense(classes)\n}\n';
const fast = ['--setting', 'live', '--engine', 'onnx-cpu'];
const long = [...fast, '--seeds', '1000'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-exit-'));
  writeFileSync(join(folder, 'good.arch'), good);
  writeFileSync(join(folder, 'bad.arch'), good.replace('relu', 'unknown'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (args: readonly string[], options: CliOptions = {}) => cli(args, { cwd: folder, ...options });

it('are those of the page', () => {
  const page = readFileSync(join(root, 'docs/command-line.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, meaning]) => [
    Number(code),
    meaning,
  ]);
  const names = Object.keys(exitCode) as (keyof typeof exitCode)[];
  expect(rows).toEqual(names.map((name) => [exitCode[name], exitMeanings[name]]));
});

describe('a command ends with', () => {
  it.each([
    [exitCode.ok, ['check', 'good.arch']],
    [exitCode.failed, ['check', '.']],
    [exitCode.failed, ['format', '--check', 'bad.arch', 'good.arch']],
    [exitCode.failed, ['score', 'bad.arch', ...fast]],
    [exitCode.usage, ['check', 'missing.arch']],
    [exitCode.usage, ['check', '--unheard']],
    [exitCode.usage, ['fly']],
  ])('%i: %j', async (code, args) => {
    writeFileSync(join(folder, 'bad.arch'), good.replace('relu', 'unknown').replace('  input', ' input'));
    expect((await run(args)).code).toBe(code);
  });

  // The device that is always full is there on Linux alone.
  it.runIf(process.platform === 'linux')('74 and a word when the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      for (const args of [['check', '.'], ['proxies'], ['proxies', '--json'], ['--help']]) {
        const child = spawn(process.execPath, [main, ...args], {
          cwd: folder,
          stdio: ['ignore', full, 'pipe'],
        });
        const [said] = await Promise.all([text(child.stderr!), once(child, 'close')]);
        const code = child.exitCode;
        expect({ args, code }).toEqual({ args, code: exitCode.output });
        expect(said).toContain('error: standard output cannot be written: the disk is full.\n');
      }
    } finally {
      closeSync(full);
    }
  });

  it.skipIf(isWindows)('74 when the disk takes a part of the text', () => {
    // The system takes what is below the largest size of a file, without an error, as a disk does that is nearly full.
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', 'ulimit -f 1; exec "$0" "$@" > part.json', process.execPath, main, 'proxies', '--json'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(statSync(join(folder, 'part.json')).size).toBe(1024);
    expect(status).toBe(exitCode.output);
    expect(stderr).toContain('standard output cannot be written');
  });

  it.skipIf(isWindows)('141 when who reads has gone, errors or not', async () => {
    for (const args of [['check', '.'], ['check', 'good.arch', 'bad.arch'], ['proxies']]) {
      const child = spawn(process.execPath, [main, ...args], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      child.stdout.destroy();
      expect(await once(child, 'exit')).toEqual([exitCode.brokenPipe, null]);
    }
  });

  it('its own code when standard error is gone', async () => {
    const child = spawn(process.execPath, [main, 'check', '.'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.destroy();
    child.stdout.resume();
    expect(await once(child, 'exit')).toEqual([exitCode.failed, null]);
  });
});

describe.runIf(process.platform === 'linux')('a command that a signal cuts short', () => {
  it.each([
    ['SIGINT', exitCode.interrupted],
    ['SIGTERM', exitCode.terminated],
  ] as const)('ends with the code of %s, and says what is kept', async (signal, code) => {
    const kept = { ARCHLENS_STORE: join(folder, 'store') };
    const note = 'Cancelled. What was scored is kept: the same command goes on from there.\n';
    const commands = [
      [['score', 'good.arch', ...long], kept, note],
      [['rank', 'good.arch', ...long], kept, note],
      [['rank', 'good.arch', ...long], {}, 'Cancelled.\n'],
      [['whatif', 'good.arch', '--at', '4:3', ...long], kept, note],
      [['whatif', 'good.arch', '--at', '4:3', ...long, '--no-store'], kept, 'Cancelled.\n'],
      [['plot', 'good.arch', '-o', '-', ...long, '--no-store'], kept, 'Cancelled.\n'],
    ] as const;
    for (const [args, env, said] of commands) {
      const outcome = await run(args, { signal, interruptWhen: hasChild, env });
      expect({ args, ...outcome }).toEqual({ args, code, stdout: '', stderr: said });
    }
  });

  it.each([
    ['SIGINT', exitCode.interrupted],
    ['SIGTERM', exitCode.terminated],
  ] as const)('ends engines and improve with the code of %s', async (signal, code) => {
    const kept = { ARCHLENS_STORE: join(folder, 'store') };
    const note = 'Cancelled. What was scored is kept: the same command goes on from there.\n';
    const stopped = (args: readonly string[], env = {}) =>
      run(args, { signal, interruptWhen: hasChild, env });
    expect(await stopped(['engines'])).toEqual({ code, stdout: '', stderr: 'Cancelled.\n' });
    // It prints the steps it has taken, of which there are none, and what it has come to.
    const improve = ['improve', 'good.arch', '--output', 'better.arch', ...long];
    const printed = expect.stringMatching(/^M: 128 parameters, [\d,.]+ \w* ?MACs\n/) as unknown;
    expect(await stopped(improve, kept)).toEqual({ code, stdout: printed, stderr: note });
    expect(await stopped([...improve, '--no-store'], kept)).toEqual({
      code,
      stdout: printed,
      stderr: 'Cancelled.\n',
    });
    const json = await stopped([...improve, '--json', '--no-store']);
    expect(json).toMatchObject({ code, stderr: 'Cancelled.\n' });
    expect(JSON.parse(json.stdout)).toMatchObject({ model: 'M', end: 'cancelled', steps: [], text: good });
    expect(existsSync(join(folder, 'better.arch'))).toBe(false);
  });

  it('ends an evaluation, which says how it goes on', async () => {
    const cell = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|';
    const rows = Array.from({ length: 12 }, (_, index) => `${cell},${index}`);
    writeFileSync(join(folder, 'table.csv'), `genotype,accuracy\n${rows.join('\n')}\n`);
    const args = [
      'evaluate',
      '--benchmark',
      'table.csv',
      '--target',
      'accuracy',
      ...long,
      '--processes',
      '1',
    ];
    const outcome = await run([...args, '--journal', 'a.journal'], {
      signal: 'SIGTERM',
      interruptWhen: hasChild,
    });
    expect(outcome).toEqual({
      code: exitCode.terminated,
      stdout: '',
      stderr: 'Cancelled. What was computed is in a.journal: the same command goes on from there.\n',
    });
  });

  it('leaves no engine behind, however it ended', async () => {
    for (const signal of ['SIGHUP', 'SIGKILL', 'SIGTERM'] as const) {
      let engine = 0;
      await run(['score', 'good.arch', ...long], {
        signal,
        interruptWhen: (pid) => {
          [engine = 0] = childrenOf(pid);
          return engine > 0;
        },
      });
      await expect.poll(() => isAlive(engine)).toBe(false);
    }
  });
});
