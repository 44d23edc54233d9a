// node bench/evaluation/space-table.ts JOURNAL
// writes examples/benchmarks/spaces.csv: all scores of the members of the spaces, a line each, for `archlens evaluate --scores`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { csv, type CsvCell } from '../../server/base/csv.ts';
import { columnsOf, type MeasuredMember } from './space-columns.ts';

const proxies = [
  ...[
    'params',
    'macs',
    'layers',
    'l2_norm',
    'synflow',
    'naswot',
    'expressivity',
    'progressivity',
    'trainability',
  ],
  ...['jacov', 'epe_nas'],
] as const;

/** By the title of a column, the draw of VKDNW it holds. */
const draws = {
  vkdnw: 'eval/first/0',
  vkdnw_again: 'eval/first/1',
  vkdnw_normalised: 'normalised/first/0',
  vkdnw_calibrated: 'calibrated/first/0',
  vkdnw_spread: 'eval/spread/0',
  vkdnw_calibrated_spread: 'calibrated/spread/0',
} as const;

function cellsOf(member: MeasuredMember): CsvCell[] {
  const numbers = [
    ...proxies.map((name) => member.values.get(name)),
    ...Object.values(draws).map((group) => member.draws.get(group)?.entropy),
  ];
  return [
    member.genotype,
    member.part,
    member.accuracy,
    ...numbers.map((value) => (value === undefined ? undefined : Number(value.toPrecision(7)))),
  ];
}

const [journal = 'space-scores.jsonl'] = process.argv.slice(2);
const titles = ['space', 'data_set', 'genotype', 'part', 'accuracy', ...proxies, ...Object.keys(draws)];
const rows = columnsOf(journal)
  .filter(({ space }) => space !== 'zoo')
  .toSorted((a, b) => Number(a.space > b.space) - Number(a.space < b.space))
  .flatMap(({ space, dataSet, members }) => members.map((member) => [space, dataSet, ...cellsOf(member)]));
writeFileSync(
  join(import.meta.dirname, '../../examples/benchmarks/spaces.csv'),
  csv([titles, ...rows]).replaceAll('\r\n', '\n'),
);
