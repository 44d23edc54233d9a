import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InstallError, npmInstall } from '../../../client/engines/npm-install.ts';
import type { Installation } from '../../../client/engines/npm-install.ts';
import { cudaPackage } from '../../../server/engine/tfjs/cuda-package.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'archlens-install-'));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/**
 * A package on this disk, whose install script is the given code, and a lock file with its hash.
 *
 * @param bystander script of a second package, which is not to be run
 */
function packageWith(name: string, script: string, bystander = ''): Installation {
  const source = join(root, `source of ${name}`);
  const scripts: Readonly<Record<string, string>> = { [name]: script, bystander };
  const dependencies: Record<string, string> = {};
  for (const [each, code] of Object.entries(scripts)) {
    const folder = join(source, each);
    mkdirSync(folder, { recursive: true });
    const manifest = { name: each, version: '1.0.0', scripts: { install: 'node install.js' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'install.js'), code);
    npm(['pack', '--pack-destination', source, '--ignore-scripts'], folder);
    dependencies[each] = `file:${join(source, `${each}-1.0.0.tgz`)}`;
  }
  writeFileSync(join(source, 'package.json'), JSON.stringify({ private: true, dependencies }));
  npm(['install', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], source);
  // Relative to its own folder, which is not the one that is installed into.
  const lock = join(source, 'package-lock.json');
  const text = readFileSync(lock, 'utf8').replaceAll(/"file:(\w+-1\.0\.0\.tgz)"/g, (_, file: string) =>
    JSON.stringify(`file:${join(source, file)}`),
  );
  writeFileSync(lock, text);
  return { source, scripted: name };
}

function npm(args: readonly string[], cwd: string): void {
  execFileSync('npm', args, { cwd, stdio: 'ignore', shell: process.platform === 'win32' });
}

const never = new AbortController().signal;
const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
});

describe('Installing a package into a folder of its own', () => {
  it('runs the script of that package alone, and tells what it says', async () => {
    const installation = packageWith(
      'library',
      "console.log('downloading 1 of 2'); require('node:fs').writeFileSync(__dirname + '/library.bin', 'native');",
      `require('node:fs').writeFileSync(${JSON.stringify(join(root, 'bystander'))}, '');`,
    );
    const folder = join(root, 'installed');
    const lines: string[] = [];
    await npmInstall(folder, installation, { signal: never, onLine: (line) => lines.push(line) });
    expect(lines).toContain('downloading 1 of 2');
    expect(readFileSync(join(folder, 'node_modules/library/library.bin'), 'utf8')).toBe('native');
    expect(existsSync(join(folder, 'node_modules/bystander'))).toBe(true);
    expect(existsSync(join(root, 'bystander'))).toBe(false);
  });

  it('refuses a package whose hash is another, before its script is run', async () => {
    const mark = join(root, 'ran');
    const installation = packageWith(
      'exchanged',
      `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');`,
    );
    const lock = join(installation.source, 'package-lock.json');
    const other = `sha512-${Buffer.alloc(64).toString('base64')}`;
    const text = readFileSync(lock, 'utf8');
    expect(text).toMatch(/"integrity": "sha512-/);
    writeFileSync(lock, text.replaceAll(/sha512-[\w+/=]+/g, other));
    const folder = join(root, 'refused');
    const failure = await npmInstall(folder, installation, { signal: never, onLine: () => undefined }).catch(
      (error: unknown) => error,
    );
    expect(String(failure)).toContain('EINTEGRITY');
    expect(existsSync(mark)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it('leaves nothing of an installation that fails, and says what npm said', async () => {
    const installation = packageWith('broken', "console.error('no such release'); process.exit(3);");
    const folder = join(root, 'failed');
    const failure = await npmInstall(folder, installation, { signal: never, onLine: () => undefined }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(InstallError);
    expect(String(failure)).toContain('npm ended with code');
    expect(existsSync(folder)).toBe(false);
  });

  it('stops npm and its scripts when cancelled', async () => {
    const mark = join(root, 'pid');
    const installation = packageWith(
      'endless',
      `require('node:fs').writeFileSync(${JSON.stringify(mark)}, String(process.pid)); console.log('begun'); setInterval(() => {}, 1000);`,
    );
    const folder = join(root, 'cancelled');
    const abort = new AbortController();
    const installing = npmInstall(folder, installation, {
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
    const installation = packageWith('unreachable', '');
    process.env['PATH'] = root;
    await expect(
      npmInstall(join(root, 'nowhere'), installation, { signal: never, onLine: () => undefined }),
    ).rejects.toThrow('npm was not found. Install Node.js');
  });
});

describe('What the CUDA engine is installed from', () => {
  const folder = join(import.meta.dirname, '../../../cuda');
  interface Locked {
    readonly version?: string;
    readonly integrity?: string;
    readonly resolved?: string;
    readonly dependencies?: Readonly<Record<string, string>>;
  }
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };

  it('has a hash for every package, and no address', () => {
    const { '': own, ...others } = packages;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Locked;
    expect(own?.dependencies).toEqual(manifest.dependencies);
    expect(Object.keys(others).length).toBeGreaterThan(50);
    for (const [name, { version, integrity, resolved }] of Object.entries(others)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+/);
      expect(integrity, name).toMatch(/^sha512-[\w+/]{86}==$/);
      expect(resolved, name).toBeUndefined();
    }
  });

  it('is the version that the engine is tested with', () => {
    const manifest = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8')) as {
      readonly optionalDependencies: Readonly<Record<string, string>>;
    };
    const { version } = packages[`node_modules/${cudaPackage}`]!;
    expect(version).toBe(manifest.optionalDependencies[cudaPackage]);
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
