import { expect, test } from 'vitest';
import { sheetFile } from '../../server/plot/sheet.ts';
import { toCsv, toJson } from '../../server/plot/tables.ts';
import { picture } from './support/pictures.ts';

const marks = [
  { kind: 'rank', short: 'rank 27 of 64', message: 'At most ln 3.' },
  { kind: 'saturated', short: 'softmax saturated', message: 'One class each.' },
] as const;
const series = [
  { name: 'Sound', picture: picture() },
  { name: 'Marked', picture: picture({ model: 'Marked', marks }) },
];

test('what takes something from a score goes along, also of a model that is laid over: as CSV', () => {
  const lines = toCsv(series).split('\r\n');
  expect(lines).toContain('Marked,mark,rank 27 of 64,At most ln 3.,');
  expect(lines).toContain('Marked,mark,softmax saturated,One class each.,');
  expect(lines.filter((line) => line.startsWith('Sound,mark'))).toEqual([]);
});

test('as JSON', () => {
  const { series: read } = JSON.parse(toJson(series)) as { series: { picture: { marks?: unknown } }[] };
  expect(read.map(({ picture: { marks: found } }) => found)).toEqual([undefined, marks]);
});

test('as a picture: beside the number, and below with the reason', () => {
  const sheet = sheetFile(series);
  expect(sheet).toMatch(/2\.100 ± 0\.020 \(rank 27 of 64\) \(±0\.000\)/);
  expect(sheet).toContain('Marked: At most ln 3.');
  expect(sheet).toContain('Marked: One class each.');
});
