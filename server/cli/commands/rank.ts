import process from 'node:process';
import { Option, type Command } from 'commander';
import { expandPaths, Files } from '../files.ts';
import { formatRecords, type ScoreRecord } from '../record.ts';
import { modelsOf, scoreModels } from '../score-models.ts';
import { addScoreOptions, settingsOf, type ScoreFlags } from '../score-options.ts';
import { columns, failureLines, provenance, scoreTable } from '../score-table.ts';
import { exitCode, UsageError } from '../terminal.ts';

/** What models can be sorted by; the best comes first. */
const orders = {
  single: { label: 'VKDNW_single', better: 'higher' },
  vkdnw: { label: 'VKDNW', better: 'higher' },
  params: { label: 'parameters', better: 'lower' },
  macs: { label: 'MACs', better: 'lower' },
} as const;

type Order = keyof typeof orders;
type Flags = ScoreFlags & { readonly by: Order };

export function registerRank(program: Command): void {
  addScoreOptions(
    program
      .command('rank')
      .description('rank all models of files and folders, the best first')
      .argument('<paths...>', 'files, or folders with .arch files')
      .addOption(
        new Option('--by <order>', 'what to sort by').choices(Object.keys(orders)).default('single'),
      ),
  ).action(rank);
}

async function rank(paths: readonly string[], flags: Flags): Promise<void> {
  const files = new Files();
  const settings = settingsOf(flags);
  const targets = modelsOf(expandPaths(paths), files);
  if (targets.length === 0) {
    throw new UsageError(`There is no model in ${paths.join(', ')}.`);
  }
  const records = await scoreModels(targets, settings, flags, files);
  if (records === undefined) {
    process.stderr.write('Cancelled.\n');
    process.exitCode = exitCode.cancelled;
    return;
  }
  const failed = records.filter(({ state }) => state === 'failed');
  const ranked = records.filter(({ state }) => state === 'ok').sort(compare(flags.by));
  if (flags.json === true) {
    process.stdout.write(formatRecords([...ranked, ...failed]));
  } else {
    const { rank: position, model, file, single, entropy, layers, params, macs } = columns;
    const shown = [position, model, single, entropy, layers, params, macs, file];
    const { label, better } = orders[flags.by];
    const lines = [
      ...scoreTable(ranked, shown),
      '',
      ...(failed.length === 0
        ? []
        : ['Without a score:', ...failureLines(failed).map((line) => `  ${line}`), '']),
      `Sorted by ${label}, ${better} is better. VKDNW_single = layers + VKDNW.`,
      provenance(records, settings),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  process.exitCode = failed.length === 0 ? exitCode.ok : exitCode.failed;
}

function compare(order: Order): (a: ScoreRecord, b: ScoreRecord) => number {
  const sign = orders[order].better === 'higher' ? -1 : 1;
  return (a, b) => sign * (a[order]! - b[order]!);
}
