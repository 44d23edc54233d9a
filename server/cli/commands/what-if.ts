import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatSingle } from '../../base/quantities.ts';
import { failureText } from '../../base/failure-reasons.ts';
import { exitCode } from '../../base/exit-codes.ts';
import { marksBeside } from '../../score/marks.ts';
import { formatSettings } from '../../score/settings.ts';
import { movesAt } from '../../search/moves/moves.ts';
import { modelsUsing } from '../../search/users.ts';
import { Workbench, type ModelPlace } from '../../search/variants.ts';
import { defaultMoveKinds, moveKindName, offeredAt, ofKinds } from '../../search/moves/kinds.ts';
import type { MoveKind } from '../../search/moves/move.ts';
import { mostSeeds, resolveDifference } from '../../search/resolve.ts';
import { opinionProxies, SecondOpinions } from '../../search/second-opinion.ts';
import { byVerdict, Comparison, compareVariants, standingOf, whatIfSettings } from '../../search/what-if.ts';
import { votesLegend } from '../../search/wording.ts';
import { comparisonOf } from '../../worth/comparison.ts';
import { outlineOf } from '../../worth/outline.ts';
import { movesOption } from '../moves-option.ts';
import {
  changeRecord,
  changesCsv,
  changeTable,
  worthNotes,
  type ScoredChange,
} from '../reports/what-if-report.ts';
import { Files, readSource } from '../files.ts';
import { print, printData, say } from '../output.ts';
import { addScoreOptions, settingsOf, type ScoreFlags } from '../score-options.ts';
import { keptNote, measurerOf, withScorer } from '../scorer.ts';
import { interruptible, ProgressBar, sayCancelled, UsageError } from '../terminal.ts';

interface Flags extends ScoreFlags {
  readonly at: { readonly line: number; readonly column: number };
  readonly model?: string;
  readonly in?: string;
  readonly moves?: readonly MoveKind[];
  readonly resolve?: boolean;
  readonly csv?: boolean;
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
      .option('--in <file>', 'the file of the model, where it imports what stands at the place')
      .addOption(movesOption('what may change'))
      .option('--resolve', 'add seeds to what is within noise, up to 16 times as many, until it is decided')
      .option('--csv', 'print comma-separated values'),
  ).action(whatIf);
}

function parsePlace(text: string): Flags['at'] {
  const [, line, column] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (line === undefined || column === undefined || Number(line) < 1 || Number(column) < 1)
    throw new UsageError(`--at takes a line and a column, both from 1, such as 12:5, not ${text}.`);
  return { line: Number(line), column: Number(column) };
}

async function whatIf(path: string, flags: Flags): Promise<void> {
  if (flags.csv === true && flags.json === true) throw new UsageError('--csv and --json exclude each other.');
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
  const offered =
    flags.moves === undefined ? offeredAt(found.moves, defaultMoveKinds) : ofKinds(found.moves, flags.moves);
  if (offered.length === 0) {
    const there = new Set(found.moves.map(({ kind }) => moveKindName(kind)));
    throw new UsageError(`No change there is of these kinds. There are: ${[...there].join(', ')}.`);
  }
  const { variants, leftOut, untried } = await workbench.variants(place, offered);
  const settings = whatIfSettings(settingsOf(flags));
  const progress = new ProgressBar();
  const compared = await interruptible((signal) =>
    withScorer(flags, async (scorer, _engine, _insights, proxies) => {
      const measurer = measurerOf(scorer, proxies);
      const comparison = new Comparison(measurer, settings, base);
      const outcome = await comparison.base({ signal });
      if (outcome.state === 'failed') return { failure: outcome, cancelled: signal.aborted };
      const opinions = new SecondOpinions(measurer, settings, base);
      const count = variants.length;
      let scored = 0;
      const verdicts = await compareVariants(comparison, opinions, variants, {
        signal,
        onVerdict: (index) => {
          scored = Math.max(scored, index + 1);
          progress.update(scored / count, `${place.name} (${scored} of ${count})`);
        },
        onOpinion: (asked, total) => {
          progress.update(asked / total, `${place.name}: other scores (${asked + 1} of ${total})`);
        },
      });
      const decided = [...verdicts];
      if (flags.resolve === true)
        for (const [index, verdict] of verdicts.entries()) {
          if (standingOf(verdict) !== 'within noise' || signal.aborted) continue;
          const title = variants[index]!.move.title;
          const more = await resolveDifference(measurer, opinions, settings, base, variants[index]!, {
            signal,
            onSeeds: (done, total) => {
              progress.update(done / total, `${title}: ${total / 2} of at most ${mostSeeds(settings)} seeds`);
            },
          });
          decided[index] = more ?? verdict;
        }
      return { verdicts: decided, score: outcome, cancelled: signal.aborted };
    }),
  ).finally(() => {
    progress.clear();
  });
  if (compared.cancelled) {
    sayCancelled(keptNote(flags));
    return;
  }
  if (compared.verdicts === undefined) {
    const { reason, message } = compared.failure;
    say(`${place.name} has no score: ${failureText(reason)}: ${message}`);
    process.exitCode = exitCode.failed;
    return;
  }
  const outline = outlineOf(base.network);
  const changes = variants
    .map(({ move, totals, network }, index): ScoredChange => {
      const verdict = compared.verdicts[index]!;
      return {
        move,
        from: base.totals,
        totals,
        verdict,
        comparison: comparisonOf(outline, outlineOf(network)),
      };
    })
    .sort((a, b) => byVerdict(a.verdict, b.verdict));
  if (flags.csv === true) {
    printData(changesCsv(changes));
    return;
  }
  const otherKinds = found.moves.length - offered.length;
  if (flags.json === true) {
    const result = {
      model: place.name,
      about: text.slice(found.span.start, found.span.end),
      vkdnw_single: compared.score.single,
      single: compared.score.single,
      marks: (compared.score.marks ?? []).map(({ kind, short }) => ({ kind, short })),
      settings,
      otherScores: opinionProxies,
      leftOut,
      untried,
      otherKinds,
      alternatives: changes.map((change) => changeRecord(change)),
    };
    printData(`${JSON.stringify(result, undefined, 2)}\n`);
    return;
  }
  const { layers, vkdnw, marks } = compared.score;
  const lines = [
    ...changeTable(changes),
    '',
    `Against ${place.name}, VKDNW_single ${formatSingle(layers, vkdnw)}${marksBeside(marks)}; ± is an interval of the difference over the same seeds.`,
    `Other scores (${votesLegend}): ${opinionProxies.join(', ')}, asked where VKDNW says better.`,
    ...worthNotes(changes).map((note) => `${note}.`),
    ...(leftOut === 0 ? [] : [`${leftOut} more do not fit where they would stand, and are left out.`]),
    ...(untried === 0 ? [] : [`${untried} more were not tried: the file is long.`]),
    ...(otherKinds === 0 ? [] : [`${otherKinds} more are of kinds that were not asked for: --moves.`]),
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
