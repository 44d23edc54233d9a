import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, type JournalEntry } from '../../server/evaluation/journal.ts';

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
});
