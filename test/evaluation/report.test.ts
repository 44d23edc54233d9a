import { expect, it } from 'vitest';
import { evaluationCsv } from '../../server/evaluation/report.ts';

it('keeps names of columns that look like formulas texts, and negative numbers numbers', () => {
  const csv = evaluationCsv({
    source: 'table.csv',
    target: '@accuracy',
    targets: [1, 2],
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
  expect(csv.split('\r\n')[1]).toBe("'=score,higher,'-tau,-0.5,,,2,'@accuracy");
});
