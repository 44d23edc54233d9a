/**
 * Memory and time of the scores of the zoo's networks at their own resolution, a process each:
 *
 *     node scripts/node24.mjs bench/scoring/zoo-proxies.ts [--engine onnx-cpu] [--threads 2] [MODEL…]
 *
 * Prints a row for docs/benchmarks.md a network. Peaks are VmHWM, of the engine process and of the one that asks it.
 */

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { EngineChoice } from '../../server/engine/engine.ts';
import { Files } from '../../server/cli/files.ts';
import type { Network } from '../../server/network/network.ts';
import { totals } from '../../server/network/totals.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { MeasuringContext, measureProxies } from '../../server/proxies/measure.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { noStore, residentBytes, startEngine } from '../engine.ts';

/** Thirty of many kinds, from 32 × 32 to 299 × 299. */
const chosen = [
  'AlexNet',
  'VGG16BN',
  'GoogLeNet',
  'InceptionV3',
  'InceptionV4',
  'ResNet18',
  'ResNet50',
  'ResNeXt50',
  'WideResNet50',
  'SEResNet50',
  'DenseNet121',
  'SqueezeNet11',
  'Xception',
  'MobileNet100',
  'MobileNetV2',
  'MobileNetV3Large',
  'MnasNet100',
  'EfficientNetB0',
  'EfficientNetV2S',
  'FBNetC',
  'ProxylessMobile',
  'RegNetX1600MF',
  'RegNetY1600MF',
  'RepVGGA0',
  'Darknet53',
  'VoVNet39',
  'ResNet56A',
  'WRN16x10',
  'DeiTTi',
  'ViTB16',
];

const measured = [
  'synflow',
  'vkdnw_single',
  'expressivity',
  'progressivity',
  'trainability',
  'jacov',
] as const;

interface Row {
  readonly input: string;
  readonly parameters: number;
  readonly macs: number;
  readonly cells: readonly { readonly value?: number; readonly failure?: string; readonly seconds: number }[];
  readonly engine: number;
  readonly asking: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'onnx-cpu' },
    threads: { type: 'string', default: '2' },
    one: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const wanted = positionals.length === 0 ? chosen : positionals;
if (values.one) console.log(JSON.stringify(await rowOf(networkNamed(wanted[0]!))));
else {
  console.log(`| network | input | parameters | MACs | ${measured.join(' | ')} | engine | asking |`);
  console.log(`|${' --- |'.repeat(4 + measured.length + 2)}`);
  for (const name of wanted) console.log(line(name));
}

function networkNamed(name: string): Network {
  const folder = join(root, 'examples/zoo');
  const files = new Files();
  for (const file of readdirSync(folder).filter((own) => own.endsWith('.arch')))
    for (const { name: own, network } of files.analyse(join(folder, file)).models)
      if (own === name && network !== undefined) return network;
  throw new RangeError(`No model ${name} in examples/zoo.`);
}

async function rowOf(network: Network): Promise<Row> {
  const engine = startEngine({ engine: values.engine as EngineChoice, threads: Number(values.threads) });
  const context = new MeasuringContext(network, {
    scorer: new Scorer(engine, noStore),
    engine,
    settings: namedSettings.live,
    signal: new AbortController().signal,
  });
  const cells: Row['cells'][number][] = [];
  for (const name of measured) {
    const started = performance.now();
    const { values: own, failed, passing } = await measureProxies([proxyNamed(name)], context);
    const seconds = (performance.now() - started) / 1000;
    const [value] = Object.values(own);
    const [failure] = [...Object.values(failed), ...Object.values(passing)];
    cells.push({
      seconds,
      ...(value === undefined ? {} : { value }),
      ...(failure === undefined ? {} : { failure }),
    });
  }
  const peaks = [engine.status().pid, process.pid].map((pid) => residentBytes(pid)?.peak ?? 0);
  await engine.dispose();
  const { params, macs } = totals(network);
  return {
    input: network.inputShape.join('×'),
    parameters: params,
    macs,
    cells,
    engine: peaks[0]!,
    asking: peaks[1]!,
  };
}

function line(name: string): string {
  const own = ['--one', '--engine', values.engine, '--threads', values.threads, name];
  const text = execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...own], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { input, parameters, macs, cells, engine, asking } = JSON.parse(text) as Row;
  const shown = cells.map(
    ({ value, failure, seconds }) => `${value?.toPrecision(6) ?? failure ?? ''}, ${seconds.toFixed(1)} s`,
  );
  const sizes = [`${(parameters / 1e6).toFixed(1)} M`, `${(macs / 1e9).toFixed(2)} G`];
  const peaks = [engine, asking].map((bytes) => `${(bytes / 1e9).toFixed(2)} GB`);
  return `| ${[name, input, ...sizes, ...shown, ...peaks].join(' | ')} |`;
}
