// What docs/score.md says in tables, and the README of the fixtures, held against the sources.
import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedTable } from '../../bench/evaluation/published-table.ts';
import { formatEstimator, namedSettings, settingNames } from '../../server/score/settings.ts';
import { linksOf } from './markdown.ts';

const root = resolve(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs/score.md'), 'utf8');

/** The cells of the rows of the first table behind a heading, without its titles. */
function tableAt(heading: string): readonly (readonly string[])[] {
  const [, behind] = page.split(`\n${heading}\n`);
  const lines = behind!.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start + 2, start + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Names of the page's rows that have another one in the table of the benches. */
const names: ReadonlyMap<string, string> = new Map([
  ['FLOPs', 'macs'],
  ['GradNorm', 'grad_norm'],
  ['ZenNAS', 'zen'],
  ['TE-NAS', 'te_nas'],
  ['AZ-NAS', 'az_nas'],
  ['ℵ alone', 'layers'],
  ['GRAF', 'forest (graph)'],
  ['VKDNW + other proxies + GRAF', 'forest (graph + proxies)'],
]);

describe('docs/score.md', () => {
  it('has the published numbers that evaluations are compared with', () => {
    const rows = tableAt('### Table 1 of the paper').map(([name, ...cells]): [string, number[][]] => [
      names.get(name!) ?? name!.toLowerCase(),
      cells.map((cell) => cell.split(' ').map(Number)),
    ]);
    expect(new Map(rows)).toEqual(publishedTable);
  });

  it('has the named settings', () => {
    const rows = tableAt('## Settings').map((cells) => cells.slice(0, -1));
    expect(rows).toEqual(
      settingNames.map((name) => {
        const { estimator, samples, weights, indexSets, seeds } = namedSettings[name];
        return [
          `\`${name}\``,
          formatEstimator(estimator),
          ...[samples, weights, indexSets, seeds].map(String),
        ];
      }),
    );
  });
});

describe('test/fixtures/README.md', () => {
  it('names all fixtures there are', () => {
    const folder = join(root, 'test/fixtures');
    const linked = linksOf(readFileSync(join(folder, 'README.md'), 'utf8'))
      .map(({ target }) => target)
      .filter((target) => target.endsWith('.json'));
    expect(linked.sort()).toEqual(
      globSync(join(folder, '*.json'))
        .map((path) => basename(path))
        .sort(),
    );
  });
});
