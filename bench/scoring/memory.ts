/**
 * Memory of a draw of `settled`: predicted before anything is there, and as it comes to, for networks of the zoo at their own resolution.
 *
 *     node scripts/node24.mjs bench/scoring/memory.ts [--threads 2] [MODEL…]
 *
 * Prints the table of docs/benchmarks.md. Peaks are VmHWM of an engine process that has done nothing else (Linux alone has them). Each
 * further draw takes the same memory again.
 */

import process from 'node:process';
import { parseArgs } from 'node:util';
import { formatBytes, formatCount } from '../../server/base/quantities.ts';
import { jobMemory } from '../../server/engine/job-memory.ts';
import { createOnnxExecutor } from '../../server/engine/onnx/executor.ts';
import { planJacobian } from '../../server/fisher/plan.ts';
import { totals } from '../../server/network/totals.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { noStore, outcomeOf, residentBytes, startEngine } from '../engine.ts';
import { zooNetwork } from '../networks.ts';

/** Of many kinds, with the largest of images and of weights. */
const chosen = [
  ...[
    'ResNet20A',
    'MobileNetV2',
    'EfficientNetB0',
    'DenseNet121',
    'ViTB16',
    'ResNet50',
    'ConvNeXtT',
    'WRN28x10',
  ],
  ...['VGG16BN', 'InceptionV4', 'ResNeXt101', 'ConvNeXtB', 'VGG19BN'],
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '2' } },
});
const threads = Number(values.threads);
const settings = { ...namedSettings.settled, seeds: 1 };
const executor = await createOnnxExecutor(threads);

process.stdout.write(
  '| network | parameters | weights, predicted | all, predicted | peak | predicted of peak |\n| --- | ---: | ---: | ---: | ---: | ---: |\n',
);
for (const name of positionals.length > 0 ? positionals : chosen) {
  const network = zooNetwork(name);
  const plan = planJacobian(network, settings);
  const program = plan.passes[0]!.program({ seed: settings.seed });
  const job = { program, chunks: settings.samples / plan.batch, bindings: {}, seed: settings.seed };
  const { weights, total } = jobMemory(executor, job);
  const engine = startEngine({ engine: 'onnx-cpu', threads });
  try {
    await outcomeOf(new Scorer(engine, noStore), network, settings);
    const peak = residentBytes(engine.status().pid)?.peak ?? NaN;
    const cells = [
      formatCount(totals(network).params),
      formatBytes(weights),
      formatBytes(total),
      formatBytes(peak),
      (total / peak).toFixed(2),
    ];
    process.stdout.write(`| ${[name, ...cells].join(' | ')} |\n`);
  } finally {
    await engine.dispose();
  }
}
