import process from 'node:process';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { formatCount } from '../../base/quantities.ts';
import { exitCode } from '../../base/exit-codes.ts';
import { requireWritable, writeWhole } from '../../base/write-file.ts';
import { parseBudget } from '../../ranking/filter.ts';
import { formatSettings } from '../../score/settings.ts';
import { improve, type Improvement, type Step } from '../../search/strategies/improve.ts';
import { defaultMoveKinds } from '../../search/moves/kinds.ts';
import type { MoveKind } from '../../search/moves/move.ts';
import { objectiveForKinds } from '../../search/objectives/offered.ts';
import {
  defaultObjective,
  objectiveName,
  objectiveOf,
  type Objective,
} from '../../search/objectives/objective.ts';
import { votersOf } from '../../search/objectives/voters.ts';
import { leastVotes } from '../../search/second-opinion.ts';
import { Workbench } from '../../search/variants.ts';
import { whatIfSettings } from '../../search/what-if.ts';
import { costText, verdictText, votesLegend, votesText } from '../../search/wording.ts';
import { Files, readSource } from '../files.ts';
import { print, printData, say } from '../output.ts';
import { movesOption } from '../moves-option.ts';
import { changeRecord, changeTable, worthNotes } from '../reports/what-if-report.ts';
import { addScoreOptions, settingsOf, type ScoreFlags } from '../score-options.ts';
import { keptNote, measurerOf, withScorer } from '../scorer.ts';
import { interruptible, ProgressBar, sayCancelled, UsageError } from '../terminal.ts';
import { shownName } from '../../language/names/shown-name.ts';

interface Flags extends ScoreFlags {
  readonly model?: string;
  readonly maxParams?: number;
  readonly maxMacs?: number;
  readonly steps: number;
  readonly output?: string;
  readonly moves?: readonly MoveKind[];
  readonly by: Objective;
}

export function registerImprove(program: Command): void {
  addScoreOptions(
    program
      .command('improve')
      .description(
        'make a model better by small steps within a budget, each beyond the noise of the score and better by other scores too',
      )
      .argument('<file>', 'architecture file')
      .option('--model <name>', 'the model (default: the only one of the file)')
      .addOption(amount('--max-params <n>', 'most parameters (default: as many as it has)'))
      .addOption(amount('--max-macs <n>', 'most multiply-accumulates (default: as many as it has)'))
      .addOption(
        new Option('--steps <n>', 'most steps').default(5).argParser((text) => {
          if (!/^[1-9]\d{0,2}$/.test(text))
            throw new InvalidArgumentError('Use a whole number from 1 to 999.');
          return Number(text);
        }),
      )
      .addOption(
        new Option(
          '--by <score>',
          'what to make better: vkdnw_single, a proxy, an aggregate (robust_agg), a+b',
        )
          .default(defaultObjective, 'vkdnw_single')
          .argParser(parseObjective),
      )
      .addOption(movesOption('what a step may change'))
      .option('--output <file>', 'write the improved file here; without it nothing is written'),
  ).action(run);
}

function parseObjective(text: string): Objective {
  try {
    return objectiveOf(text);
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function amount(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const value = parseBudget(text);
    if (value === undefined)
      throw new InvalidArgumentError(`'${text}' is not an amount; write 250000, 1.5M or 450M.`);
    return value;
  });
}

async function run(path: string, flags: Flags): Promise<void> {
  const files = new Files();
  const { uri, text, models } = files.analyse(path);
  const names = models.map((model) => model.name);
  const name = flags.model ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined || !names.includes(name))
    throw new UsageError(
      names.length === 0
        ? `There is no model in ${path}.`
        : `Name a model of ${path} with --model: ${names.map(shownName).join(', ')}.`,
    );
  const workbench = new Workbench(uri, text, readSource);
  const place = { uri, name };
  const base = workbench.sized(place);
  if (base === undefined) throw new UsageError(`${shownName(name)} has errors. Run check on ${path}.`);
  const settings = whatIfSettings(settingsOf(flags));
  const budget = {
    maxParams: flags.maxParams ?? base.totals.params,
    maxMacs: flags.maxMacs ?? base.totals.macs,
  };
  if (flags.output !== undefined) requireWritable(flags.output);
  const progress = new ProgressBar();
  let before = base.totals;
  const say = (step: Step, steps: readonly Step[]): void => {
    progress.clear();
    if (flags.json === true) return;
    const votes = step.verdict.opinion === undefined ? '' : `: ${votesText(step.verdict.opinion)}`;
    print(
      `${steps.length}. ${step.move.title}  ${verdictText(step.verdict)}${votes}  (${costText(before, step.totals)})\n`,
    );
    before = step.totals;
  };
  const improvement = await interruptible((signal) =>
    withScorer(flags, (scorer, _engine, _insights, proxies) =>
      improve(workbench, place, measurerOf(scorer, proxies), {
        budget,
        objective: flags.by,
        kinds: flags.moves ?? defaultMoveKinds,
        steps: flags.steps,
        settings,
        signal,
        onStep: say,
        onTried: (tried, total) => {
          progress.update(
            total === 0 ? 1 : tried / total,
            `${shownName(name)}: ${tried} of ${total} changes tried`,
          );
        },
        onCheck: ({ title }) => {
          progress.update(1, `${shownName(name)}: ${title} by fresh seeds and the other scores`);
        },
      }),
    ),
  ).finally(() => {
    progress.clear();
  });
  if (improvement === undefined) throw new UsageError(`${shownName(name)} has errors. Run check on ${path}.`);
  finish(improvement, name, flags, formatSettings(settings));
}

/** Said before the result; a cancellation is said behind it. */
const ends: Readonly<Record<Exclude<Improvement['end'], 'cancelled'>, string>> = {
  steps: 'All steps that were asked for are taken.',
  'no better neighbour':
    'No small change within the budget is better beyond the noise of the score and by the other scores.',
  failed: 'The model has no score.',
};

/** Where an aggregate is known to be better for what was compared. */
function offered(looked: readonly Pick<Step, 'comparison'>[]): readonly string[] {
  return objectiveForKinds(looked.map(({ comparison }) => comparison)).map(
    ({ name, text }) => `improve --by ${name} goes by what is better there (${text})`,
  );
}

/** Said of steps: what is behind ±, and who votes. */
function explained(objective: Objective): readonly string[] {
  const { names, areParts } = votersOf(objective);
  const of =
    objective.kind === 'aggregate'
      ? [
          `By ${objectiveName(objective)}: the sum of ${objective.aggregate.rule}s among the model and the changes looked at again, ± an interval of its difference over the same seeds.`,
        ]
      : objective.kind === 'proxy'
        ? [`By ${objectiveName(objective)}, ± an interval of its difference over the same seeds.`]
        : [];
  return [
    ...of,
    `${areParts ? 'Parts' : 'Other scores'} (${votesLegend}): ${names.join(', ')}. A step needs ${leastVotes} of them for it, and more than against it.`,
  ];
}

function finish(improvement: Improvement, name: string, flags: Flags, settings: string): void {
  const { steps, refused, before, after, end, message, text } = improvement;
  if (flags.json === true) {
    const path = steps.map(({ move, verdict, totals, comparison }) => {
      const { difference, marks = [], opinion = null } = verdict;
      const short = marks.map((mark) => ({ kind: mark.kind, short: mark.short }));
      const change = { change: move.title, kind: move.kind, comparison };
      return { ...change, ...difference, ...totals, marks: short, opinion };
    });
    const result = {
      model: name,
      before: before.totals,
      after,
      end,
      message: message ?? null,
      by: objectiveName(flags.by),
      otherScores: votersOf(flags.by).names,
      steps: path,
      refused: refused.map(changeRecord),
      text,
    };
    printData(`${JSON.stringify(result, undefined, 2)}\n`);
  } else {
    const by = objectiveName(flags.by);
    if (refused.length > 0) print(`\nNot taken:\n${changeTable(refused, by).join('\n')}\n\n`);
    const looked = [...steps, ...refused];
    const notes = [...worthNotes(looked, by), ...(flags.by.kind === 'vkdnw' ? offered(looked) : [])];
    if (notes.length > 0) print(`${notes.join('.\n')}.\n`);
    const cost = `${formatCount(after.params)} parameters, ${formatCount(after.macs)} MACs`;
    const reason =
      end === 'cancelled' ? [] : [[ends[end], message].filter((part) => part !== undefined).join(' ')];
    print(`${[...reason, `${shownName(name)}: ${cost}`, ...explained(flags.by), settings].join('\n')}\n`);
    if (flags.output === undefined && steps.length > 0)
      say('Nothing was written. Name a file with --output.');
  }
  if (flags.output !== undefined && steps.length > 0) writeWhole(flags.output, text);
  if (end === 'cancelled') sayCancelled(keptNote(flags));
  else process.exitCode = end === 'failed' ? exitCode.failed : exitCode.ok;
}
