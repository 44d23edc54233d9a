import { basename } from 'node:path';
import process from 'node:process';
import { Option, type Command } from 'commander';
import manifest from '../../../package.json' with { type: 'json' };
import { exitCode } from '../../base/exit-codes.ts';
import { requireWritable, writeWhole } from '../../base/write-file.ts';
import type { Network } from '../../network/network.ts';
import { pictureOf } from '../../plot/picture-of.ts';
import type { Series } from '../../plot/figure.ts';
import { sheetFile } from '../../plot/sheet.ts';
import { toCsv, toJson } from '../../plot/tables.ts';
import type { ScoreSettings } from '../../score/types.ts';
import { Files } from '../files.ts';
import { printData, say } from '../output.ts';
import { modelsOf, whyInvalid, type Target } from '../score-models.ts';
import { addSettingOptions, settingsOf, type ScoreFlags } from '../score-options.ts';
import { keptNote, withScorer } from '../scorer.ts';
import { interruptible, ProgressBar, sayCancelled, UsageError } from '../terminal.ts';
import { shownName } from '../../language/names/shown-name.ts';

type Format = 'svg' | 'csv' | 'json';

interface Flags extends ScoreFlags {
  readonly model?: string;
  readonly output: string;
  readonly format?: Format;
}

export function registerPlot(program: Command): void {
  addSettingOptions(
    program
      .command('plot')
      .description('draw the spectrum and the contributions of a model, as the panel of the editor does')
      .argument('<file>', 'architecture file')
      .option('--model <name>', 'this model (default: the first of the file)')
      .requiredOption('-o, --output <file>', 'what to write; - is standard output')
      .addOption(
        new Option(
          '--format <kind>',
          'svg, or the numbers as csv or json (default: as the name ends)',
        ).choices(['svg', 'csv', 'json']),
      ),
  ).action(plot);
}

async function plot(path: string, flags: Flags): Promise<void> {
  const files = new Files();
  const target = targetOf(modelsOf(path, files.analyse(path)), path, flags.model);
  if (target.model.network === undefined) {
    throw new UsageError(
      `${shownName(target.model.name)} cannot be drawn: ${whyInvalid(target.analysis, target.model, files)}`,
    );
  }
  const format = flags.format ?? formatOf(flags.output);
  if (flags.output !== '-') requireWritable(flags.output);
  const series = await seriesOf(target, target.model.network, settingsOf(flags), flags, files);
  if (series === undefined) return;
  const text = { svg: sheetFile, csv: toCsv, json: toJson }[format]([series]);
  if (flags.output === '-') {
    printData(text);
    return;
  }
  writeWhole(flags.output, text);
}

/** Scores the model and looks into the score. @returns undefined when there is nothing to draw, which has been said */
async function seriesOf(
  { file, model }: Target,
  network: Network,
  settings: ScoreSettings,
  flags: ScoreFlags,
  files: Files,
): Promise<Series | undefined> {
  const progress = new ProgressBar();
  const name = shownName(model.name);
  const give = (message: string, code: number): void => {
    progress.clear();
    say(message);
    process.exitCode = code;
  };
  try {
    return await interruptible((signal) =>
      withScorer(flags, async (scorer, _engine, insights) => {
        const cancelled = (): boolean => signal.aborted;
        const score = await scorer.score(network, settings, {
          signal,
          onProgress: (done) => {
            progress.update(done / 2, name);
          },
        });
        if (cancelled()) {
          progress.clear();
          sayCancelled(keptNote(flags));
          return undefined;
        }
        if (score.state === 'failed') {
          give(`${name} has no score: ${score.message}`, exitCode.failed);
          return undefined;
        }
        const insight = await insights.insight(network, score, {
          signal,
          onProgress: (done) => {
            progress.update((1 + done) / 2, `${name}, its ops`);
          },
        });
        if (cancelled()) {
          progress.clear();
          sayCancelled(keptNote(flags));
          return undefined;
        }
        progress.clear();
        if (insight.state === 'failed') say(`Contributions of the scored tensors alone: ${insight.message}`);
        const picture = pictureOf({
          network,
          score,
          ...(insight.state === 'ok' ? { insight } : {}),
          file: basename(file),
          version: manifest.version,
          placeOf: (location) => files.rangeOf(location),
        });
        return { name, picture };
      }),
    );
  } finally {
    progress.clear();
  }
}

function targetOf(targets: readonly Target[], path: string, name: string | undefined): Target {
  const target = name === undefined ? targets[0] : targets.find(({ model }) => model.name === name);
  if (target !== undefined) return target;
  throw new UsageError(
    targets.length === 0
      ? `There is no model in ${path}. A model starts with \`model Name {\`.`
      : `There is no model '${name ?? ''}' in ${path}. The models are: ${targets.map(({ model }) => shownName(model.name)).join(', ')}.`,
  );
}

function formatOf(output: string): Format {
  const ending = /\.([a-z]+)$/i.exec(output)?.[1]?.toLowerCase();
  if (output === '-' || ending === 'svg') return 'svg';
  if (ending === 'csv' || ending === 'json') return ending;
  throw new UsageError(
    `What to write to ${output} is not clear. Let the name end in .svg, .csv or .json, or add --format.`,
  );
}
