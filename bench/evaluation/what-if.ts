// How well the what-if list of a cell agrees with accuracy: random cells of NAS-Bench-201 and their 24 neighbours, in the
// order of VKDNW_single, against the table's test accuracies. Arguments: the table, a journal, and how many cells. A
// journal that is there already is gone on with.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createEngineClient } from '../../server/engine/process/supervisor.ts';
import { parseTable } from '../../server/evaluation/table.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { integerStream } from '../../server/tensor/random.ts';
import { movesAt } from '../../server/search/moves/moves.ts';
import { applied } from '../../grammar/format/format.ts';
import { Workbench, type Variant } from '../../server/search/variants.ts';
import { spearman } from '../statistics.ts';

const [tablePath = '../shared/data/nb201.csv', journal = 'what-if-journal.jsonl', cells = '50'] =
  process.argv.slice(2);

/** One draw of half of the samples: a cell has 24 neighbours. */
const settings: ScoreSettings = { ...namedSettings.settled, samples: 32, seeds: 1 };

/** A neighbour's place in the journal; `single` is null where no signal passes. */
interface Neighbour {
  readonly genotype: string;
  readonly accuracy: number;
  readonly single: number | null;
  readonly vkdnw: number | null;
  readonly macs: number;
}

interface Cell {
  readonly genotype: string;
  readonly neighbours: readonly Neighbour[];
}

if (existsSync(tablePath)) await main();
else process.stdout.write('skipped: no benchmark table\n');

async function main(): Promise<void> {
  const { columns, rows } = parseTable(readFileSync(tablePath, 'utf8'), tablePath);
  const genotype = columns.indexOf('genotype');
  const accuracy = columns.indexOf('cifar10_test_acc');
  const accuracies = new Map(
    rows.map(({ cells: row }) => [row[genotype]!.trim(), Number(row[accuracy])] as const),
  );
  const genotypes = [...accuracies.keys()];
  const pick = integerStream(0, 'what-if');
  const chosen = new Set<string>();
  while (chosen.size < Number(cells)) chosen.add(genotypes[pick(genotypes.length)]!);

  const known = new Map(readJournal().map((cell) => [cell.genotype, cell]));
  const modulePath = join(import.meta.dirname, '../../server/engine/process/main.ts');
  const engine = createEngineClient({ choice: 'onnx-cpu', modulePath, threads: 1 });
  try {
    const scorer = new Scorer(engine);
    const done: Cell[] = [];
    for (const each of chosen) {
      const cell = known.get(each) ?? (await measure(each, accuracies, scorer));
      if (!known.has(each)) appendFileSync(journal, `${JSON.stringify(cell)}\n`);
      done.push(cell);
      report(done);
    }
  } finally {
    await engine.dispose();
  }
}

function readJournal(): Cell[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Cell);
}

async function measure(
  genotype: string,
  accuracies: ReadonlyMap<string, number>,
  scorer: Scorer,
): Promise<Cell> {
  const examples = new URL('../../examples/', import.meta.url);
  const uri = new URL('cell.arch', examples).href;
  const text = `import { Nb201Skeleton } from "./blocks.arch"
cell Cell = "${genotype}"
model M {
  input 32x32x3
  classes 10
  Nb201Skeleton(Cell)
}
`;
  const workbench = new Workbench(uri, text, (other) => readFileSync(new URL(other), 'utf8'));
  const moves = movesAt(workbench.module, text.indexOf('Cell ='))?.moves ?? [];
  const { variants } = await workbench.variants({ uri, name: 'M' }, moves);
  const neighbours: Neighbour[] = [];
  for (const variant of variants) {
    const outcome = await scorer.score(variant.network, settings);
    const score = outcome.state === 'ok' ? outcome : undefined;
    const written = genotypeOf(text, variant);
    neighbours.push({
      genotype: written,
      accuracy: accuracies.get(written)!,
      single: score?.single ?? null,
      vkdnw: score?.vkdnw ?? null,
      macs: variant.totals.macs,
    });
  }
  return { genotype, neighbours };
}

function genotypeOf(text: string, { move }: Variant): string {
  return /"(.*)"\nmodel/.exec(applied(text, move.changes))![1]!;
}

/** The mean over the cells so far of Spearman's rank correlation of each quantity with accuracy. */
function report(done: readonly Cell[]): void {
  const mean = (of: (neighbour: Neighbour) => number): string => {
    const each = done.flatMap(({ neighbours }) => {
      const accuracy = neighbours.map((neighbour) => neighbour.accuracy);
      const rho = spearman(neighbours.map(of), accuracy);
      return rho === undefined ? [] : [rho];
    });
    return (each.reduce((sum, rho) => sum + rho, 0) / each.length).toFixed(3);
  };
  // No signal: below every score.
  const single = mean((neighbour) => neighbour.single ?? -1);
  const vkdnw = mean((neighbour) => neighbour.vkdnw ?? -1);
  process.stdout.write(
    `${done.length} cells: VKDNW_single ${single}, VKDNW ${vkdnw}, MACs ${mean(({ macs }) => macs)}\n`,
  );
}
