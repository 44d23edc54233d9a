import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { trustTables } from '../../bench/evaluation/trust-tables.ts';

test('the page of trust has the tables that the data file gives', () => {
  const page = readFileSync(new URL('../../docs/trust.md', import.meta.url), 'utf8');
  const tables = trustTables();
  expect(tables.match(/^### /gm)).toHaveLength(4);
  expect(page.endsWith(`## Measured\n\n${tables}`)).toBe(true);
});
