import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Files } from '../server/cli/files.ts';
import { Project } from '../server/language/project.ts';
import { nasBench201 } from '../server/network/nasbench201.ts';
import type { Network } from '../server/network/network.ts';

/** Genotypes of NAS-Bench-201 by their cost. */
export const genotypes = {
  heaviest: '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|',
  middling: '|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|none~2|',
  light: '|skip_connect~0|+|nor_conv_1x1~0|none~1|+|avg_pool_3x3~0|skip_connect~1|nor_conv_1x1~2|',
} as const;

export interface NamedNetwork {
  readonly name: string;
  readonly network: Network;
}

export function nasBench201Networks(): NamedNetwork[] {
  return (Object.keys(genotypes) as (keyof typeof genotypes)[]).map((weight) => ({
    name: `NAS-Bench-201, ${weight}`,
    network: nasBench201(genotypes[weight]),
  }));
}

export function heaviest(): Network {
  return nasBench201(genotypes.heaviest);
}

/** @param folder of the examples */
export function exampleNetworks(folder: string): NamedNetwork[] {
  const files = new Files();
  return [
    { name: 'ResNet-20', file: 'resnet20.arch' },
    { name: 'MobileNetV2, 224, 1,000 classes', file: 'mobilenetv2.arch' },
    { name: 'ViT, 12 encoders', file: 'vit-tiny.arch' },
  ].map(({ name, file }) => ({ name, network: firstNetwork(files.analyse(join(folder, file)).models) }));
}

/** The first model of a text without imports. */
export function networkOf(text: string): Network {
  return firstNetwork(new Project({ read: () => text }).analyse('file:///bench.arch').models);
}

function firstNetwork(models: readonly { readonly network?: Network | undefined }[]): Network {
  const network = models[0]?.network;
  if (network === undefined) {
    throw new Error('a network of the benchmark has errors');
  }
  return network;
}

/** A model of `examples/zoo` by its name. @throws RangeError where there is none */
export function zooNetwork(name: string): Network {
  const folder = fileURLToPath(new URL('../examples/zoo', import.meta.url));
  const files = new Files();
  for (const file of readdirSync(folder).filter((own) => own.endsWith('.arch')))
    for (const { name: own, network } of files.analyse(join(folder, file)).models)
      if (own === name && network !== undefined) return network;
  throw new RangeError(`No model ${name} in examples/zoo.`);
}

/**
 * A model of a file, for images of another side than it is written for, or as it is written.
 *
 * @returns undefined where it does not take them
 */
export function networkOfSide(file: string, model: string, side?: number): Network | undefined {
  const written = readFileSync(file, 'utf8');
  const text =
    side === undefined ? written : written.replaceAll(/\binput \d+x\d+x/g, `input ${side}x${side}x`);
  const { models } = new Files(new Map([[file, text]])).analyse(file);
  const network = models.find(({ name }) => name === model)?.network;
  return side === undefined || network?.inputShape[1] === side ? network : undefined;
}
