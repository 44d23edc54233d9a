// Scores of members of the spaces, and of the networks of the zoo. Arguments: the folder of the tables, a journal, members of each of the
// two halves, and columns (nats-size/cifar10, zoo/imagenet) that are wanted, all unless given. A journal that is there already is gone on
// with. `worth-file.ts` makes tables of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { DataSet } from '../../server/evaluation/benchmark.ts';
import { parseTable } from '../../server/evaluation/table.ts';
import { integerStream } from '../../server/tensor/random.ts';
import manifest from '../../package.json' with { type: 'json' };
import { startEngine } from '../engine.ts';
import { MemberGroups, type Member } from './member-groups.ts';
import { memberNetwork, spaces, type Space } from './spaces.ts';
import { zooMembers } from './zoo-members.ts';

const [folder = '../shared/data', journal = 'space-scores.jsonl', perHalf = '50', ...wanted] =
  process.argv.slice(2);

const zoo = 'zoo/imagenet';

interface Wave {
  /** Of the members. */
  readonly share: number;
  readonly groups: readonly string[];
}

/** What is computed first, of how many of the members, and so on: what takes longest of fewer ones. */
const waves: readonly Wave[] = [
  { share: 0.5, groups: ['logits', 'features', 'eval/first/0', 'calibrated/first/0'] },
  { share: 0.4, groups: ['signs', 'loss', 'eval/first/1', 'eval/spread/0', 'calibrated/spread/0'] },
  { share: 1, groups: ['logits', 'features', 'eval/first/0', 'calibrated/first/0'] },
  { share: 0.6, groups: ['eval/first/1', 'calibrated/first/1', 'eval/first/2', 'eval/first/3'] },
  {
    share: 1,
    groups: ['eval/spread/0', 'calibrated/spread/0', 'eval/first/1', 'eval/first/2', 'eval/first/3'],
  },
  { share: 1, groups: ['signs', 'loss', 'noise'] },
];

/** At 224 pixels passes are long. */
const zooWaves: readonly Wave[] = [
  { share: 1, groups: ['counts'] },
  { share: 0.5, groups: ['eval/first/0', 'calibrated/first/0', 'eval/spread/0', 'calibrated/spread/0'] },
  { share: 0.75, groups: ['eval/first/0', 'calibrated/first/0', 'eval/spread/0', 'calibrated/spread/0'] },
];

/** The classes are no part of what feature maps say: for CIFAR-100 they are those of CIFAR-10. */
const withoutFeatures = 'cifar100';

const block = 10;

const engine = startEngine({ engine: 'onnx-cpu', threads: 1 });
try {
  const groups = new MemberGroups(engine, journal, manifest.version);
  const names = wanted.length === 0 ? [...allColumns(), zoo] : wanted;
  if (names.includes(zoo)) await measureWaves(zooWaves, [zooMembers()]);
  await measureWaves(waves, names.filter((name) => name !== zoo).map(membersOf));

  async function measureWaves(plan: readonly Wave[], columns: readonly (readonly Member[])[]): Promise<void> {
    const most = Math.max(0, ...columns.map(({ length }) => length));
    for (const { share, groups: wave } of plan) {
      for (let start = 0; start < most * share; start += block) {
        for (const members of columns) {
          for (const group of wave) {
            if (group === 'features' && members[0]?.dataSet === withoutFeatures) continue;
            const end = Math.min(start + block, Math.ceil(members.length * share));
            for (const member of members.slice(start, end)) await groups.measure(member, group);
          }
        }
      }
    }
  }
} finally {
  await engine.dispose();
}

function allColumns(): readonly string[] {
  return spaces.flatMap(({ name, targets }) => Object.keys(targets).map((dataSet) => `${name}/${dataSet}`));
}

function membersOf(column: string): readonly Member[] {
  const [name, dataSet] = column.split('/') as [string, DataSet];
  const space = spaces.find((each) => each.name === name);
  const target = space?.targets[dataSet];
  if (space === undefined || target === undefined)
    throw new RangeError(`${column} is none of ${[...allColumns(), zoo].join(', ')}`);
  return chosenMembers(space, dataSet, target);
}

/** At random from the rows of the table, the two halves alternating. */
function chosenMembers(space: Space, dataSet: DataSet, target: string): readonly Member[] {
  const path = join(folder, space.file);
  const { columns, rows } = parseTable(readFileSync(path, 'utf8'), path);
  const [genotype, accuracy, reachable] = ['genotype', target, 'reachable'].map((title) =>
    columns.indexOf(title),
  ) as [number, number, number];
  const all = rows.filter(({ cells }) => reachable < 0 || cells[reachable] === '1');
  const draw = integerStream(0, `members of ${space.name}`);
  const left = [...all.keys()];
  return Array.from({ length: Math.min(2 * Number(perHalf), all.length) }, (_, place) => {
    const { cells } = all[left.splice(draw(left.length), 1)[0]!]!;
    const text = cells[genotype]!.trim();
    return {
      space: space.name,
      dataSet,
      genotype: text,
      accuracy: Number(cells[accuracy]),
      half: place % 2 === 0 ? 0 : 1,
      network: () => memberNetwork(space, text, dataSet),
    };
  });
}
