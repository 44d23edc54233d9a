import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { namedAggregates } from '../../server/proxies/aggregates.ts';

const page = readFileSync(new URL('../../docs/evaluation.md', import.meta.url), 'utf8');
const section = page.split(/^(?=## )/m).find((text) => text.startsWith('## Aggregates\n'))!;

test.each(namedAggregates)('the page says what $name is made of', ({ name, parts }) => {
  const row = section.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
  expect(Array.from(row!.matchAll(/`(\w+)`/g), ([, word]) => word)).toEqual([name, ...parts]);
});
