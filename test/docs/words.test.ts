// The types that docs/architecture.md explains are where it says.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');

test('every word that is a type is exported by a file beside it', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const section = page.split('\n## ').find((part) => part.startsWith('Words\n'))!;
  const words = section.split('\n').flatMap((line) => {
    const [, first = '', , where = ''] = line.split('|');
    const files = [...where.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);
    return [...first.matchAll(/`(\w+)`/g)].map(([, word]) => ({ word: word!, files }));
  });
  expect(words.length).toBeGreaterThan(20);
  const missing = words.filter(
    ({ word, files }) =>
      !files.some((file) =>
        new RegExp(`^export (?:interface|type|(?:abstract )?class) ${word}\\b`, 'm').test(
          readFileSync(join(root, file), 'utf8'),
        ),
      ),
  );
  expect(missing).toEqual([]);
});
