import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Files } from '../../server/cli/files.ts';
import type { Network } from '../../server/network/network.ts';
import { totals } from '../../server/network/totals.ts';

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
    const whole = networkAt(path, model);
    if (whole === undefined) throw new Error(`${model} of ${path} has errors`);
    const publishedSide = whole.inputShape[1]!;
    const named = { name: cells.get('name')!, task: cells.get('task')!, publishedSide };
    let found = { network: whole, side: publishedSide };
    for (const side of smallerSides(publishedSide)) {
      if (totals(found.network).macs <= most) break;
      const network = networkAt(path, model, side);
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

/** Undefined where the network does not take images of this size. @param side absent: as it is written */
function networkAt(path: string, model: string, side?: number): Network | undefined {
  const written = readFileSync(path, 'utf8');
  const text =
    side === undefined ? written : written.replaceAll(/^( *input )\d+x\d+x/gm, `$1${side}x${side}x`);
  const { models } = new Files(new Map([[path, text]])).analyse(path);
  return models.find(({ name }) => name === model)?.network;
}
