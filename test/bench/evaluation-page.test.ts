import { expect, it } from 'vitest';
import { agreementLines, resultLines } from '../../bench/evaluation-page.ts';
import { evaluateColumns } from '../../server/evaluation/evaluation.ts';
import { parseTable } from '../../server/evaluation/table.ts';

const own = parseTable(
  'genotype,accuracy,naswot,vkdnw_agg − macs\nd,90,4,1\na,60,1,2\nb,70,2,3\nc,80,3,4\n',
  'own.csv',
);

it('puts what was measured beside what was published, and the ablation below', () => {
  const scores = evaluateColumns(
    [
      { name: 'naswot', better: 'higher', values: [4, 1, 2, 3] },
      { name: 'vkdnw_single@settled', better: 'lower', values: [1, 4, 3, 2] },
      { name: 'vkdnw_agg − macs', better: 'higher', values: [1, 2, 3, 4] },
    ],
    [90, 60, 70, 80],
    { depth: 1000, top: 2, resamples: 0, seed: 0 },
  );
  const lines = resultLines({ title: 'CIFAR-100', dataSet: 1, table: own, scores });
  expect(lines[0]).toBe('### CIFAR-100, 4 networks');
  expect(lines).toContain('| `naswot` | 1.000 | 1.000 | 1.000 | .607 .799 .475 | +.393 +.201 |');
  expect(lines).toContain(
    '| `vkdnw_single@settled` | 1.000 | 1.000 | 1.000 | .634 .829 .617 | +.366 +.171 |',
  );
  expect(lines.filter((line) => line.startsWith('| `macs` | .000 |'))).toHaveLength(1);
});

it('correlates with published scores of the same networks', () => {
  const published = parseTable('index,nwot\n0,10\n1,30\n2,20\n9,5\n', 'published.csv');
  const benchmark = parseTable('index,genotype\n0,a\n1,b\n2,c\n3,d\n', 'benchmark.csv');
  expect(agreementLines(own, published, benchmark)).toContain('| `naswot` | .500 | 3 |');
});
