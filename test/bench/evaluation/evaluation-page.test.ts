import { expect, it } from 'vitest';
import { pairedDifferences, settingCost } from '../../../bench/evaluation/compared-settings.ts';
import { nasBench201 } from '../../../server/network/nasbench201.ts';
import { agreementLines, differenceLines, resultLines } from '../../../bench/evaluation/evaluation-page.ts';
import { evaluateColumns } from '../../../server/evaluation/evaluation.ts';
import { parseTable } from '../../../server/evaluation/table.ts';

const own = parseTable(
  'genotype,accuracy,naswot,vkdnw_agg − macs\nd,90,4,1\na,60,1,2\nb,70,2,3\nc,80,3,4\n',
  'own.csv',
);

it('puts what was measured beside what was published, and the ablation below', () => {
  const scores = evaluateColumns(
    [
      { name: 'naswot', better: 'higher', values: [4, 1, 2, 3] },
      { name: 'vkdnw_single@settled', better: 'lower', values: [1, 4, 3, 2] },
      { name: 'synflow', better: 'higher', values: [4, 1, undefined, 3] },
      { name: 'forest (graph)', better: 'higher', values: [4, 1, 2, 3] },
      { name: 'vkdnw_agg − macs', better: 'higher', values: [1, 2, 3, 4] },
    ],
    [90, 60, 70, 80],
    { depth: 1000, top: 2, resamples: 0, seed: 0 },
  );
  const lines = resultLines({ title: 'CIFAR-100', dataSet: 1, table: own, scores, settings: ['costs', ''] });
  expect(lines[0]).toBe('### CIFAR-100, 4 networks');
  expect(lines).toContain('| `naswot` | 1.000 | 1.000 | 1.000 | .607 .799 .475 | +.393 +.201 |');
  expect(lines).toContain(
    '| `vkdnw_single@settled` | 1.000 | 1.000 | 1.000 | .634 .829 .617 | +.366 +.171 |',
  );
  expect(lines).toContain('| `synflow`, 3 networks | 1.000 | 1.000 | 1.000 | .553 .750 .594 | +.447 +.250 |');
  expect(lines).toContain('| `forest (graph)` | 1.000 | 1.000 | 1.000 | .809 .948 .858 | +.191 +.052 |');
  expect(lines).toContain('costs');
  expect(lines.filter((line) => line.startsWith('| `macs` | .000 |'))).toHaveLength(1);
});

it('counts what a score takes under a setting, in forward passes of 64 samples', () => {
  const networks = ['|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|nor_conv_1x1~2|'].map(
    (genotype) => nasBench201(genotype, { channels: 4, cells: 1, input: [3, 8, 8], classes: 10 }),
  );
  const [live, settled, paper] = (['live', 'settled', 'paper'] as const).map((setting) =>
    settingCost(networks, setting),
  );
  // Four draws of the same kind instead of three.
  expect(settled! / live!).toBeCloseTo(4 / 3, 6);
  // Nine directions backward, and what the chosen derivatives take.
  expect(paper).toBeGreaterThan(1 + 9);
});

it('correlates with published scores of the same networks', () => {
  const published = parseTable('index,nwot\n0,10\n1,30\n2,20\n9,5\n', 'published.csv');
  const benchmark = parseTable('index,genotype\n0,a\n1,b\n2,c\n3,d\n', 'benchmark.csv');
  expect(agreementLines(own, published, benchmark)).toContain(
    '| `naswot` | .500 | 1.000 | 1.000 | .333 | .500 | 3 |',
  );
});

it('compares settings on the networks that both have a score for', () => {
  const targets = Array.from({ length: 40 }, (_, row) => row);
  const good = targets.map((row) => (row % 10 === 0 ? null : row));
  const bad = targets.map((row) => (row % 3 === 0 ? 40 - row : row));
  const scores = evaluateColumns(
    [
      { name: 'vkdnw_single@settled', better: 'higher', values: good.map((value) => value ?? undefined) },
      { name: 'vkdnw_single@paper', better: 'higher', values: bad },
    ],
    targets,
    { depth: 1000, top: 2, resamples: 0, seed: 0 },
  );
  const [tau, rho] = pairedDifferences(good, bad, targets);
  const common = evaluateColumns(
    [{ name: 'paper', better: 'higher', values: bad.filter((_, row) => good[row] !== null) }],
    targets.filter((_, row) => good[row] !== null),
    { depth: 1000, top: 2, resamples: 0, seed: 0 },
  )[0]!.metrics;
  expect(tau!.value).toBeCloseTo(1 - common.find(({ name }) => name === 'tau')!.value!, 12);
  expect(rho!.value).toBeCloseTo(1 - common.find(({ name }) => name === 'rho')!.value!, 12);
  expect(tau!.interval!.low).toBeGreaterThan(0);
  expect(tau!.interval!.low).toBeLessThan(tau!.value!);
  expect(differenceLines(scores, targets)).toEqual([
    expect.stringMatching(
      /^`vkdnw_single@settled` less `vkdnw_single@paper` on the same networks: tau \+\.\d{3} \[\+\.\d{3}, \+\.\d{3}\], rho \+/,
    ),
    '',
  ]);
});
