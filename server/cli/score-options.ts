import { InvalidArgumentError, Option, type Command } from 'commander';
import { engineChoices } from '../engine/registry.ts';
import type { EngineChoice } from '../engine/registry.ts';
import {
  namedSettings,
  normAndTensors,
  normNames,
  parseCount,
  parseEstimator,
  parseFisher,
  parseNorm,
  parseSettingName,
  parseSoftmax,
  parseTensors,
  refusal,
  settingNames,
  SettingsError,
  tensorChoices,
  type CountSetting,
} from '../score/settings.ts';
import { UsageError } from './terminal.ts';
import type {
  Estimator,
  ScoreNorm,
  ScoreSettings,
  SettingName,
  SoftmaxMode,
  TensorChoice,
} from '../score/types.ts';

/** What the command line may say about engines. */
export interface EngineFlags {
  readonly engine: EngineChoice;
  readonly threads?: number;
  readonly cudaPath?: string;
  /** Bytes. */
  readonly memoryLimit?: number;
}

/** What the command line may say about a score; absent: as the named setting has it. */
export interface ScoreFlags extends EngineFlags {
  readonly setting: SettingName;
  readonly estimator?: Estimator;
  readonly samples?: number;
  readonly weights?: number;
  readonly indexSets?: number;
  readonly seeds?: number;
  readonly seed?: number;
  readonly softmax?: SoftmaxMode;
  readonly fisher?: ScoreSettings['fisher'];
  readonly norm?: ScoreNorm;
  readonly tensors?: TensorChoice;
  readonly json?: boolean;
  /** Whether what is inside each score is measured too. */
  readonly contributions?: boolean;
  /** Whether stored scores are used and new ones kept. */
  readonly store: boolean;
}

/** Adds the options of every command that prints scores. */
export function addScoreOptions(command: Command): Command {
  return addSettingOptions(command).option('--json', 'print an array of objects');
}

/** Adds the options of every command that scores. */
export function addSettingOptions(command: Command): Command {
  const count = (setting: CountSetting) => (text: string) => parseCount(setting, text);
  return addEngineOptions(command)
    .addOption(
      option('--setting <name>', `named setting: ${settingNames.join(', ')}`, parseSettingName).default(
        'settled',
      ),
    )
    .addOption(option('--estimator <kind>', 'exact, or sketch:R with R random signs', parseEstimator))
    .addOption(option('--samples <n>', 'images in the batch (N)', count('samples')))
    .addOption(option('--weights <n>', 'parameter tensors read (P)', count('weights')))
    .addOption(option('--index-sets <n>', 'elements read per tensor (M)', count('indexSets')))
    .addOption(option('--seeds <n>', 'independent draws averaged (S)', count('seeds')))
    .addOption(option('--seed <n>', 'first seed', count('seed')))
    .addOption(option('--softmax <kind>', 'paper, or normalised:T (a departure)', parseSoftmax))
    .addOption(option('--fisher <formula>', 'paper, or released as the published code has it', parseFisher))
    .addOption(option('--norm <mode>', `batch norms: ${normNames.join(', ')}`, parseNorm))
    .addOption(
      option('--tensors <choice>', `which tensors are read: ${tensorChoices.join(', ')}`, parseTensors),
    )
    .option('--no-store', 'compute everything anew and keep nothing');
}

/** Adds the options of every command that starts an engine. */
export function addEngineOptions(command: Command): Command {
  return command
    .addOption(
      option('--engine <name>', `what computes: ${engineChoices.join(', ')}`, parseEngine).default('auto'),
    )
    .addOption(
      option('--threads <n>', 'threads of the engine (default: one per core, at most 4)', parseThreads),
    )
    .addOption(
      option(
        '--memory-limit <size>',
        'memory that an engine process may take, as 4GB (default: seven tenths of what is free)',
        parseBytes,
      ),
    )
    .addOption(new Option('--cuda-path <folder>', 'folder in which tfjs-node-gpu is installed'));
}

function option(flags: string, description: string, parse: (text: string) => unknown): Option {
  return new Option(flags, description).argParser(explaining(parse));
}

/** The named setting with the single options on top. @throws UsageError where no model has a score with it */
export function settingsOf(flags: ScoreFlags): ScoreSettings {
  const named = namedSettings[flags.setting];
  const settings: ScoreSettings = {
    estimator: flags.estimator ?? named.estimator,
    samples: flags.samples ?? named.samples,
    weights: flags.weights ?? named.weights,
    indexSets: flags.indexSets ?? named.indexSets,
    seeds: flags.seeds ?? named.seeds,
    softmax: flags.softmax ?? named.softmax,
    fisher: flags.fisher ?? named.fisher,
    ...normAndTensors(named, flags),
    seed: flags.seed ?? named.seed,
  };
  // Of a setting that some classes allow, each model says by itself whether it has them.
  const refused = refusal(settings, Number.POSITIVE_INFINITY);
  if (refused !== undefined) throw new UsageError(refused);
  return settings;
}

/** Commander names the option in front of the message of its own error class only. */
function explaining(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof SettingsError) {
        throw new InvalidArgumentError(error.message);
      }
      throw error;
    }
  };
}

function parseEngine(text: string): EngineChoice {
  const choice = engineChoices.find((candidate) => candidate === text);
  if (choice === undefined) {
    throw new SettingsError(`'${text}' is not an engine; use ${engineChoices.join(', ')}.`);
  }
  return choice;
}

/** `512MB`, `4GB`, as `formatBytes` writes them. @throws SettingsError */
function parseBytes(text: string): number {
  const parts = /^(\d+(?:\.\d+)?) ?([MG])B?$/i.exec(text);
  const bytes = Number(parts?.[1]) * (parts?.[2]?.toUpperCase() === 'G' ? 1e9 : 1e6);
  if (parts === null || bytes < leastMemory)
    throw new SettingsError(`'${text}' is not possible; use a size such as 512MB or 4GB, at least 256MB.`);
  return bytes;
}

/** An engine process without a job takes half of it. */
const leastMemory = 256e6;

function parseThreads(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 256) {
    throw new SettingsError(`'${text}' is not possible; use a whole number from 1 to 256.`);
  }
  return Number(text);
}
