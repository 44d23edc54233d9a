import { formatCorrelation } from '../../server/base/quantities.ts';
import type { Tau } from '../../server/worth/worth.ts';
import type { SpaceColumn } from './space-columns.ts';

const columnTitles: Readonly<Record<string, string>> = {
  'nas-bench-201/cifar10': 'NAS-Bench-201, CIFAR-10',
  'nas-bench-201/cifar100': 'NAS-Bench-201, CIFAR-100',
  'nas-bench-201/imagenet16-120': 'NAS-Bench-201, ImageNet16-120',
  'nats-size/cifar10': 'NATS size, CIFAR-10',
  'nats-size/cifar100': 'NATS size, CIFAR-100',
  'nats-size/imagenet16-120': 'NATS size, ImageNet16-120',
  'nasbench-macro/cifar10': 'NASBench-Macro, CIFAR-10',
};

/** A column's title, for people. */
export function titleOf({ space, dataSet }: Pick<SpaceColumn, 'space' | 'dataSet'>): string {
  return columnTitles[`${space}/${dataSet}`] ?? `${space}, ${dataSet}`;
}

/** `.578 [.512, .634]` */
export function tauText({ tau, low, high }: Tau): string {
  return `${formatCorrelation(tau)} [${formatCorrelation(low)}, ${formatCorrelation(high)}]`;
}

export function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function tableHead(titles: readonly string[]): string[] {
  return [rowOf(titles), rowOf(titles.map(() => '---'))];
}
