import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, type JournalEntry } from '../../server/evaluation/journal.ts';
import { proxyVersion } from '../../server/proxies/proxy-kind.ts';
import { scoreVersion } from '../../server/score/key.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-journal-'));
  path = join(folder, 'run.journal');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function entry(network: string, value: number): JournalEntry {
  return { network, values: { vkdnw: value }, failed: {} };
}

function byEngine(network: string, engine: string): JournalEntry {
  return { ...entry(network, 1), engine };
}

function write(...entries: readonly JournalEntry[]): void {
  const journal = new Journal(path, 'settings');
  for (const each of entries) journal.add(each);
  journal.close();
}

describe('a journal', () => {
  it('gives back what was added, merged by network', () => {
    write(entry('a', 1), entry('b', 2));
    write({ network: 'a', values: { params: 7 }, failed: { zen: 'no-signal: none' }, engine: 'cpu' });
    const journal = new Journal(path, 'settings');
    expect(journal.size).toBe(2);
    expect(journal.get('a')).toEqual({
      network: 'a',
      values: { vkdnw: 1, params: 7 },
      failed: { zen: 'no-signal: none' },
      engine: 'cpu',
    });
    expect(journal.get('c')).toBeUndefined();
    journal.close();
  });

  it('loses the last line at most, wherever it is torn', () => {
    write(entry('a', 1), entry('b', 2));
    const { length } = readFileSync(path);
    const lastLine = length - readFileSync(path, 'utf8').trimEnd().lastIndexOf('\n') - 1;
    for (const torn of [1, 5, lastLine - 1]) {
      truncateSync(path, length - torn);
      const journal = new Journal(path, 'settings');
      expect([journal.size, journal.broken, journal.get('a')?.values]).toEqual([1, 0, { vkdnw: 1 }]);
      journal.add(entry('b', 2));
      journal.close();
      expect(readFileSync(path)).toHaveLength(length);
    }
  });

  it('starts again when even its first line is torn', () => {
    write();
    truncateSync(path, 20);
    write(entry('a', 1));
    const journal = new Journal(path, 'settings');
    expect(journal.size).toBe(1);
    journal.close();
  });

  it('passes over a broken line, and counts it', () => {
    write(entry('a', 1));
    appendFileSync(path, 'garbage\n{"network":"x","values":{"vkdnw":null},"failed":{}}\n');
    write(entry('b', 2));
    const journal = new Journal(path, 'settings');
    expect([journal.size, journal.broken]).toEqual([2, 2]);
    journal.close();
  });

  it('loses the line alone that is no UTF-8, and no byte of the others', () => {
    write(entry('a', 1), entry('b', 2), entry('c', 3));
    const bytes = readFileSync(path);
    const lines = bytes.toString('latin1').split('\n');
    // In the middle of the second network, whose bytes would be three each if they were replaced.
    bytes.fill(0xff, bytes.indexOf('"network":"b"') + 2, bytes.indexOf('"network":"b"') + 6);
    writeFileSync(path, bytes);
    const journal = new Journal(path, 'settings');
    expect([journal.size, journal.broken]).toEqual([2, 1]);
    expect([journal.get('a')?.values, journal.get('b'), journal.get('c')?.values]).toEqual([
      { vkdnw: 1 },
      undefined,
      { vkdnw: 3 },
    ]);
    expect(readFileSync(path)).toEqual(bytes);
    journal.add(entry('b', 2));
    journal.close();
    expect(readFileSync(path)).toEqual(Buffer.concat([bytes, Buffer.from(`${lines[2]!}\n`)]));
    const again = new Journal(path, 'settings');
    expect([again.size, again.broken]).toEqual([3, 1]);
    again.close();
  });

  it('refuses a first line that is no UTF-8, and leaves it as it is', () => {
    write(entry('a', 1));
    const bytes = readFileSync(path);
    bytes[20] = 0xff;
    writeFileSync(path, bytes);
    expect(() => new Journal(path, 'settings')).toThrow(/is not a journal of archlens/);
    expect(readFileSync(path)).toEqual(bytes);
  });

  it.skipIf(process.platform === 'win32')('is a regular file', () => {
    symlinkSync('/dev/zero', path);
    for (const each of [path, '/dev/null', '/dev/zero'])
      expect(() => new Journal(each, 'settings')).toThrow('it is a device, not a regular file');
    rmSync(path);
    symlinkSync('elsewhere', path);
    expect(() => new Journal(path, 'settings')).toThrow('it is a link to elsewhere');
    expect(readdirSync(folder)).toEqual(['run.journal']);
  });

  it.skipIf(process.platform === 'win32')('keeps whole lines when the disk is full', () => {
    const module = join(import.meta.dirname, '../../server/evaluation/journal.ts');
    const program = `import(${JSON.stringify(module)}).then(({ Journal }) => {
      const journal = new Journal(${JSON.stringify(path)}, 'settings');
      for (let i = 0; ; i++) journal.add({ network: 'n' + i, values: { vkdnw: i }, failed: {} });
    });`;
    // A file of this process holds four blocks of 1024 bytes at most.
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', 'trap "" XFSZ; ulimit -f 4; exec "$0" -e "$1"', process.execPath, program],
      { encoding: 'utf8' },
    );
    expect(stderr).toContain('run.journal cannot be written: it would be larger than the system allows.');
    expect(status).toBe(1);
    const text = readFileSync(path, 'utf8');
    expect(text.endsWith('}\n')).toBe(true);
    const journal = new Journal(path, 'settings');
    expect([journal.size, journal.broken]).toEqual([text.split('\n').length - 2, 0]);
    expect(journal.size).toBeGreaterThan(50);
    journal.close();
  });

  it('refuses other settings and other files, and leaves them as they are', () => {
    write(entry('a', 1));
    expect(() => new Journal(path, 'others')).toThrow(
      /run\.journal was made with other settings: settings; now: others\. Use the same/,
    );
    for (const text of ['a,b\n1,2\n', 'notes without a line end']) {
      writeFileSync(path, text);
      expect(() => new Journal(path, 'settings')).toThrow(/is not a journal of archlens/);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    expect(() => new Journal(join(folder, 'none/x'), 'settings')).toThrow(/cannot be written/);
  });

  it('refuses values of other versions of scores and proxies, and leaves them as they are', () => {
    write(entry('a', 1));
    const [header = '', ...lines] = readFileSync(path, 'utf8').split('\n');
    const { format, versions, settings } = JSON.parse(header) as Record<string, string>;
    expect(versions).toBe(`scores ${scoreVersion}, proxies ${proxyVersion}`);
    for (const [other, message] of [
      [
        { format, versions: 'scores 0, proxies 0', settings },
        /run\.journal was made by another version of archlens \(scores 0, proxies 0; now scores \d/,
      ],
      [
        { format: 'archlens evaluation journal 1', settings },
        /another version of archlens, whose .* Name another journal/,
      ],
    ] as const) {
      const text = [JSON.stringify(other), ...lines].join('\n');
      writeFileSync(path, text);
      expect(() => new Journal(path, 'settings')).toThrow(message);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('goes on with the engine it has values of, not with another one or another version of it', () => {
    write(byEngine('a', 'cpu (1, x)'));
    const text = readFileSync(path, 'utf8');
    for (const other of ['gpu (1, y)', 'cpu (2, x)']) {
      const journal = new Journal(path, 'settings');
      expect(() => {
        journal.add(byEngine('b', other));
      }).toThrow(
        /run\.journal has values of cpu \(1, x\); now .* computes.*--engine, or name another journal/,
      );
      journal.close();
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('lets an engine take over within a run, as a GPU does from the CPU', () => {
    write(byEngine('a', 'cpu (1, x)'));
    write(byEngine('b', 'cpu (1, x)'), byEngine('c', 'gpu (1, y)'));
    write(byEngine('d', 'gpu (1, y)'));
    const journal = new Journal(path, 'settings');
    journal.add(byEngine('e', 'cpu (1, x)'));
    expect(() => {
      journal.add(byEngine('f', 'gpu (2, y)'));
    }).toThrow(/has values of cpu \(1, x\) and gpu \(1, y\); now gpu \(2, y\) computes/);
    journal.close();
  });
});
