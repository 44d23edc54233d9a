import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build, isBuilt } from '../../scripts/build.mjs';
import { root } from '../../scripts/node24.mjs';
import { makeOwnFolder } from '../../server/cli/own-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-own-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const isWindows = process.platform === 'win32';

describe.skipIf(isWindows)('a folder for what only the user may write', () => {
  it('is made with the rights of the user alone', () => {
    expect(makeOwnFolder(at('archlens/compiled'))).toBe(true);
    expect(statSync(at('archlens')).mode & 0o777).toBe(0o700);
    expect(statSync(at('archlens/compiled')).mode & 0o777).toBe(0o700);
    expect(makeOwnFolder(at('archlens/compiled'))).toBe(true);
  });

  it('is no good where others may write, in it or above', () => {
    makeOwnFolder(at('archlens/compiled'));
    for (const name of ['archlens/compiled', 'archlens'])
      for (const mode of [0o777, 0o770, 0o702]) {
        chmodSync(at(name), mode);
        expect(makeOwnFolder(at('archlens/compiled'))).toBe(false);
        chmodSync(at(name), 0o700);
      }
    expect(makeOwnFolder(at('archlens/compiled'))).toBe(true);
  });

  it('is no link, and no file', () => {
    mkdirSync(at('elsewhere'), { mode: 0o700 });
    mkdirSync(at('archlens'), { mode: 0o700 });
    symlinkSync('../elsewhere', at('archlens/compiled'));
    expect(makeOwnFolder(at('archlens/compiled'))).toBe(false);
    expect(makeOwnFolder('/dev/null')).toBe(false);
  });

  it.skipIf(process.getuid?.() !== 0)('is no good where it is of another user', () => {
    makeOwnFolder(at('archlens/compiled'));
    chownSync(at('archlens/compiled'), 65_534, 65_534);
    expect(makeOwnFolder(at('archlens/compiled'))).toBe(false);
  });
});

describe.skipIf(isWindows)('compiled code of the command line', () => {
  beforeAll(async () => {
    if (!isBuilt()) await build();
  });

  const version = (): void => {
    mkdirSync(at('tmp'), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.cjs'), '--version'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: at('home'), XDG_CACHE_HOME: at('cache'), TMPDIR: at('tmp') },
    });
    expect(status, stderr).toBe(0);
  };

  it.skipIf(process.platform === 'darwin')('is in a folder of the user, and not in the one of all', () => {
    version();
    expect(readdirSync(at('cache/archlens/compiled'))).not.toEqual([]);
    expect(statSync(at('cache/archlens/compiled')).mode & 0o777).toBe(0o700);
    expect(readdirSync(at('tmp'))).toEqual([]);
  });

  it.skipIf(process.platform === 'darwin')('is not kept where others could put theirs', () => {
    mkdirSync(at('cache/archlens/compiled'), { recursive: true });
    chmodSync(at('cache/archlens/compiled'), 0o777);
    version();
    expect(readdirSync(at('cache/archlens/compiled'))).toEqual([]);
    expect(readdirSync(at('tmp'))).toEqual([]);
  });
});
