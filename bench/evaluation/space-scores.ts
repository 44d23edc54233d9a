// Scores of members of the spaces, a line each: all proxies, and VKDNW with what its spectra say under several norms and
// choices of tensors. Arguments: the folder of the tables, a journal, members of each of the two halves, and data sets
// (space/data set) that are wanted, all unless given. A journal that is there already is gone on with.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { own } from '../../server/base/own.ts';
import type { DataSet } from '../../server/evaluation/benchmark.ts';
import { parseTable } from '../../server/evaluation/table.ts';
import { MeasuringContext, measureProxies } from '../../server/proxies/measure.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { namedSettings, parseNorm, parseTensors } from '../../server/score/settings.ts';
import { Scorer } from '../../server/score/scorer.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { integerStream } from '../../server/tensor/random.ts';
import manifest from '../../package.json' with { type: 'json' };
import { noStore, startEngine } from '../engine.ts';
import { memberNetwork, spaces, type Space } from './spaces.ts';
import { spectrumRecord, type MemberRecord } from './space-records.ts';

const [folder = '../shared/data', journal = 'space-scores.jsonl', perHalf = '50', ...wanted] =
  process.argv.slice(2);

/** Proxies of one group are computed one after another, and share passes. Left out: GraSP for its time, and TE-NAS, which is of NAS-Bench-201 alone. */
const proxyGroups = {
  features: ['naswot', 'expressivity', 'progressivity', 'trainability'],
  logits: ['params', 'macs', 'layers', 'l2_norm', 'synflow', 'jacov', 'epe_nas'],
  gradients: ['grad_norm', 'snip', 'plain', 'fisher', 'zico', 'grad_sign', 'zen'],
} as const;

/** Draws of VKDNW as `settled` makes them, under norms and tensors, by the seed: their mean over 0 … 3 is that score. */
const draws: readonly string[] = [
  'eval/first/0',
  'calibrated/first/0',
  'eval/first/1',
  'eval/spread/0',
  'calibrated/spread/0',
  'calibrated/first/1',
  'eval/first/2',
  'eval/first/3',
];

/** What is computed first of all members, and so on. */
const waves: readonly (readonly string[])[] = [
  ['logits', 'features', 'eval/first/0'],
  ['gradients', 'calibrated/first/0', 'eval/first/1'],
  draws,
];

/** The classes are no part of what feature maps say: for CIFAR-100 they are those of CIFAR-10. */
const withoutFeatures: DataSet = 'cifar100';

function drawSettings(group: string): ScoreSettings {
  const [norm, tensors, seed] = group.split('/') as [string, string, string];
  return {
    ...namedSettings.settled,
    norm: parseNorm(norm),
    tensors: parseTensors(tensors),
    seed: Number(seed),
    seeds: 1,
  };
}

interface Task {
  readonly space: Space;
  readonly dataSet: DataSet;
  readonly genotype: string;
  readonly accuracy: number;
  readonly half: 0 | 1;
}

await main();

async function main(): Promise<void> {
  const columns = (wanted.length === 0 ? allColumns() : wanted).map((column) => {
    const [name, dataSet] = column.split('/') as [string, DataSet];
    const space = spaces.find((each) => each.name === name);
    if (space?.targets[dataSet] === undefined)
      throw new RangeError(`${column} is none of ${allColumns().join(', ')}`);
    return membersOf(space, dataSet);
  });
  const done = new Set(
    readJournal().map(({ space, dataSet, genotype, group }) => keyOf(space, dataSet, genotype, group)),
  );
  const engine = startEngine({ engine: 'onnx-cpu', threads: 1 });
  const scorer = new Scorer(engine, noStore);
  const abort = new AbortController();
  const block = 10;
  try {
    for (const wave of waves) {
      for (let start = 0; start < 2 * Number(perHalf); start += block) {
        for (const members of columns) {
          for (const group of wave) {
            if (group === 'features' && members[0]?.dataSet === withoutFeatures) continue;
            for (const task of members.slice(start, start + block)) {
              if (done.has(keyOf(task.space.name, task.dataSet, task.genotype, group))) continue;
              const record = await measureGroup(task, group);
              done.add(keyOf(task.space.name, task.dataSet, task.genotype, group));
              appendFileSync(journal, `${JSON.stringify(record)}\n`);
            }
          }
        }
      }
    }
  } finally {
    abort.abort();
    await engine.dispose();
  }

  async function measureGroup(
    { space, dataSet, genotype, accuracy, half }: Task,
    group: string,
  ): Promise<MemberRecord> {
    const network = memberNetwork(space, genotype, dataSet);
    const started = performance.now();
    const common = {
      space: space.name,
      dataSet,
      genotype,
      accuracy,
      half,
      group,
      version: manifest.version,
    };
    const names = own(proxyGroups, group);
    if (names !== undefined) {
      const context = new MeasuringContext(network, {
        scorer,
        engine,
        settings: namedSettings.live,
        signal: abort.signal,
      });
      const { values, failed, passing } = await measureProxies(names.map(proxyNamed), context);
      const milliseconds = Math.round(performance.now() - started);
      return {
        ...common,
        values,
        failed: { ...failed, ...passing },
        milliseconds,
        ...(context.engine === undefined ? {} : { engine: context.engine }),
      };
    }
    const outcome = await scorer.score(network, drawSettings(group));
    return {
      ...common,
      ...spectrumRecord(outcome),
      milliseconds: Math.round(performance.now() - started),
    };
  }
}

function allColumns(): readonly string[] {
  return spaces.flatMap(({ name, targets }) => Object.keys(targets).map((dataSet) => `${name}/${dataSet}`));
}

/** At random from the rows of the table, the two halves alternating. */
function membersOf(space: Space, dataSet: DataSet): readonly Task[] {
  const path = join(folder, space.file);
  const { columns, rows } = parseTable(readFileSync(path, 'utf8'), path);
  const genotype = columns.indexOf('genotype');
  const target = columns.indexOf(space.targets[dataSet]!);
  const reachable = columns.indexOf('reachable');
  const all = rows.filter(({ cells }) => reachable < 0 || cells[reachable] === '1');
  const draw = integerStream(0, `members of ${space.name}`);
  const left = [...all.keys()];
  return Array.from({ length: Math.min(2 * Number(perHalf), all.length) }, (_, place) => {
    const index = left.splice(draw(left.length), 1)[0]!;
    const { cells } = all[index]!;
    return {
      space,
      dataSet,
      genotype: cells[genotype]!.trim(),
      accuracy: Number(cells[target]),
      half: place % 2 === 0 ? 0 : 1,
    };
  });
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\t');
}

function readJournal(): readonly MemberRecord[] {
  if (!existsSync(journal)) return [];
  return readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as MemberRecord);
}
