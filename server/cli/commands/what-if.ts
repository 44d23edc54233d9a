import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatSingle } from '../../base/quantities.ts';
import { exitCode } from '../../base/exit-codes.ts';
import { formatSettings } from '../../score/settings.ts';
import { movesAt } from '../../search/moves/moves.ts';
import { modelsUsing } from '../../search/users.ts';
import { Workbench, type ModelPlace, type Variant } from '../../search/variants.ts';
import {
  byVerdict,
  Comparison,
  compareVariants,
  whatIfSettings,
  type Verdict,
} from '../../search/what-if.ts';
import { changeText, differenceText, meaning } from '../../search/wording.ts';
import { Files, readSource } from '../files.ts';
import { print, printData, say } from '../output.ts';
import { addScoreOptions, settingsOf, type ScoreFlags } from '../score-options.ts';
import { keptNote, withScorer } from '../scorer.ts';
import { formatTable } from '../reports/table.ts';
import { interruptible, ProgressBar, sayCancelled, UsageError } from '../terminal.ts';

interface Flags extends ScoreFlags {
  readonly at: { readonly line: number; readonly column: number };
  readonly model?: string;
  readonly in?: string;
}

export function registerWhatIf(program: Command): void {
  addScoreOptions(
    program
      .command('whatif')
      .description(
        'score small changes of what stands at a place: kernel, width, depth, activation, norm, edge',
      )
      .argument('<file>', 'architecture file')
      .requiredOption('--at <line:column>', 'the place, both from 1', parsePlace)
      .option('--model <name>', 'the model that is scored (default: the first that the place is part of)')
      .option('--in <file>', 'the file of the model, where it imports what stands at the place'),
  ).action(whatIf);
}

function parsePlace(text: string): Flags['at'] {
  const [, line, column] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (line === undefined || column === undefined || Number(line) < 1 || Number(column) < 1)
    throw new UsageError(`--at takes a line and a column, both from 1, such as 12:5, not ${text}.`);
  return { line: Number(line), column: Number(column) };
}

async function whatIf(path: string, flags: Flags): Promise<void> {
  const files = new Files();
  const { uri, text } = files.analyse(path);
  const workbench = new Workbench(uri, text, readSource);
  const offset = offsetAt(text, flags.at, path);
  const found = movesAt(workbench.module, offset);
  if (found === undefined)
    throw new UsageError(
      `There is nothing to vary at ${path}:${flags.at.line}:${flags.at.column}. Point at an op, an argument, a repeat, a number of a list or a cell.`,
    );
  const place = modelOf(workbench, offset, flags);
  const base = workbench.sized(place);
  if (base === undefined) throw new UsageError(`${place.name} has errors. Run check on its file.`);
  const { variants, leftOut, untried } = await workbench.variants(place, found.moves);
  const settings = whatIfSettings(settingsOf(flags));
  const progress = new ProgressBar();
  const compared = await interruptible((signal) =>
    withScorer(flags, async (scorer) => {
      const comparison = new Comparison(scorer, settings, base);
      const outcome = await comparison.base({ signal });
      if (outcome.state === 'failed') return { failure: outcome.message, cancelled: signal.aborted };
      const verdicts = await compareVariants(comparison, variants, { signal }, (index) => {
        progress.update((index + 1) / variants.length, `${place.name} (${index + 1} of ${variants.length})`);
      });
      return { verdicts, score: outcome, cancelled: signal.aborted };
    }),
  ).finally(() => {
    progress.clear();
  });
  if (compared.cancelled) {
    sayCancelled(keptNote(flags));
    return;
  }
  if (compared.verdicts === undefined) {
    say(`${place.name} has no score: ${compared.failure}`);
    process.exitCode = exitCode.failed;
    return;
  }
  const rows = variants
    .map((variant, index) => ({ variant, verdict: compared.verdicts[index]! }))
    .sort((a, b) => byVerdict(a.verdict, b.verdict));
  if (flags.json === true) {
    const about = text.slice(found.span.start, found.span.end);
    const alternatives = rows.map(({ variant, verdict }) => record(variant, verdict, base.totals));
    const result = {
      model: place.name,
      about,
      single: compared.score.single,
      settings,
      leftOut,
      untried,
      alternatives,
    };
    printData(`${JSON.stringify(result, undefined, 2)}\n`);
    return;
  }
  const { layers, vkdnw } = compared.score;
  const lines = [
    ...formatTable(
      [
        { title: 'change', align: 'left' },
        { title: 'Δ VKDNW_single', align: 'right' },
        { title: '', align: 'left' },
        { title: 'Δ parameters', align: 'right' },
        { title: 'Δ MACs', align: 'right' },
      ],
      rows.map(({ variant, verdict }) => [
        variant.move.title,
        verdict.state === 'scored' ? differenceText(verdict.difference) : '–',
        verdict.state === 'scored' ? meaning(verdict.difference) : verdict.message,
        changeText(base.totals.params, variant.totals.params),
        changeText(base.totals.macs, variant.totals.macs),
      ]),
    ),
    '',
    `Against ${place.name}, VKDNW_single ${formatSingle(layers, vkdnw)}; ± is a 95 % interval of the difference over the same seeds.`,
    ...(leftOut === 0 ? [] : [`${leftOut} more do not fit where they would stand, and are left out.`]),
    ...(untried === 0 ? [] : [`${untried} more were not tried: the file is long.`]),
    formatSettings(settings),
  ];
  print(`${lines.join('\n')}\n`);
}

function modelOf(workbench: Workbench, offset: number, flags: Flags): ModelPlace {
  const others = flags.in === undefined ? [] : [workbench.moduleOf(pathToFileURL(resolve(flags.in)).href)];
  const models = modelsUsing(workbench.module, offset, others);
  const found = models.find(
    ({ name, uri }) =>
      (flags.model === undefined || name === flags.model) && (others.length === 0 || uri === others[0]!.uri),
  );
  if (found !== undefined) return found;
  const names = models.map(({ name }) => name).join(', ');
  if (flags.model !== undefined && names !== '')
    throw new UsageError(`The place is no part of '${flags.model}'. It is part of: ${names}.`);
  throw new UsageError('No model uses what stands there. Name the file of one that does: --in FILE.');
}

function offsetAt(text: string, { line, column }: Flags['at'], path: string): number {
  const lines = text.split('\n');
  const length = lines[line - 1]?.length;
  if (length === undefined || column > length + 1)
    throw new UsageError(`${path} has no place ${line}:${column}.`);
  return lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
}

function record({ move, totals }: Variant, verdict: Verdict, base: Variant['totals']): unknown {
  const costs = { params: totals.params - base.params, macs: totals.macs - base.macs };
  const { kind, title: change } = move;
  if (verdict.state === 'failed')
    return { change, kind, state: 'failed', message: verdict.message, ...costs };
  const { delta, layers, entropy, error = null, margin = null, withinNoise } = verdict.difference;
  const { single } = verdict;
  return { change, kind, state: 'ok', delta, layers, entropy, error, margin, withinNoise, single, ...costs };
}
