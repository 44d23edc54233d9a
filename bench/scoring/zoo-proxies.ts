/**
 * Memory and time of what `vkdnw_agg` and `az_nas` are made of, of the zoo's networks at their own resolution, a process each:
 *
 *     node scripts/node24.mjs bench/scoring/zoo-proxies.ts out/zoo-proxies.jsonl [--engine onnx-cpu] [--threads 2] [--seeds 1] [MODEL…]
 *
 * Adds a line to the journal for each network that it lacks, and prints the table of docs/evaluation.md of all that it has. Peaks are
 * VmHWM of the engine process, seconds those of its processor time: wall time belongs to the machine.
 */

import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { EngineChoice } from '../../server/engine/engine.ts';
import { totals } from '../../server/network/totals.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { MeasuringContext, measureProxies } from '../../server/proxies/measure.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { noStore, processorSeconds, residentBytes, startEngine } from '../engine.ts';
import { zooNetwork } from '../networks.ts';

/** Of many kinds, the small ones first: thirty that have all parts, and three in the last line that lack some. */
const chosen = [
  ...[
    'ResNet20A',
    'ResNet56A',
    'ResNet110A',
    'PreResNet56',
    'SEResNet20',
    'Nb201Cifar10',
    'DenseNetBC100',
    'ResNet18Cifar',
    'ResNeXt29',
  ],
  ...[
    'MobileNetV2',
    'ResNet50',
    'ViTB16',
    'MobileNetV3Small',
    'MobileNetV3Large',
    'MnasNet050',
    'MnasNet100',
  ],
  ...['DeiTTi', 'RegNetX400MF', 'FBNetC', 'EfficientNetB0', 'ProxylessMobile', 'RegNetY400MF', 'PeleeNet'],
  ...['ResNet18', 'SEResNet18', 'RegNetX1600MF', 'GoogLeNet'],
  ...['AlexNet', 'SqueezeNet11', 'MobileNet025'],
];

/** The parts of both but MACs, which are free. */
const measured = ['vkdnw_single', 'jacov', 'expressivity', 'progressivity', 'trainability'] as const;

interface Row {
  readonly name: string;
  readonly input: string;
  readonly parameters: number;
  readonly macs: number;
  readonly cells: readonly Cell[];
  /** Bytes of the engine process. */
  readonly peak: number;
}

interface Cell {
  readonly value?: number;
  readonly failure?: string;
  /** Processor seconds of the engine. */
  readonly seconds: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'onnx-cpu' },
    threads: { type: 'string', default: '2' },
    seeds: { type: 'string', default: '1' },
    one: { type: 'boolean', default: false },
  },
});
const [journal, ...models] = positionals;
if (journal === undefined) throw new RangeError('Name a journal.');
if (values.one) console.log(JSON.stringify(await rowOf(models[0]!)));
else {
  mkdirSync(dirname(journal), { recursive: true });
  for (const name of models.length === 0 ? chosen : models)
    if (!rowsOf(journal).some((row) => row.name === name)) appendFileSync(journal, measuredApart(name));
  console.log(`| network | input | parameters | MACs | ${measured.join(' | ')} | peak |`);
  console.log(`| --- | --- |${' ---: |'.repeat(measured.length + 3)}`);
  for (const row of rowsOf(journal)) console.log(line(row));
}

function rowsOf(path: string): readonly Row[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Row);
}

function measuredApart(name: string): string {
  const options = ['--engine', values.engine, '--threads', values.threads, '--seeds', values.seeds];
  return execFileSync(
    process.execPath,
    [fileURLToPath(import.meta.url), journal!, '--one', ...options, name],
    { encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

async function rowOf(name: string): Promise<Row> {
  const network = zooNetwork(name);
  const engine = startEngine({ engine: values.engine as EngineChoice, threads: Number(values.threads) });
  const context = new MeasuringContext(network, {
    scorer: new Scorer(engine, noStore),
    engine,
    settings: { ...namedSettings.settled, seeds: Number(values.seeds) },
    signal: new AbortController().signal,
  });
  const cells: Cell[] = [];
  let before = 0;
  for (const proxy of measured) {
    const { values: own, failed, passing } = await measureProxies([proxyNamed(proxy)], context);
    const after = processorSeconds(engine.status().pid) ?? before;
    const [value] = Object.values(own);
    const [failure] = [...Object.values(failed), ...Object.values(passing)];
    cells.push({
      seconds: after - before,
      ...(value === undefined ? {} : { value }),
      ...(failure === undefined ? {} : { failure }),
    });
    before = after;
  }
  const peak = residentBytes(engine.status().pid)?.peak ?? 0;
  await engine.dispose();
  const { params, macs } = totals(network);
  return { name, input: network.inputShape.join('×'), parameters: params, macs, cells, peak };
}

function line({ name, input, parameters, macs, cells, peak }: Row): string {
  const shown = cells.map(({ value, failure, seconds }) =>
    value === undefined
      ? `*${failure?.split(':')[0] ?? ''}*`
      : `${value.toPrecision(5)}, ${seconds.toFixed(0)} s`,
  );
  const sizes = [`${(parameters / 1e6).toFixed(1)} M`, `${(macs / 1e9).toFixed(2)} G`];
  return `| ${[name, input, ...sizes, ...shown, `${(peak / 1e9).toFixed(2)} GB`].join(' | ')} |`;
}
