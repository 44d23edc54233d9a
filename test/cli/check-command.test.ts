import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './run-cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-check-'));
  writeFileSync(
    join(folder, 'good.arch'),
    'model Good {\n  input 8x8x3\n  classes 4\n  gap -> dense(classes)\n}\n',
  );
  mkdirSync(join(folder, 'bad'));
  writeFileSync(
    join(folder, 'bad', 'names.arch'),
    'model Bad {\n  input 8x8x3\n  classes 4\n  gap -> dense(clases)\n}\n',
  );
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'node_modules', 'ignored.arch'), '}');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('archlens check', () => {
  it('says nothing on stdout and succeeds when all is well', async () => {
    const { code, stdout, stderr } = await cli(['check', 'good.arch'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('1 file: 0 errors, 0 warnings\n');
  });

  it('prints file, line, column, severity, code and message, and fails', async () => {
    const { code, stdout } = await cli(['check', join('bad', 'names.arch')], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^bad.names\.arch:4:16 error unknown-name .*classes.*\n$/);
  });

  it('takes standard input alone, as format does; imports are relative to the folder', async () => {
    const broken = 'model Bad {\n  input 8x8x3\n  classes 4\n  gap -> dense(clases)\n}\n';
    const { code, stdout, stderr } = await cli(['check', '-'], { cwd: folder, input: broken });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^standard input:4:16 error unknown-name .*classes/);
    expect(stderr).toBe('1 file: 1 error, 0 warnings\n');
    expect(await cli(['check', '-'], { cwd: folder, input: '' })).toMatchObject({ code: 0, stdout: '' });
    writeFileSync(join(folder, 'node_modules', 'block.arch'), 'block Act() { relu }\n');
    const importing = 'import { Act } from "./node_modules/block.arch"\nblock Twice() { Act -> Act }\n';
    expect((await cli(['check', '-'], { cwd: folder, input: importing })).stdout).not.toContain('error');
    expect(await cli(['check', '-', 'good.arch'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: 'error: Standard input (-) is checked alone, without other files.\n',
    });
  });

  it('takes standard input in a folder whose name is written in more than one way as a URI', async () => {
    const cwd = join(folder, "of a (1) + b, c's & d=e;~!$@");
    mkdirSync(cwd);
    try {
      writeFileSync(join(cwd, 'block.arch'), 'block Act() { relu }\n');
      const given = 'import { Act } from "./block.arch"\nblock Twice() { Act -> Acd }\n';
      const { code, stdout } = await cli(['check', '-'], { cwd, input: given });
      expect({ code, stdout }).toEqual({
        code: 1,
        stdout: expect.stringMatching(/^standard input:2:24 error unknown-name .*Acd.*\n$/) as string,
      });
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  it('takes folders, without node_modules', async () => {
    const { code, stdout, stderr } = await cli(['check', '.'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stderr).toBe('2 files: 1 error, 0 warnings\n');
  });

  it('prints what no signal passes, as a warning in its place', async () => {
    const lines = [
      'model Silent {',
      '  input 8x8x3',
      '  classes 4',
      '  trunk = conv(8, 3x3)',
      '  side = conv(8, 1x1)',
      '  trunk -> gap -> dense(classes)',
      '}',
    ];
    writeFileSync(join(folder, 'silent.arch'), lines.join('\n'));
    const { code, stdout } = await cli(['check', 'silent.arch', '--max-warnings', '0'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
      expect.stringMatching(/^silent\.arch:5:3 hint unused-name /),
      expect.stringMatching(/^silent\.arch:5:10 warning no-signal No signal passes `conv\(8, 1x1\)`/),
      '',
    ]);
    rmSync(join(folder, 'silent.arch'));
  });

  it('says which file is not there', async () => {
    const { code, stdout, stderr } = await cli(['check', 'none.arch'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('error: none.arch cannot be read: there is no such file.\n');
  });
});
