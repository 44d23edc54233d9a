// Every place of a page that sources and pages name is there.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, anchorsOfFile, linksOf } from './markdown.ts';

const root = resolve(import.meta.dirname, '..', '..');

interface File {
  readonly name: string;
  readonly text: string;
}

function files(pattern: string): readonly File[] {
  return globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', 'dist/**', 'out/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));
}

const sources = [
  ...files('{client,server,grammar,bench,scripts,test}/**/*.{ts,tsx,mjs,css,py,c}'),
  ...files('*.{ts,js,json}'),
];
const pages = [...files('*.md'), ...files('{docs,grammar,examples,media,test,client}/**/*.md')];

/** @returns what is missing of it; undefined where nothing is */
function missing(path: string, anchor: string | undefined): string | undefined {
  if (!existsSync(path)) return 'no such file';
  if (anchor === undefined || !path.endsWith('.md')) return undefined;
  return anchorsOfFile(path).has(anchor) ? undefined : `no heading #${anchor}`;
}

/** `docs/score.md#spectrum` in a text, with the lines. */
function citationsOf({ text }: File): readonly { readonly cited: string; readonly line: number }[] {
  return text.split('\n').flatMap((content, index) =>
    [...content.matchAll(/\bdocs\/[\w-]+\.md(?:#[\p{L}\p{N}_-]+)?/gu)].map(([cited]) => ({
      cited,
      line: index + 1,
    })),
  );
}

test('headings have the names that GitHub gives them', () => {
  const text = '# A `b` of C_d\n```\n# not this\n```\n## Why, [how](x.md)?\n## Twice\n## Twice\n';
  expect([...anchorsOf(text)]).toEqual(['a-b-of-c_d', 'why-how', 'twice', 'twice-1']);
});

test('links are found outside code', () => {
  const text = '[a](b.md#c) `[d](e)`\n```\n[f](g)\n```\n![h](i.png "j") [k](<l>)';
  expect(linksOf(text)).toEqual([
    { target: 'b.md#c', line: 1 },
    { target: 'i.png', line: 5 },
    { target: 'l', line: 5 },
  ]);
});

test('every section of a page that a source or a page names is there', () => {
  const citations = [...sources, ...pages].flatMap((file) =>
    citationsOf(file).map((citation) => ({ ...citation, file: file.name })),
  );
  expect(
    citations.filter(({ file, cited }) => file.endsWith('.ts') && cited.includes('#')).length,
  ).toBeGreaterThan(50);
  const broken = citations.flatMap(({ file, line, cited }) => {
    const [path, anchor] = cited.split('#');
    const reason = missing(join(root, path!), anchor);
    return reason === undefined ? [] : [`${file}:${line}: ${cited}: ${reason}`];
  });
  expect(broken).toEqual([]);
});

test('every link of a page leads somewhere', () => {
  const links = pages.flatMap((page) => linksOf(page.text).map((link) => ({ ...link, page: page.name })));
  const local = links.filter(({ target }) => !/^[a-z][a-z+.-]*:/.test(target));
  expect(local.length).toBeGreaterThan(50);
  const broken = local.flatMap(({ page, line, target }) => {
    const [path, anchor] = target.split('#');
    const reason = missing(path === '' ? join(root, page) : join(root, dirname(page), path!), anchor);
    return reason === undefined ? [] : [`${page}:${line}: ${target}: ${reason}`];
  });
  expect(broken).toEqual([]);
});

test('no source cites sections of a text that is not here', () => {
  const citing = sources.flatMap(({ name, text }) => {
    const joined = text.replace(/\s*\n\s*(?:\*|\/\/)?\s*/g, ' ');
    // Written so that this file has none itself.
    return /reference(?:'s)?[\s,(]*\u00a7/i.test(joined) ? [name] : [];
  });
  expect(citing).toEqual([]);
});
