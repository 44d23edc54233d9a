import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InstallError, npmInstall } from '../../../client/engines/npm-install.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'archlens-install-'));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A package on this disk, whose install script is the given code. @returns its path, as npm takes it */
function packageWith(name: string, script: string): string {
  const folder = join(root, `source of ${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', scripts: { install: 'node install.js' } }),
  );
  writeFileSync(join(folder, 'install.js'), script);
  return folder;
}

const never = new AbortController().signal;
const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
});

describe('Installing a package into a folder of its own', () => {
  it('runs its scripts and tells what they say', async () => {
    const spec = packageWith(
      'library',
      "console.log('downloading 1 of 2'); require('node:fs').writeFileSync(__dirname + '/library.bin', 'native');",
    );
    const folder = join(root, 'installed');
    const lines: string[] = [];
    await npmInstall(folder, spec, { signal: never, onLine: (line) => lines.push(line) });
    expect(lines).toContain('downloading 1 of 2');
    expect(readFileSync(join(folder, 'node_modules/library/library.bin'), 'utf8')).toBe('native');
  });

  it('leaves nothing of an installation that fails, and says what npm said', async () => {
    const spec = packageWith('broken', "console.error('no such release'); process.exit(3);");
    const folder = join(root, 'failed');
    const failure = await npmInstall(folder, spec, { signal: never, onLine: () => undefined }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(InstallError);
    expect(String(failure)).toContain('npm ended with code');
    expect(existsSync(folder)).toBe(false);
  });

  it('stops npm and its scripts when cancelled', async () => {
    const mark = join(root, 'pid');
    const spec = packageWith(
      'endless',
      `require('node:fs').writeFileSync(${JSON.stringify(mark)}, String(process.pid)); console.log('begun'); setInterval(() => {}, 1000);`,
    );
    const folder = join(root, 'cancelled');
    const abort = new AbortController();
    const installing = npmInstall(folder, spec, {
      signal: abort.signal,
      onLine: (line) => {
        if (line === 'begun') abort.abort();
      },
    });
    await expect(installing).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(folder)).toBe(false);
    const pid = Number(readFileSync(mark, 'utf8'));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('says what is missing where there is no npm', async () => {
    process.env['PATH'] = root;
    await expect(
      npmInstall(join(root, 'nowhere'), 'library', { signal: never, onLine: () => undefined }),
    ).rejects.toThrow('npm was not found. Install Node.js');
  });
});

/** A process that has ended and whose parent has not noticed yet does not run. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
