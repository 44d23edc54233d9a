import process from 'node:process';
import type { Command } from 'commander';
import { exitCode } from '../../base/exit-codes.ts';
import { contributionLines } from '../reports/contribution-table.ts';
import { expandPaths, Files } from '../files.ts';
import { print, printData, say } from '../output.ts';
import { formatObjects, recordOf } from '../reports/record.ts';
import { allModels, noModel, scoreModels, type Target } from '../score-models.ts';
import { addScoreOptions, settingsOf, type ScoreFlags } from '../score-options.ts';
import { keptNote } from '../scorer.ts';
import { columns, failureLines, markLines, provenance, scoreTable } from '../reports/score-table.ts';
import { sayCancelled, UsageError } from '../terminal.ts';
import { shownName } from '../../language/names/shown-name.ts';

type Flags = ScoreFlags & { readonly model?: string };

export function registerScore(program: Command): void {
  addScoreOptions(
    program
      .command('score')
      .description('score the models of architecture files at initialisation, without training')
      .argument('<files...>', 'files, or folders with .arch files')
      .option('--model <name>', 'this model only')
      .option('--contributions', 'also what every op has to do with the score'),
  ).action(score);
}

async function score(paths: readonly string[], flags: Flags): Promise<void> {
  const files = new Files();
  const settings = settingsOf(flags);
  const { targets: all, spaces, unread } = allModels(expandPaths(paths), files);
  if (all.length === 0 && unread > 0) {
    process.exitCode = exitCode.failed;
    return;
  }
  if (all.length === 0) throw noModel(paths, spaces);
  const targets = select(all, flags.model);
  const models = await scoreModels(targets, settings, flags, files);
  if (models === undefined) {
    sayCancelled(keptNote(flags));
    return;
  }
  if (flags.json === true) {
    printData(formatObjects(models.map((each) => recordOf(each, settings))));
  } else {
    const severalFiles = new Set(models.map(({ file }) => file)).size > 1;
    const { model, file, single, entropy, layers, params, macs, time } = columns;
    const shown = [model, ...(severalFiles ? [file] : []), single, entropy, layers, params, macs, time];
    const lines = [
      ...scoreTable(models, shown),
      '',
      'VKDNW_single = layers + VKDNW, higher is better.',
      provenance(models, settings),
      ...markLines(models),
      ...models.flatMap(contributionLines),
    ];
    print(`${lines.join('\n')}\n`);
    for (const line of failureLines(models)) say(line);
  }
  const isWhole = unread === 0 && models.every(({ state }) => state === 'scored');
  process.exitCode = isWhole ? exitCode.ok : exitCode.failed;
}

function select(targets: readonly Target[], name: string | undefined): Target[] {
  const selected = targets.filter(({ model }) => name === undefined || model.name === name);
  if (selected.length === 0) {
    const names = [...new Set(targets.map(({ model }) => shownName(model.name)))].join(', ');
    throw new UsageError(`There is no model '${name ?? ''}'. The models are: ${names}.`);
  }
  return selected;
}
