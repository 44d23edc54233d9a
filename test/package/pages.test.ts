// The pages that come with the extension: what they link to is in the package, with the heading that is named.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { listFiles, PackageManager } from '@vscode/vsce';
import { alone, moved, titledPages } from '../../scripts/package.mjs';

const root = join(import.meta.dirname, '../..');

let packaged: ReadonlySet<string>;
beforeAll(async () => {
  packaged = new Set(await listFiles({ cwd: root, packageManager: PackageManager.None }));
  expect(packaged).toContain('docs/diagnostics.md');
});

/** Links to files in a page, from the root; those to places in the page itself are its own. */
function linked(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/```[^]*?```|`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(([, link]) =>
    posix.normalize(posix.join(posix.dirname(page), link!)),
  );
}

test('the manual, and all that it and the page of the extension lead to, are in the package', () => {
  const seen = new Set(['grammar/README.md', 'docs/extension.md']);
  const missing: string[] = [];
  for (const page of seen) {
    for (const link of linked(page)) {
      // The package's README is another page than the repository's.
      const there =
        (packaged.has(link) && link !== 'README.md') ||
        [...packaged].some((file) => file.startsWith(`${link}/`));
      if (!there) missing.push(`${page}: ${link}`);
      else if (link.endsWith('.md')) seen.add(link);
    }
  }
  expect(missing).toEqual([]);
  expect([...seen]).toEqual(expect.arrayContaining(['docs/diagnostics.md', 'docs/score.md', 'docs/zoo.md']));
});

test.each(titledPages)('%s leads to the same files as %s', (from, to) => {
  const text = readFileSync(join(root, from), 'utf8');
  const links = (page: string, at: string): readonly string[] =>
    [...page.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map(([, link]) =>
      posix.normalize(posix.join(posix.dirname(at), link!)),
    );
  const before = links(text, from);
  expect(before.length).toBeGreaterThan(0);
  expect(links(moved(text, from), to)).toEqual(before);
});

test('the page of the extension stands alone: four pictures, three steps, no link that leads nowhere', () => {
  const page = readFileSync(join(root, 'docs/extension.md'), 'utf8');
  const shown = alone(page);
  expect(shown.match(/\(data:image\/png;base64,/g)).toHaveLength(4);
  expect(shown.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ']);
  expect(shown).toContain('## What has not been verified');
  expect(shown.replaceAll(/\(data:[^)]*\)/g, '()')).not.toMatch(/\]\([^)]/);
  // What is for people with a checkout.
  expect(page).not.toMatch(/npm |Debian|apt-get/);
});
