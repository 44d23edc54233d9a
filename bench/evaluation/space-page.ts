// node bench/evaluation/space-page.ts JOURNAL
// writes the sections of docs/evaluation.md about spaces of other networks than NAS-Bench-201's, from a journal of `space-scores.ts`.
import { join } from 'node:path';
import process from 'node:process';
import { formatCorrelation } from '../../server/base/quantities.ts';
import { namedAggregates } from '../../server/proxies/aggregates.ts';
import { writeSection } from '../page.ts';
import { spearman } from '../statistics.ts';
import { aggregateLines } from './aggregate-evidence.ts';
import { rowOf, tableHead, tauText, titleOf } from './markdown-tables.ts';
import { columnsOf, type MeasuredMember, type SpaceColumn } from './space-columns.ts';
import {
  aggregateScores,
  estimate,
  mean,
  scoresOf,
  tauStatistic,
  wholeColumns,
  withinStatistic,
  type Statistic,
} from './space-statistics.ts';
import { spectrumLines } from './spectrum-lines.ts';
import { zooLines } from './zoo-lines.ts';

const spaceNames = ['nas-bench-201', 'nats-size', 'nasbench-macro'] as const;

const shownMetrics = [
  'params',
  'macs',
  'layers',
  'l2_norm',
  'synflow',
  'naswot',
  'expressivity',
  'progressivity',
  'trainability',
  'jacov',
  'epe_nas',
  'vkdnw',
  'vkdnw_single',
];

const settings = [
  'eval/first',
  'normalised/first',
  'calibrated/first',
  'eval/spread',
  'calibrated/spread',
] as const;

const command = [
  '```',
  'node bench/evaluation/space-scores.ts ../shared/data JOURNAL 50 40     # hours; goes on where it was',
  'node bench/evaluation/space-page.ts JOURNAL                            # these sections',
  'node bench/evaluation/worth-file.ts JOURNAL                            # server/worth/measured.json',
  'node bench/evaluation/trust-tables.ts                                  # the tables of docs/trust.md',
  '```',
];

/** The tables of all spaces. */
function spaceLines(all: readonly SpaceColumn[]): string[] {
  const needs = ['counts', 'maps', 'activations', 'jacov', 'eval/first/0'];
  const columns = spaceNames.flatMap((space) => wholeColumns(all, space, needs));
  const aggregates = namedAggregates.filter(({ parts }) =>
    parts.every((part) => shownMetrics.includes(part)),
  );
  const row = (name: string, scores: (members: readonly MeasuredMember[]) => readonly number[]): string =>
    rowOf([
      `\`${name}\``,
      ...columns.map(({ members }) =>
        tauText(estimate(tauStatistic(scores(members), members), members.length)),
      ),
    ]);
  return [
    "Kendall's tau-b with accuracy of random members of three spaces, each measured by itself: cells of one skeleton, widths of one skeleton",
    '(NATS-Bench, trained for 90 epochs), and layers of three kinds, one of them an identity (NASBench-Macro). Random input, one draw;',
    'VKDNW with N 64, M 16. In brackets 95 % intervals of the bootstrap over networks. What gradients by all weights take was left out for',
    'its time. In the size space ℵ differs only by the skips that become convolutions where widths differ. A network without a number is the',
    'worst by it ([how many, and without them](trust.md#how-to-read-the-tables)).',
    '',
    ...command,
    '',
    ...tableHead(['score', ...columns.map(titleOf)]),
    ...shownMetrics.map((metric) => row(metric, (members) => scoresOf(members, metric))),
    ...aggregates.map((aggregate) => row(aggregate.name, (members) => aggregateScores(members, aggregate))),
    '',
    `Networks: ${columns.map((column) => `${column.members.length}`).join(', ')}.`,
    '',
    ...settingLines(all),
    ...spectrumLines(all, spaceNames),
  ];
}

function settingLines(all: readonly SpaceColumn[]): string[] {
  const needs = ['counts', ...settings.map((setting) => `${setting}/0`)];
  const one = all.filter(({ dataSet }) => dataSet === 'cifar10');
  const columns = spaceNames.flatMap((space) => wholeColumns(one, space, needs));
  if (columns.some(({ members }) => members.length < 10)) return [];
  const layersOf = (members: readonly MeasuredMember[]) => (row: number) =>
    members[row]!.values.get('layers');
  return [
    '### Norms and tensors of VKDNW',
    '',
    'The entropy under other [norms](score.md#norms) and [tensors](score.md#chosen-weights), one draw each (N 64, M 16, S 1): tau-b among all, and within',
    'equal ℵ (over pairs of equal ℵ; NASBench-Macro and NAS-Bench-201, where ℵ varies).',
    '',
    ...tableHead(['norms, tensors', ...columns.map(titleOf)]),
    ...settings.map((setting) =>
      rowOf([
        setting.replace('/', ', '),
        ...columns.map(({ members }) =>
          tauText(estimate(tauStatistic(scoresOf(members, `vkdnw@${setting}`), members), members.length)),
        ),
      ]),
    ),
    ...settings.map((setting) =>
      rowOf([
        `${setting.replace('/', ', ')}, within equal ℵ`,
        ...columns.map(({ members }) =>
          tauText(
            estimate(
              withinStatistic(scoresOf(members, `vkdnw@${setting}`), members, layersOf(members)),
              members.length,
            ),
          ),
        ),
      ]),
    ),
    '',
    `Networks: ${columns.map(({ members }) => members.length).join(', ')}.`,
    '',
    ...choiceLines(columns),
    ...retestLines(one),
  ];
}

/** VKDNW_single of every setting on the space that chooses, and on the others; and less the setting of the paper, on the same networks. */
function choiceLines(columns: readonly SpaceColumn[]): string[] {
  const single = (members: readonly MeasuredMember[], setting: string): Statistic =>
    tauStatistic(scoresOf(members, `vkdnw_single@${setting}`), members);
  const [paper] = settings;
  return [
    'VKDNW_single, which ranks by default, chosen on NAS-Bench-201 and reported on the others; in the second line of a setting what it is',
    `better than ${paper.replace('/', ', ')} on the same networks:`,
    '',
    ...tableHead(['norms, tensors', ...columns.map(titleOf)]),
    ...settings.flatMap((setting) => [
      rowOf([
        setting.replace('/', ', '),
        ...columns.map(({ members }) => tauText(estimate(single(members, setting), members.length))),
      ]),
      ...(setting === paper
        ? []
        : [
            rowOf([
              `${setting.replace('/', ', ')}, difference`,
              ...columns.map(({ members }) => {
                const [own, other] = [single(members, setting), single(members, paper)];
                return tauText(estimate((counts) => own(counts) - other(counts), members.length));
              }),
            ]),
          ]),
    ]),
    '',
    'So the default stays what the paper has, norms in evaluation mode, the first tensors, its softmax: no setting is better than that on',
    'NAS-Bench-201 by more than the noise of the choice of networks, and none makes the entropy order another space the right way round.',
    'The normalised softmax gains a little on NAS-Bench-201 ([300 networks](#measured)) and nothing that can be told from noise elsewhere;',
    'calibrated norms move the entropy towards 0 in the size space and lose on NAS-Bench-201.',
    '',
  ];
}

function retestLines(all: readonly SpaceColumn[]): string[] {
  const rows = (['eval/first', 'calibrated/first'] as const).flatMap((setting) => {
    const columns = spaceNames.flatMap((space) =>
      wholeColumns(all, space, ['counts', `${setting}/0`, `${setting}/1`]),
    );
    if (columns.some(({ members }) => members.length < 10)) return [];
    const each = columns.map(({ members }) => {
      const [one, other] = [0, 1].map((seed) =>
        members.map(({ draws }) => draws.get(`${setting}/${seed}`)?.entropy ?? 0),
      );
      return spearman(one!, other!) ?? 0;
    });
    return [
      rowOf([setting.replace('/', ', '), ...each.map(formatCorrelation), formatCorrelation(mean(each))]),
    ];
  });
  const titles = spaceNames.flatMap((space) => all.filter((column) => column.space === space).map(titleOf));
  return rows.length === 0
    ? []
    : [
        'Test-retest: Spearman of the entropies of two draws (seeds 0 and 1).',
        '',
        ...tableHead(['norms, tensors', ...titles, 'mean']),
        ...rows,
        '',
      ];
}

if (process.argv[1] === import.meta.filename) {
  const [journal = 'space-scores.jsonl'] = process.argv.slice(2);
  const page = join(import.meta.dirname, '../../docs/evaluation.md');
  const all = columnsOf(journal);
  writeSection(page, 'Other spaces', spaceLines(all));
  if (all.some(({ space }) => space === 'zoo')) writeSection(page, 'Zoo', zooLines(all));
  writeSection(page, 'A robust aggregate', aggregateLines(all));
}
