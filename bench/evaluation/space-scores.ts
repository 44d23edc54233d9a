// Scores of members of the spaces, and of the networks of the zoo. Arguments: the folder of the tables, a journal, members to choose
// aggregates on and members to report on, and columns (nats-size/cifar10, zoo) that are wanted, all unless given. A journal that is there already is gone on
// with. `worth-file.ts` makes tables of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { DataSet } from '../../server/evaluation/benchmark.ts';
import { parseTable } from '../../server/evaluation/table.ts';
import { integerStream } from '../../server/tensor/random.ts';
import manifest from '../../package.json' with { type: 'json' };
import { startEngine } from '../engine.ts';
import { MemberGroups, type Member, type Part } from './member-groups.ts';
import { memberNetwork, spaces, type Space } from './spaces.ts';
import { zooMembers, type zooSides } from './zoo-members.ts';

const [folder = '../shared/data', journal = 'space-scores.jsonl', choice = '50', report = '40', ...wanted] =
  process.argv.slice(2);

const zoo = 'zoo';

/** Members of the spaces, or networks of the zoo, and what is computed of them. */
type Wave = SpaceWave | ZooWave;

interface SpaceWave {
  readonly part: Part;
  /** The first so many of them; all unless given. */
  readonly first?: number;
  /** Of this data set alone. */
  readonly dataSet?: DataSet;
  readonly groups: readonly string[];
}

interface ZooWave {
  readonly zoo: keyof typeof zooSides;
  /** Multiply-accumulates at 224. */
  readonly most: number;
  readonly groups: readonly string[];
}

/** What is computed first, and so on. At 224 pixels passes are long: spectra there are of the smallest networks, to see that they are those of smaller images. */
const waves: readonly Wave[] = [
  { part: 'choice', groups: ['counts', 'maps', 'jacov'] },
  { part: 'choice', first: 30, groups: ['activations', 'eval/first/0', 'calibrated/first/0'] },
  { part: 'report', first: 30, groups: ['counts', 'maps', 'jacov'] },
  { zoo: 'imagenet', most: Infinity, groups: ['free'] },
  { zoo: 'imagenet-64', most: 2.9e9, groups: ['counts', 'eval/first/0', 'maps', 'calibrated/first/0'] },
  {
    part: 'choice',
    first: 30,
    dataSet: 'cifar10',
    groups: ['eval/spread/0', 'eval/first/1', 'normalised/first/0', 'calibrated/spread/0'],
  },
  { part: 'report', first: 30, groups: ['eval/first/0', 'activations'] },
  { zoo: 'imagenet', most: 0.35e9, groups: ['eval/first/0'] },
  { zoo: 'imagenet-64', most: 2.9e9, groups: ['maps', 'jacov', 'activations'] },
  { part: 'report', groups: ['counts', 'maps', 'jacov', 'eval/first/0', 'activations'] },
  { part: 'choice', groups: ['activations', 'eval/first/0', 'calibrated/first/0'] },
  {
    zoo: 'imagenet-64',
    most: 5e9,
    groups: ['counts', 'eval/first/0', 'maps', 'jacov', 'activations', 'calibrated/first/0'],
  },
  { zoo: 'imagenet-64', most: 2.9e9, groups: ['eval/first/1', 'eval/first/2', 'eval/first/3'] },
  { part: 'choice', groups: ['signs', 'loss', 'noise'] },
];

/** The classes are no part of what feature maps say: for CIFAR-100 they are those of CIFAR-10. */
const withoutFeatures = 'cifar100';
const ofFeatures: readonly string[] = ['maps', 'activations'];

const block = 10;

const engine = startEngine({ engine: 'onnx-cpu', threads: 1 });
try {
  const numbers = new MemberGroups(engine, journal, manifest.version);
  const names = wanted.length === 0 ? [...allColumns(), zoo] : wanted;
  const columns = names.filter((name) => name !== zoo).map(membersOf);
  for (const wave of waves) {
    if ('zoo' in wave) {
      if (names.includes(zoo)) await measureAll(numbers, [zooMembers(wave.zoo, wave.most)], wave.groups);
    } else {
      await measureAll(
        numbers,
        columns.map((column) => ofWave(column, wave)),
        wave.groups,
      );
    }
  }
} finally {
  await engine.dispose();
}

function ofWave(column: readonly Member[], { part, first, dataSet }: SpaceWave): readonly Member[] {
  return column
    .filter((member) => member.part === part && (dataSet === undefined || member.dataSet === dataSet))
    .slice(0, first);
}

/** A block of every column at a time, so that all have as many when it is stopped. */
async function measureAll(
  numbers: MemberGroups,
  columns: readonly (readonly Member[])[],
  groups: readonly string[],
): Promise<void> {
  const most = Math.max(0, ...columns.map(({ length }) => length));
  for (let start = 0; start < most; start += block) {
    for (const column of columns) {
      for (const group of groups) {
        if (ofFeatures.includes(group) && column[0]?.dataSet === withoutFeatures) continue;
        for (const member of column.slice(start, start + block)) await numbers.measure(member, group);
      }
    }
  }
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

/** At random from the rows of the table: first those to choose on. */
function chosenMembers(space: Space, dataSet: DataSet, target: string): readonly Member[] {
  const path = join(folder, space.file);
  const { columns, rows } = parseTable(readFileSync(path, 'utf8'), path);
  const [genotype, accuracy, reachable] = ['genotype', target, 'reachable'].map((title) =>
    columns.indexOf(title),
  ) as [number, number, number];
  const all = rows.filter(({ cells }) => reachable < 0 || cells[reachable] === '1');
  const draw = integerStream(0, `members of ${space.name}`);
  const left = [...all.keys()];
  return Array.from({ length: Math.min(Number(choice) + Number(report), all.length) }, (_, place) => {
    const { cells } = all[left.splice(draw(left.length), 1)[0]!]!;
    const text = cells[genotype]!.trim();
    return {
      space: space.name,
      dataSet,
      genotype: text,
      accuracy: Number(cells[accuracy]),
      part: place < Number(choice) ? 'choice' : 'report',
      network: () => memberNetwork(space, text, dataSet),
    };
  });
}
