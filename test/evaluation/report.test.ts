import { expect, it } from 'vitest';
import { evaluateColumns, type Evaluation } from '../../server/evaluation/evaluation.ts';
import { defaultMetricOptions } from '../../server/evaluation/metrics.ts';
import { evaluationCsv, evaluationJson } from '../../server/evaluation/report.ts';

it('keeps names of columns that look like formulas texts, and negative numbers numbers', () => {
  const csv = evaluationCsv({
    source: 'table.csv',
    target: '@accuracy',
    targets: [1, 2],
    names: [],
    scores: [
      {
        name: '=score',
        better: 'higher',
        metrics: [{ name: 'tau', title: '-tau', value: -0.5, interval: null }],
        values: [1, 2],
      },
    ],
    options: { depth: 1, top: 1, resamples: 0, seed: 0 },
    notes: [],
  });
  expect(csv.split('\r\n')[1]).toBe("'=score,higher,'-tau,-0.5,,,2,'@accuracy,");
});

it('says of a metric that is not defined why', () => {
  const targets = [1, 2, 3];
  const options = { ...defaultMetricOptions, resamples: 0 };
  const columns = [
    { name: 'same', better: 'higher', values: [5, 5, 5] },
    { name: 'few', better: 'higher', values: [1, undefined, 2] },
    { name: 'good', better: 'higher', values: [1, 2, 3] },
  ] as const;
  const evaluation: Evaluation = {
    source: 'table.csv',
    target: 'accuracy',
    targets,
    names: [],
    scores: evaluateColumns(columns, targets, options),
    options,
    notes: [],
  };
  const [header, ...lines] = evaluationCsv(evaluation)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  const [value, reason] = [header!.indexOf('value'), header!.indexOf('reason')];
  for (const line of lines) expect(line[value] === '', line.join()).toBe(line[reason] !== '');
  const ofTau = (name: string): string | undefined =>
    lines.find(([score, , metric]) => score === name && metric === 'Kendall tau-b')![reason];
  expect(['same', 'few', 'good'].map(ofTau)).toEqual([
    'same is the same for all networks',
    'fewer than 3 networks have a value',
    '',
  ]);
  expect(evaluationJson(evaluation)).toContain('"reason": "fewer than 3 networks have a value"');
});
