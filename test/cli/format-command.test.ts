import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from './run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-format-'));
  writeFileSync(join(folder, 'good.arch'), 'let a = 1\n');
  writeFileSync(join(folder, 'untidy.arch'), 'let  a=1');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const untidy = (): string => readFileSync(join(folder, 'untidy.arch'), 'utf8');

describe('archlens format', () => {
  it('writes what it formats, and names it', async () => {
    const { code, stdout, stderr } = await cli(['format', '.'], { cwd: folder });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'untidy.arch\n',
      stderr: '2 files, 1 formatted\n',
    });
    expect(untidy()).toBe('let a = 1\n');
  });

  it('checks without writing', async () => {
    const { code, stdout, stderr } = await cli(['format', '--check', '.'], { cwd: folder });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: 'untidy.arch\n',
      stderr: '2 files, 1 not formatted\n',
    });
    expect(untidy()).toBe('let  a=1');
    expect((await cli(['format', '--check', 'good.arch'], { cwd: folder })).code).toBe(0);
  });

  it('says where it has left something', async () => {
    writeFileSync(join(folder, 'broken.arch'), 'model  M {');
    const { code, stderr } = await cli(['format', 'broken.arch'], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toContain('broken.arch: left as it is where it has syntax errors');
  });

  it('takes standard input alone', async () => {
    const { code, stderr } = await cli(['format', '-', 'good.arch'], { cwd: folder });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: Standard input (-) is formatted alone, without other files.\n',
    });
    expect(await cli(['format', '-'], { cwd: folder })).toMatchObject({ code: 0, stdout: '' });
    expect(await cli(['format', '-'], { cwd: folder, input: 'let  b=2' })).toMatchObject({
      code: 0,
      stdout: 'let b = 2\n',
    });
  });
});

describe('archlens check', () => {
  const check = (...args: string[]) => cli(['check', 'lint.arch', ...args], { cwd: folder });

  it('lints, and fails for warnings above a number', async () => {
    writeFileSync(
      join(folder, 'lint.arch'),
      'model M {\n  input 8x8x3\n  classes 4\n  relu -> relu\n  gap -> dense(classes)\n}\n',
    );
    const { code, stdout } = await check();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^lint\.arch:4:11 warning two-activations /);
    expect((await check('--max-warnings', '0')).code).toBe(1);
    expect((await check('--max-warnings', '1')).code).toBe(0);
    expect(await check('--severity', 'two-activations=off')).toMatchObject({ code: 0, stdout: '' });
    expect(await check('--severity', 'two-activations=error')).toMatchObject({ code: 1 });
    expect((await check('--severity', 'no-such=off')).stderr).toContain('there is no such code');
  });
});
