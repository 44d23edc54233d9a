/**
 * Expressivity, progressivity, trainability and Jacov of networks of the zoo at their own resolution, and the same by PyTorch from the
 * same weights, samples and signs:
 *
 *     node scripts/node24.mjs bench/peer/proxies.ts [--python python3] [--grasp] MODEL…
 *
 * `--grasp` compares GraSP instead, from the same two batches and labels: PyTorch's double backward takes much memory.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { featureMaps } from '../../server/proxies/feature-maps.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { randomLabels } from '../../server/proxies/measured.ts';
import { MeasuringContext, measureProxies } from '../../server/proxies/measure.ts';
import { trainabilityProgram } from '../../server/proxies/trainability.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { materialise } from '../../server/tensor/materialise.ts';
import type { Network } from '../../server/network/network.ts';
import { noStore, startEngine } from '../engine.ts';
import { zooNetwork } from '../networks.ts';
import { exportNetwork } from './export.ts';

const seed = 0;
const samples = 64;
const maps = ['expressivity', 'progressivity', 'trainability', 'jacov'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string', default: 'python3' }, grasp: { type: 'boolean', default: false } },
});
const compared: readonly string[] = values.grasp ? ['grasp'] : maps;
console.log('| network | score | Archlens | PyTorch | difference |\n| --- | --- | ---: | ---: | ---: |');
for (const name of positionals) {
  const network = zooNetwork(name);
  const own = await ownValues(network);
  const folder = mkdtempSync(join(tmpdir(), 'archlens-peer-'));
  try {
    writeAll(network, folder);
    const script = fileURLToPath(new URL('proxies.py', import.meta.url));
    const text = execFileSync(values.python, [script, folder, ...(values.grasp ? ['grasp'] : [])], {
      encoding: 'utf8',
    });
    const other = JSON.parse(text) as Readonly<Record<string, number>>;
    for (const proxy of compared) {
      const [mine, theirs] = [own[proxy]!, other[proxy]!];
      const difference = Math.abs(mine / theirs - 1).toExponential(1);
      console.log(`| ${[name, proxy, mine.toPrecision(7), theirs.toPrecision(7), difference].join(' | ')} |`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function ownValues(network: Network): Promise<Readonly<Record<string, number>>> {
  const engine = startEngine({ engine: 'onnx-cpu', threads: 2 });
  const context = new MeasuringContext(network, {
    scorer: new Scorer(engine, noStore),
    engine,
    settings: { ...namedSettings.settled, seed, seeds: 1 },
    signal: new AbortController().signal,
  });
  const { values: found } = await measureProxies(compared.map(proxyNamed), context);
  await engine.dispose();
  return found;
}

function writeAll(network: Network, folder: string): void {
  const count = values.grasp ? 2 * samples : samples;
  exportNetwork(network, { samples: count, weights: 1, tensors: 'first', indexSets: 1 }, seed, folder);
  if (values.grasp) {
    const labels = randomLabels(count, network.classes, seed);
    writeFileSync(join(folder, 'labels.json'), JSON.stringify(labels));
    return;
  }
  const path = join(folder, 'network.json');
  const ids = featureMaps(network).map(({ id }) => id);
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), maps: ids }));
  for (const [index, { input, shape }] of trainabilityProgram(network, samples).pairs.entries()) {
    const signs = materialise({ kind: 'signs', name: input, scale: 1 }, shape, seed);
    writeFileSync(join(folder, `signs.${index}.bin`), Int8Array.from(signs));
  }
}
