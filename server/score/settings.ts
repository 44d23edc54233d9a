import { formatInteger } from '../base/quantities.ts';
import { leastRows } from '../fisher/lighter.ts';
import type { Estimator, ScoreNorm, ScoreSettings, SettingName, SoftmaxMode, TensorChoice } from './types.ts';

const common = {
  weights: 128,
  tensors: 'first',
  softmax: { kind: 'paper' },
  fisher: 'paper',
  norm: 'eval',
  seed: 0,
} as const satisfies Partial<ScoreSettings>;

/** The named settings: docs/score.md#settings. */
export const namedSettings: Readonly<Record<SettingName, ScoreSettings>> = {
  /** While typing: the first draws of `settled`, whose expectation it has. */
  live: { ...common, estimator: { kind: 'sketch', signs: 1 }, samples: 64, indexSets: 16, seeds: 3 },
  /** When the editor is idle, for rankings and the command line. */
  settled: { ...common, estimator: { kind: 'sketch', signs: 1 }, samples: 64, indexSets: 16, seeds: 4 },
  /** As published. */
  paper: { ...common, estimator: { kind: 'exact' }, samples: 64, indexSets: 1, seeds: 1 },
};

export const settingNames = Object.keys(namedSettings) as readonly SettingName[];

/** A setting that cannot be used, with what to write instead. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SettingsError';
  }
}

/** `live`, `settled`, `paper`. @throws SettingsError */
export function parseSettingName(text: string): SettingName {
  const name = settingNames.find((candidate) => candidate === text);
  if (name === undefined) {
    throw new SettingsError(`'${text}' is not a setting; use ${settingNames.join(', ')}.`);
  }
  return name;
}

/** `exact` or `sketch:R`. @throws SettingsError */
export function parseEstimator(text: string): Estimator {
  if (text === 'exact') {
    return { kind: 'exact' };
  }
  const signs = /^sketch:(\d+)$/.exec(text)?.[1];
  if (signs === undefined || Number(signs) < 1 || Number(signs) > limits.signs) {
    throw new SettingsError(
      `'${text}' is not an estimator; use exact, or sketch:R with R from 1 to ${limits.signs}, for instance sketch:1.`,
    );
  }
  return { kind: 'sketch', signs: Number(signs) };
}

/** `paper` or `normalised:T`. @throws SettingsError */
export function parseSoftmax(text: string): SoftmaxMode {
  if (text === 'paper') {
    return { kind: 'paper' };
  }
  const digits = /^normalised:(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  const temperature = Number(digits);
  if (digits === undefined || temperature <= 0 || temperature > limits.temperature) {
    throw new SettingsError(
      `'${text}' is not a softmax; use paper, or normalised:T with T above 0 and at most ${limits.temperature}, for instance normalised:3.`,
    );
  }
  return { kind: 'normalised', temperature };
}

/** @throws SettingsError */
export function parseFisher(text: string): ScoreSettings['fisher'] {
  if (text === 'paper' || text === 'released') {
    return text;
  }
  throw new SettingsError(`'${text}' is not a Fisher formula; use paper or released.`);
}

const normTexts: Readonly<Record<ScoreNorm, string>> = {
  eval: 'evaluation mode at initialisation',
  calibrated: 'frozen at the statistics of the random input',
  'released-mbv2': 'as the released code has it for MobileNetV2: running statistics after one training step',
};

const tensorTexts: Readonly<Record<TensorChoice, (count: string) => string>> = {
  first: (count) => `the first ${count} tensors`,
  spread: (count) => `${count} tensors evenly spread over the depth`,
  random: (count) => `${count} tensors at random`,
};

/** `eval`, `calibrated`, `released-mbv2`. */
export const normNames = Object.keys(normTexts) as readonly ScoreNorm[];

/** `first`, `spread`, `random`. */
export const tensorChoices = Object.keys(tensorTexts) as readonly TensorChoice[];

/** One of `normNames`. @throws SettingsError */
export function parseNorm(text: string): ScoreNorm {
  return oneOf(normNames, text, 'a mode of norms');
}

/** One of `tensorChoices`. @throws SettingsError */
export function parseTensors(text: string): TensorChoice {
  return oneOf(tensorChoices, text, 'a choice of tensors');
}

function oneOf<T extends string>(known: readonly T[], text: string, what: string): T {
  const found = known.find((candidate) => candidate === text);
  if (found === undefined) throw new SettingsError(`'${text}' is not ${what}; use ${known.join(', ')}.`);
  return found;
}

/** Norms and tensors of settings, where some are asked for: the rule of the released code includes tensors at random. */
export function normAndTensors(
  settings: Pick<ScoreSettings, 'norm' | 'tensors'>,
  asked: { readonly norm?: ScoreNorm | undefined; readonly tensors?: TensorChoice | undefined },
): Pick<ScoreSettings, 'norm' | 'tensors'> {
  const norm = asked.norm ?? settings.norm;
  const implied = asked.norm === 'released-mbv2' ? 'random' : settings.tensors;
  return { norm, tensors: asked.tensors ?? implied };
}

/** For people: what batch norms do. */
export function normText({ norm }: Pick<ScoreSettings, 'norm'>): string {
  return normTexts[norm];
}

/** For people: `the first 128 tensors`, which are read where there are more. */
export function tensorsText({ tensors, weights }: Pick<ScoreSettings, 'tensors' | 'weights'>): string {
  return tensorTexts[tensors](formatInteger(weights));
}

export type CountSetting = 'samples' | 'weights' | 'indexSets' | 'seeds' | 'seed';

const limits = {
  signs: 4096,
  temperature: 100,
};

const countRanges: Readonly<Record<CountSetting, readonly [number, number]>> = {
  samples: [1, 4096],
  weights: [1, 4096],
  indexSets: [1, 1024],
  seeds: [1, 1000],
  seed: [0, 2 ** 31],
};

/** A whole number within the range of the setting. @throws SettingsError */
export function parseCount(setting: CountSetting, text: string): number {
  const [low, high] = countRanges[setting];
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) {
    throw new SettingsError(`'${text}' is not possible; use a whole number from ${low} to ${high}.`);
  }
  return value;
}

/** As `parseEstimator` reads it. */
export function formatEstimator(estimator: Estimator): string {
  return estimator.kind === 'exact' ? 'exact' : `sketch:${estimator.signs}`;
}

/** As `parseSoftmax` reads it. */
export function formatSoftmax(softmax: SoftmaxMode): string {
  return softmax.kind === 'paper' ? 'paper' : `normalised:${softmax.temperature}`;
}

/** Name of the setting these settings are, apart from the seed they start at. */
export function settingNameOf(settings: ScoreSettings): SettingName | undefined {
  const text = formatSettings({ ...settings, seed: 0 });
  return settingNames.find((name) => formatSettings(namedSettings[name]) === text);
}

/** `sketch:1, N 64, P 128, M 16, S 4, seed 0`, and what departs from the paper. */
export function formatSettings(settings: ScoreSettings): string {
  const parts = [
    formatEstimator(settings.estimator),
    `N ${settings.samples}`,
    `P ${settings.weights}`,
    `M ${settings.indexSets}`,
    `S ${settings.seeds}`,
    `seed ${settings.seed}`,
  ];
  if (settings.softmax.kind !== 'paper') {
    parts.push(`softmax ${formatSoftmax(settings.softmax)} (not the paper's)`);
  }
  if (settings.fisher !== 'paper') {
    parts.push(`fisher ${settings.fisher}`);
  }
  if (settings.norm !== 'eval') {
    parts.push(`norms ${settings.norm}${settings.norm === 'calibrated' ? " (not the paper's)" : ''}`);
  }
  if (settings.tensors !== 'first') {
    parts.push(`tensors ${settings.tensors}`);
  }
  return parts.join(', ');
}

/**
 * Why the method refuses these settings for a network of so many classes (docs/score.md#too-few-rows), with the remedy.
 *
 * @returns undefined where it does not
 */
export function refusal(settings: ScoreSettings, classes: number): string | undefined {
  if (classes < 2) {
    return 'One class has no Fisher information: its probability is always 1. Use at least 2 classes.';
  }
  const { estimator, samples } = settings;
  const perSample = estimator.kind === 'exact' ? classes - 1 : estimator.signs;
  if (samples * perSample >= leastRows) {
    return undefined;
  }
  const needed = Math.ceil(leastRows / perSample);
  const rows = estimator.kind === 'exact' ? 'N·(C − 1)' : 'N·R';
  return `${rows} = ${samples}·${perSample} is below ${leastRows}, where the score inverts. Use at least ${needed} samples${
    estimator.kind === 'exact' ? '' : `, or sketch:${Math.ceil(leastRows / samples)}`
  }.`;
}
