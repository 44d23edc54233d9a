import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireWritable, writeWhole } from '../../server/base/write-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-base-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const isWindows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;

describe('writing whole or not at all', () => {
  it('makes a file, and replaces one', () => {
    writeWhole(at('a'), 'one');
    expect(readFileSync(at('a'), 'utf8')).toBe('one');
    writeWhole(at('a'), Uint8Array.of(1, 2));
    expect([...readFileSync(at('a'))]).toEqual([1, 2]);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it.skipIf(isWindows)('replaces the file, so that who reads the old one reads all of it', () => {
    writeWhole(at('a'), 'one');
    const before = statSync(at('a')).ino;
    writeWhole(at('a'), 'two');
    expect(statSync(at('a')).ino).not.toBe(before);
  });

  it.skipIf(isWindows)('keeps permissions', () => {
    for (const mode of [0o600, 0o640, 0o755, 0o666]) {
      writeFileSync(at('a'), 'one');
      chmodSync(at('a'), mode);
      writeWhole(at('a'), 'two');
      expect(statSync(at('a')).mode & 0o7777).toBe(mode);
    }
  });

  it.skipIf(!isRoot)('keeps the owner', () => {
    writeFileSync(at('a'), 'one');
    chownSync(at('a'), 65_534, 65_534);
    writeWhole(at('a'), 'two');
    expect(statSync(at('a'))).toMatchObject({ uid: 65_534, gid: 65_534 });
  });

  it('takes a name as long as names can be', () => {
    const name = 'n'.repeat(255);
    writeWhole(at(name), 'one');
    expect(readFileSync(at(name), 'utf8')).toBe('one');
    expect(() => {
      writeWhole(at('n'.repeat(256)), 'one');
    }).toThrow(isWindows ? 'cannot be written' : 'its name is too long');
  });

  it.skipIf(isWindows)('writes neither over a link nor through one', () => {
    writeFileSync(at('target'), 'one');
    symlinkSync('target', at('link'));
    symlinkSync('nothing', at('dangling'));
    for (const [link, target] of [
      ['link', 'target'],
      ['dangling', 'nothing'],
    ] as const) {
      expect(() => {
        writeWhole(at(link), 'two');
      }).toThrow(
        `${at(link)} cannot be written: it is a link to ${target}, and nothing is written through links.`,
      );
      expect(readlinkSync(at(link))).toBe(target);
    }
    expect(readFileSync(at('target'), 'utf8')).toBe('one');
    expect(readdirSync(folder).sort()).toEqual(['dangling', 'link', 'target']);
  });

  it('replaces no folder and no device', () => {
    mkdirSync(at('d'));
    expect(() => {
      writeWhole(at('d'), 'two');
    }).toThrow('it is a folder');
    if (isWindows) return;
    expect(() => {
      writeWhole('/dev/null', 'two');
    }).toThrow('it is a device, not a regular file');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(() => {
      writeWhole(at('none/a'), 'two');
    }).toThrow(`${at('none/a')} cannot be written: there is no folder ${at('none')}.`);
  });

  it('is refused before the work where the name is of no file', () => {
    writeFileSync(at('a'), 'one');
    for (const check of [
      requireWritable,
      (name: string): void => {
        writeWhole(name, 'two');
      },
    ]) {
      expect(() => {
        check('');
      }).toThrow('"" cannot be written: a name is needed.');
      expect(() => {
        check(at('x/'));
      }).toThrow(`${at('x/')} cannot be written: a name that ends in / is of a folder. Name a file.`);
      expect(() => {
        check(at('a/'));
      }).toThrow('cannot be written');
      expect(() => {
        check(at('none/x'));
      }).toThrow(`there is no folder ${at('none')}`);
    }
    expect(readdirSync(folder)).toEqual(['a']);
    requireWritable(at('a'));
    requireWritable(at('b'));
  });

  it.skipIf(isWindows || isRoot)('leaves a file that is write-protected', () => {
    writeFileSync(at('a'), 'one');
    chmodSync(at('a'), 0o444);
    expect(() => {
      writeWhole(at('a'), 'two');
    }).toThrow('access is denied');
    expect(readFileSync(at('a'), 'utf8')).toBe('one');
  });

  it.skipIf(isWindows)('leaves what was there when the disk is full, and nothing else', () => {
    const before = 'x'.repeat(10_000);
    writeFileSync(at('a'), before);
    const module = join(import.meta.dirname, '../../server/base/write-file.ts');
    const program = `import(${JSON.stringify(module)}).then(({ writeWhole }) => writeWhole(${JSON.stringify(at('a'))}, 'y'.repeat(40_000)))`;
    // A file of this process holds eight blocks of 1024 bytes at most.
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', 'trap "" XFSZ; ulimit -f 8; exec "$0" -e "$1"', process.execPath, program],
      { encoding: 'utf8' },
    );
    expect(stderr).toContain('it would be larger than the system allows');
    expect(status).not.toBe(0);
    expect(readFileSync(at('a'), 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['a']);
  });
});
