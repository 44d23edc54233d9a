import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModelAnalysis } from '../../../server/language/analysis.ts';
import type { Network, NetworkNode, NetworkTotals } from '../../../server/network/network.ts';
import { elementCount } from '../../../server/network/shape.ts';
import { diskProject } from './helpers.ts';

const folder = resolve(import.meta.dirname, '../../../examples/zoo');

/** What is published of a network: a row of `examples/zoo/published.csv`. */
export interface Published {
  readonly name: string;
  readonly file: string;
  readonly model: string;
  /** Networks of one task have one input and one number of classes. */
  readonly task: string;
  readonly parameters: number;
  /** Multiply-accumulates of convolutions and linear layers, biases not counted; absent where the source counts none. */
  readonly macs: number | undefined;
  /** An op that the source leaves out of its multiply-accumulates, or ''. */
  readonly without: string;
  /** Accuracy in percent, where it is known. */
  readonly top1: number | undefined;
  readonly source: string;
  readonly top1Source: string;
}

/** The table, in its order. No cell of it has a comma or a quotation mark. */
export function publishedNetworks(): readonly Published[] {
  const [header, ...lines] = readFileSync(join(folder, 'published.csv'), 'utf8').trimEnd().split('\n');
  const columns = header!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    if (cells.length !== columns.length) throw new Error(`${cells.length} cells in "${line}"`);
    const cell = (column: string): string => {
      const index = columns.indexOf(column);
      if (index < 0) throw new Error(`there is no column ${column}`);
      return cells[index]!;
    };
    const number = (column: string) => (cell(column) === '' ? undefined : Number(cell(column)));
    return {
      name: cell('name'),
      file: cell('file'),
      model: cell('model'),
      task: cell('task'),
      parameters: Number(cell('parameters')),
      macs: number('conv_linear_macs'),
      without: cell('without'),
      top1: number('top1'),
      source: cell('source'),
      top1Source: cell('top1_source'),
    };
  });
}

/** A file of the zoo. */
export interface ZooFile {
  readonly name: string;
  readonly uri: string;
  readonly text: string;
  readonly models: readonly ModelAnalysis[];
}

export const zooProject = diskProject();

/** All files, by name. */
export const zooFiles: readonly ZooFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.arch'))
  .sort()
  .map((name) => {
    const path = join(folder, name);
    const uri = pathToFileURL(path).href;
    return { name, uri, text: readFileSync(path, 'utf8'), models: zooProject.analyse(uri).models };
  });

/** A model of the zoo that is whole. */
interface ZooModel {
  readonly doc: string;
  readonly network: Network;
  readonly totals: NetworkTotals;
}

/** A model by its file and name; throws for one that has no network, or no comment. */
export function zooModel(file: string, model: string): ZooModel {
  const found = zooFiles.find(({ name }) => name === file)?.models.find(({ name }) => name === model);
  const { doc, network, totals } = found ?? {};
  if (doc === undefined || network === undefined || totals === undefined) {
    throw new Error(`${model} of ${file} has no network, or no comment`);
  }
  return { doc, network, totals };
}

/**
 * Multiply-accumulates of the weights of convolutions and linear layers for one image: what publications count. The
 * program counts one for every bias and the products of attention as well.
 *
 * @param without an op that is left out
 */
export function convLinearMacs(network: Network, without = ''): number {
  let macs = 0;
  for (const node of network.nodes) {
    if (node.layers === 0 || node.op === without) continue;
    for (const { shape } of node.params) if (shape.length > 1) macs += elementCount(shape) * uses(node);
  }
  return macs;
}

/** How often the weights of a layer are used for one image: at every position of it, for every token, or once. */
function uses({ op, shape }: NetworkNode): number {
  // Squeeze-and-excitation gives an image, but its linear layers see a vector.
  if (op === 'se') return 1;
  return elementCount(shape.length === 3 ? shape.slice(1) : shape.slice(0, -1));
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
