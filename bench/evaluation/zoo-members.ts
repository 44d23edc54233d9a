import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTable } from '../../server/evaluation/table.ts';
import { totals } from '../../server/network/totals.ts';
import { networkOfSide } from '../networks.ts';
import type { Member } from './member-groups.ts';

const folder = join(import.meta.dirname, '../../examples/zoo');

const task = 'ImageNet 224';

/** Sides that images are measured at, by the name of the data set. */
export const zooSides = { imagenet: 224, 'imagenet-64': 64 } as const;

/**
 * The networks of the zoo for one task with their published top-1, in percent; those of fewer multiply-accumulates first. Networks that do
 * not take images of the side are left out.
 *
 * @param most multiply-accumulates of an image of 224 × 224
 */
export function zooMembers(dataSet: keyof typeof zooSides, most = Infinity): readonly Member[] {
  const path = join(folder, 'published.csv');
  const { columns, rows } = parseTable(readFileSync(path, 'utf8'), path);
  return rows
    .map(
      ({ cells }) =>
        (title: string) =>
          cells[columns.indexOf(title)]!,
    )
    .filter((cell) => cell('task') === task && cell('top1') !== '')
    .map((cell) => {
      const [file, model] = [join(folder, cell('file')), cell('model')];
      const whole = networkOfSide(file, model, zooSides.imagenet);
      if (whole === undefined) throw new Error(`${file} has no network ${model}`);
      const network = networkOfSide(file, model, zooSides[dataSet]);
      return { name: cell('name'), top1: Number(cell('top1')), network, macs: totals(whole).macs };
    })
    .filter(({ macs }) => macs <= most)
    .toSorted((a, b) => a.macs - b.macs)
    .flatMap(({ name, top1, network }) =>
      network === undefined
        ? []
        : [
            {
              space: 'zoo',
              dataSet,
              genotype: name,
              accuracy: top1,
              part: 'report' as const,
              network: () => network,
            },
          ],
    );
}

/** By the name of a network, its family: the file of the zoo that it stands in. */
export function zooFamilies(): ReadonlyMap<string, string> {
  const path = join(folder, 'published.csv');
  const { columns, rows } = parseTable(readFileSync(path, 'utf8'), path);
  const [name, file] = ['name', 'file'].map((title) => columns.indexOf(title)) as [number, number];
  return new Map(rows.map(({ cells }) => [cells[name]!, cells[file]!.replace(/\.arch$/, '')]));
}
