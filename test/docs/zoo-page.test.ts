// The tables of docs/zoo.md are those of the networks; `vitest run test/docs/zoo-page.test.ts -u` writes them anew.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  convLinearMacs,
  grouped,
  publishedNetworks,
  zooFiles,
  zooModel,
  type Published,
} from '../language/support/zoo.ts';

const page = join(resolve(import.meta.dirname, '..', '..'), 'docs/zoo.md');
const published = publishedNetworks();

test('docs/zoo.md has the tables of the networks', async () => {
  const text = readFileSync(page, 'utf8');
  const written = text.replace(
    /(?<=\n## Networks\n)[^]*?(?=\n## |$)/,
    () => `\n${tasks().map(networksOf).join('\n')}\n### Files\n\n${files()}`,
  );
  await expect(written).toMatchFileSnapshot(page);
});

function tasks(): readonly string[] {
  return [...new Set(published.map(({ task }) => task))];
}

function networksOf(task: string): string {
  const rows = published.filter((row) => row.task === task).map(cells);
  return `### ${task}\n\n${table(['network', 'parameters', 'conv + linear', 'published', 'top-1, %', 'source'], rows, [1, 2, 4])}`;
}

function cells(row: Published): readonly string[] {
  const { network } = zooModel(row.file, row.model);
  return [
    `[${row.name}](../examples/zoo/${row.file})`,
    grouped(row.parameters),
    grouped(convLinearMacs(network)),
    row.macs === undefined ? 'parameters' : row.without === '' ? 'both' : `both, without \`${row.without}\``,
    row.top1 === undefined ? '' : String(row.top1),
    row.top1Source === '' || row.top1Source === row.source ? row.source : `${row.source}, ${row.top1Source}`,
  ];
}

function files(): string {
  const rows = zooFiles.map(({ name, text, models }) => [
    `[${name}](../examples/zoo/${name})`,
    String(text.trimEnd().split('\n').length),
    models.map((model) => model.name).join(', '),
  ]);
  return table(['file', 'lines', 'models'], rows, [1]);
}

/** @param right columns of numbers */
function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const rule = titles.map((_title, column) => (right.includes(column) ? '---:' : '---'));
  return [titles, rule, ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}
