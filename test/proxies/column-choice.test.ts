import { expect, test } from 'vitest';
import { chosenColumns, type ColumnNames } from '../../server/proxies/column-choice.ts';

function choice(names: ColumnNames) {
  const { columns, ablation, proxies } = chosenColumns(names);
  return {
    columns: columns.map(({ name }) => name),
    ablation: ablation?.name,
    proxies: proxies.map(({ name }) => name),
  };
}

test('names are proxies or published aggregates, each computed once', () => {
  expect(choice({ proxies: ['macs,naswot', 'te_nas', 'macs'], aggregate: [] })).toEqual({
    columns: ['macs', 'naswot', 'te_nas'],
    ablation: undefined,
    proxies: ['macs', 'naswot', 'ntk', 'linear_regions'],
  });
});

test('parts of aggregates are computed, and are no columns', () => {
  expect(choice({ proxies: [], aggregate: ['mine=layers+macs'], ablation: 'params+macs' })).toEqual({
    columns: ['mine'],
    ablation: 'params+macs',
    proxies: ['layers', 'macs', 'params'],
  });
});

test('unless aggregates are named, the published ones whose parts are computed anyway are shown', () => {
  expect(choice({ proxies: ['linear_regions', 'ntk'] }).columns).toEqual(['linear_regions', 'ntk', 'te_nas']);
  expect(choice({ proxies: ['ntk'] }).columns).toEqual(['ntk']);
  expect(choice({ proxies: ['linear_regions', 'ntk'], aggregate: [] }).columns).not.toContain('te_nas');
});

test.each<[ColumnNames, RegExp]>([
  [{ proxies: ['naswt'] }, /'naswt' is not a proxy\. Did you mean naswot\?/],
  [{ proxies: [], aggregate: ['macs'] }, /'macs' is not an aggregate/],
  [{ proxies: [], ablation: 'macs+mcs' }, /'mcs' is not a proxy/],
])('%j is refused', (names, message) => {
  expect(() => chosenColumns(names)).toThrow(message);
});
