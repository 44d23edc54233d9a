// The spaces of examples/zoo/spaces have as many members as is known of them.
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { cellsOf } from '../../bench/spaces/nasbench-101.ts';
import { format } from '../../grammar/format/format.ts';
import { formatSize } from '../../server/base/quantities.ts';
import { diskProject } from './support/helpers.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'examples/zoo/spaces');
const page = readFileSync(join(root, 'docs/zoo.md'), 'utf8');

/** Ways to decide, and how the comment of the space writes them. */
const known: Readonly<Record<string, readonly [ways: bigint, written: string]>> = {
  'autoformer.arch': [3n * (4n ** 12n + 4n ** 13n + 4n ** 14n), '1,056,964,608'],
  'darts.arch': [(180n * 7n ** 8n) ** 2n, '(180 · 7^8)^2'],
  'fbnet.arch': [9n ** 22n, '9^22'],
  'mobilenetv2-vkdnw.arch': [721n * 972n ** 4n, '972^4'],
  'nasbench-macro.arch': [6561n, '6,561'],
  'nats-size.arch': [32_768n, '32,768'],
  'ofa-mobilenetv3.arch': [7371n ** 5n, '7371^5'],
  'proxylessnas.arch': [6n ** 6n * 7n ** 15n, '6^6 · 7^15'],
  'transnas-macro.arch': [3256n, '3,256'],
};

const project = diskProject();

test('every file is known', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(known));
});

test.each(Object.entries(known))('%s', (name, [ways, written]) => {
  const path = join(folder, name);
  const { uri, text, spaces } = project.analyse(pathToFileURL(path).href);
  expect(project.lint(uri).map(({ message }) => message)).toEqual([]);
  expect(format(text)).toBe(text);
  expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
  expect(spaces).toHaveLength(1);
  const [{ size, estimate, doc }] = spaces as [(typeof spaces)[number]];
  expect(estimate?.of ?? size).toBe(ways);
  expect(doc).toContain(written);
  expect(page).toMatch(new RegExp(`\\(\\.\\./examples/zoo/spaces/${name}\\).*\\| ${formatSize(ways)} \\|`));
});

test('members of the spaces are networks, the first and the last', () => {
  for (const name of Object.keys(known)) {
    const [space] = project.analyse(pathToFileURL(join(folder, name)).href).spaces;
    for (const option of [0, -1]) {
      const genotype = Object.fromEntries(
        space!.decisions.map(({ path, options }) => [path, options.at(option)!]),
      );
      const { diagnostics, network } = space!.instantiate(genotype);
      const wrong = diagnostics.filter(
        ({ code }) => code !== 'constraint-violated' && code !== 'genotype-missing',
      );
      expect(wrong.map(({ message }) => `${name}: ${message}`)).toEqual([]);
      const kept = diagnostics.every(({ code }) => code !== 'constraint-violated');
      expect(network !== undefined).toBe(kept);
    }
  }
});

test('NAS-Bench-101 has 423,624 cells that are not alike', { timeout: 120_000 }, () => {
  const cells = [2, 3, 4, 5, 6, 7].map(cellsOf);
  expect(cells).toEqual([1, 6, 84, 2441, 62_010, 359_082]);
  expect(cells.reduce((sum, each) => sum + each)).toBe(423_624);
});
