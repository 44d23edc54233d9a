import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from '../../server/network/network.ts';
import { totals } from '../../server/network/totals.ts';
import { networkOfSide } from '../networks.ts';

export interface ZooNetwork {
  readonly name: string;
  /** `ImageNet 224` */
  readonly task: string;
  readonly network: Network;
  /** Side of the images, which is less than the published one where that would cost too much. */
  readonly side: number;
  readonly publishedSide: number;
}

const leastSide = 32;
const step = 32;

/**
 * The classifiers of `examples/zoo`, in the order of its table.
 *
 * @param most multiply-accumulates of one forward pass: of costlier networks the images are made smaller, a step at a time, as
 *   far as the network allows
 */
export function zooNetworks(root: string, most: number): readonly ZooNetwork[] {
  const folder = join(root, 'examples/zoo');
  const [header, ...lines] = readFileSync(join(folder, 'published.csv'), 'utf8').trimEnd().split('\n');
  const columns = header!.split(',');
  return lines.map((line) => {
    const cells = new Map(line.split(',').map((cell, index) => [columns[index]!, cell]));
    const [path, model] = [join(folder, cells.get('file')!), cells.get('model')!];
    const whole = networkOfSide(path, model);
    if (whole === undefined) throw new Error(`${model} of ${path} has errors`);
    const publishedSide = whole.inputShape[1]!;
    const named = { name: cells.get('name')!, task: cells.get('task')!, publishedSide };
    let found = { network: whole, side: publishedSide };
    for (const side of smallerSides(publishedSide)) {
      if (totals(found.network).macs <= most) break;
      const network = networkOfSide(path, model, side);
      if (network !== undefined) found = { network, side };
    }
    return { ...named, ...found };
  });
}

function smallerSides(published: number): readonly number[] {
  if (published <= leastSide) return [published / 2, published / 4];
  return Array.from({ length: published / step }, (_, index) => index * step)
    .filter((side) => side >= leastSide && side < published)
    .reverse();
}
