import { rowOf, tableHead, tauText, titleOf } from './markdown-tables.ts';
import type { DrawRecord } from './space-records.ts';
import type { SpaceColumn } from './space-columns.ts';
import { estimate, tauStatistic, wholeColumns } from './space-statistics.ts';

/** What else a spectrum says of a network, more being better if it is anything. */
const quantities: readonly (readonly [string, (draw: DrawRecord) => number])[] = [
  ['VKDNW', ({ entropy }) => entropy],
  ['ln trace of F', ({ trace }) => Math.log(trace)],
  ['ln largest eigenvalue', ({ top }) => Math.log(top)],
  ['ln trace less ln largest', ({ trace, top }) => Math.log(trace / top)],
  ['mean ln of positive eigenvalues', ({ logSum, positive }) => logSum / positive],
];

const settings = ['eval/first', 'calibrated/first'] as const;

/** Quantities of the spectrum that an aggregate could have had for parts, and why it has none. */
export function spectrumLines(all: readonly SpaceColumn[], spaces: readonly string[]): string[] {
  const columns = spaces.flatMap((space) =>
    wholeColumns(
      all,
      space,
      settings.map((setting) => `${setting}/0`),
    ),
  );
  if (columns.some(({ members }) => members.length < 20)) return [];
  return [
    '### Other numbers of the spectrum',
    '',
    'Tau-b of what else a spectrum gives for nothing, one draw (N 64, M 16). None orders all spaces the same way, so none is a part of an',
    'aggregate that is to hold on all of them.',
    '',
    ...tableHead(['norms, quantity', ...columns.map(titleOf)]),
    ...settings.flatMap((setting) =>
      quantities.map(([name, of]) =>
        rowOf([
          `${setting.split('/')[0]!}, ${name}`,
          ...columns.map(({ members }) => {
            const known = members.filter(({ draws }) => draws.has(`${setting}/0`));
            const scores = known.map(({ draws }) => of(draws.get(`${setting}/0`)!));
            return tauText(estimate(tauStatistic(scores, known), known.length));
          }),
        ]),
      ),
    ),
    '',
    `Networks: ${columns.map(({ members }) => members.length).join(', ')}.`,
    '',
  ];
}
