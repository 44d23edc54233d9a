import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Files } from '../../server/cli/files.ts';
import { parseTable } from '../../server/evaluation/table.ts';
import type { Network } from '../../server/network/network.ts';
import { totals } from '../../server/network/totals.ts';
import type { Member } from './member-groups.ts';

const folder = join(import.meta.dirname, '../../examples/zoo');

const task = 'ImageNet 224';

/** The networks of the zoo for one task with their published top-1, in percent; those of fewer multiply-accumulates first. */
export function zooMembers(): readonly Member[] {
  const path = join(folder, 'published.csv');
  const { columns, rows } = parseTable(readFileSync(path, 'utf8'), path);
  const files = new Files();
  return rows
    .map(
      ({ cells }) =>
        (title: string) =>
          cells[columns.indexOf(title)]!,
    )
    .filter((cell) => cell('task') === task && cell('top1') !== '')
    .map((cell) => {
      const network = modelOf(files, cell('file'), cell('model'));
      return { name: cell('name'), top1: Number(cell('top1')), network, macs: totals(network).macs };
    })
    .toSorted((a, b) => a.macs - b.macs)
    .map(({ name, top1, network }, place) => ({
      space: 'zoo',
      dataSet: 'imagenet',
      genotype: name,
      accuracy: top1,
      half: place % 2 === 0 ? 0 : 1,
      network: () => network,
    }));
}

/** @throws Error where the file has no such network */
function modelOf(files: Files, file: string, model: string): Network {
  const network = files.analyse(join(folder, file)).models.find(({ name }) => name === model)?.network;
  if (network === undefined) throw new Error(`${file} has no network ${model}`);
  return network;
}
