import { describe, expect, it } from 'vitest';
import { copyFormats } from '../../../client/ranking/copy-formats.ts';
import { columnOf } from '../../../server/proxies/column-spec.ts';
import { columnNamed } from '../../../server/proxies/ranking-columns.ts';
import { rankEntries } from '../../../server/ranking/ranking.ts';
import { entry } from '../../ranking/support.ts';

const ranking = rankEntries(
  [
    { ...entry({ model: 'A', vkdnw: 1.5, file: "it's a|b.arch" }), proxies: proxies(792.5) },
    { ...entry({ model: 'B', vkdnw: 1.8, file: 'nets/two.arch' }), proxies: proxies(12) },
    entry({ model: 'C', state: 'invalid', file: 'nets/two.arch' }),
  ],
  'single',
  {},
  [columnOf(columnNamed('naswot'))],
);
const rows = [...ranking.groups.flatMap((group) => group.rows), ...ranking.rest];

function proxies(naswot: number) {
  return { values: { naswot }, failed: {}, made: '' };
}

function copied(format: string, chosen = rows): string {
  return copyFormats[format]!(chosen, ranking);
}

describe('models on the clipboard', () => {
  it('are a table for people, the ranks with them', () => {
    expect(copied('Markdown table').split('\n')).toEqual([
      '| # | model | VKDNW_single | VKDNW | parameters | MACs | task | file |',
      '|--:|---|--:|--:|--:|--:|---|---|',
      '| 1 | B | 10 layers + 1.800 ± 0.010 | 1.800 ± 0.010 | 1000 | 1000000 | 32×32×3 → 10 | nets/two.arch |',
      "| 2 | A | 10 layers + 1.500 ± 0.010 | 1.500 ± 0.010 | 1000 | 1000000 | 32×32×3 → 10 | it's a\\|b.arch |",
      '| – | C | errors: It has errors. | – | 1000 | 1000000 | 32×32×3 → 10 | nets/two.arch |',
    ]);
  });

  it('are a table for programs, with the columns that are shown', () => {
    const [title, first, ...others] = copied('Comma-separated values').trimEnd().split('\r\n');
    expect(title).toMatch(/^rank_best,rank_worst,ranked,model,file,state,.*,naswot$/);
    expect(first).toMatch(/^1,1,2,B,nets\/two\.arch,scored,11\.8,1\.8,0\.01,.*,12$/);
    expect(others).toHaveLength(2);
  });

  it('are the values themselves', () => {
    expect(JSON.parse(copied('JSON'))).toEqual(JSON.parse(JSON.stringify(rows)));
  });

  it('are names', () => {
    expect(copied('Names')).toBe('B\nA\nC');
    expect(copied('Names', rows.slice(1, 2))).toBe('A');
  });

  it('are commands of a shell, whatever the files are called', () => {
    expect(copied('Command line').split('\n')).toEqual([
      'archlens score nets/two.arch --model B',
      "archlens score 'it'\\''s a|b.arch' --model A",
      'archlens score nets/two.arch --model C',
    ]);
  });

  it('are only those that are chosen, in the order of the ranking', () => {
    expect(copied('Comma-separated values', []).split('\r\n')).toHaveLength(2);
  });
});
