import * as v from 'valibot';
import { own } from '../base/own.ts';
import { engineChoices } from '../engine/registry.ts';
import type { EngineChoice } from '../engine/registry.ts';
import { isDiagnosticCode } from '../language/check/codes.ts';
import type { SeverityChoice, SeverityChoices } from '../language/check/severities.ts';
import type { FileFilter } from '../ranking/file-filter.ts';
import { defaultStoreLimit } from '../store/store-folder.ts';
import {
  namedSettings,
  normAndTensors,
  normNames,
  parseEstimator,
  parseSoftmax,
  tensorChoices,
} from '../score/settings.ts';
import type { ScoreSettings, SettingName } from '../score/types.ts';

/** `archlens.*` as the server uses it; described for users in package.json. */
export interface Settings {
  readonly engine: EngineSettings;
  /** Bytes of scores kept on disk; 0: none. */
  readonly storeLimit: number;
  readonly score: {
    readonly onType: boolean;
    /** Milliseconds. */
    readonly debounce: number;
    /** Multiply-accumulates. */
    readonly costLimit: number;
    /** The whole score, of which the first draws are shown first. */
    readonly final: StagedSettings;
  };
  /** Files of a workspace folder that are ranked. */
  readonly ranking: FileFilter;
  readonly codeLens: boolean;
  readonly inlayHints: {
    readonly shapes: boolean;
    readonly loopVariables: boolean;
    /** Of calls of blocks, or of ops too. */
    readonly parameterNames: 'none' | 'blocks' | 'all';
  };
  readonly contributions: boolean;
  /** Of diagnostics, by code. */
  readonly severities: SeverityChoices;
}

export interface EngineSettings {
  readonly choice: EngineChoice;
  readonly threads: number;
  /** Milliseconds. */
  readonly timeLimit: number;
  /** Bytes; 0: by what the machine has free. */
  readonly memoryLimit: number;
  /** Empty: the Node of the server. */
  readonly nodePath: string;
  /** Folder in which tfjs-node-gpu is installed; empty: where the client has put it. */
  readonly cudaPath: string;
}

/** `custom`: a named setting with overrides. */
export type StageName = SettingName | 'custom';

/** The settings of a score, and the name they are shown by. */
export interface StagedSettings {
  readonly name: StageName;
  readonly settings: ScoreSettings;
}

const count = (low: number, high: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high));
const atLeast = (low: number) => v.pipe(v.number(), v.minValue(low));
/** Text that a parser of the score's settings accepts. */
const parsedBy = <T>(parse: (text: string) => T) =>
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value);
      } catch (error) {
        addIssue({ message: error instanceof Error ? error.message : String(error) });
        return NEVER;
      }
    }),
  );

const globs = v.array(v.string());

export interface ReadSettings {
  readonly settings: Settings;
  /** One line per setting that cannot be used; its default is used instead, and the others are kept. */
  readonly refused: readonly string[];
}

/** @param raw the value of the section `archlens`, as the client sends it */
export function readSettings(raw: unknown): ReadSettings {
  const refused: string[] = [];
  const get = <T>(path: string, schema: v.GenericSchema<unknown, T>): T | undefined => {
    const value = path.split('.').reduce<unknown>(member, raw);
    if (value === undefined || value === null) return undefined;
    const result = v.safeParse(schema, value);
    if (result.success) return result.output;
    refused.push(`archlens.${path} is ${JSON.stringify(value)}: ${result.issues[0].message}`);
    return undefined;
  };

  const seed = get('score.seed', count(0, 2 ** 31 - 1)) ?? 0;
  const softmax = get('score.softmax', parsedBy(parseSoftmax));
  const norm = get('score.norm', v.picklist(normNames));
  const tensors = get('score.tensors', v.picklist(tensorChoices));
  const overrides = defined({
    norm,
    tensors,
    estimator: get('score.estimator', parsedBy(parseEstimator)),
    samples: get('score.samples', count(1, 4096)),
    weights: get('score.weights', count(1, 4096)),
    indexSets: get('score.indexSets', count(1, 256)),
    seeds: get('score.seeds', count(1, 100)),
    softmax,
  });
  const name = get('score.setting', v.picklist(['live', 'settled', 'paper'])) ?? 'settled';
  const final: StagedSettings = {
    name: Object.keys(overrides).length === 0 ? name : 'custom',
    settings: {
      ...namedSettings[name],
      ...overrides,
      ...normAndTensors(namedSettings[name], overrides),
      seed,
    },
  };
  const settings: Settings = {
    engine: {
      choice: get('engine.choice', v.picklist(engineChoices)) ?? 'auto',
      threads: get('engine.threads', count(0, 256)) ?? 0,
      timeLimit: (get('engine.timeLimit', atLeast(1)) ?? 60) * 1000,
      memoryLimit: (get('engine.memoryLimit', atLeast(0)) ?? 0) * 2 ** 20,
      nodePath: get('engine.nodePath', v.string()) ?? '',
      cudaPath: get('engine.cudaPath', v.string()) ?? '',
    },
    storeLimit: (get('store.sizeLimit', atLeast(0)) ?? defaultStoreLimit / 2 ** 20) * 2 ** 20,
    score: {
      onType: get('score.onType', v.boolean()) ?? true,
      debounce: get('score.debounce', count(0, 10_000)) ?? 150,
      costLimit: (get('score.costLimit', atLeast(0)) ?? 2000) * 1e9,
      final,
    },
    ranking: {
      include: get('ranking.include', globs) ?? [],
      exclude: get('ranking.exclude', globs) ?? [],
    },
    codeLens: get('codeLens.enabled', v.boolean()) ?? true,
    inlayHints: {
      shapes: get('inlayHints.shapes', v.boolean()) ?? true,
      loopVariables: get('inlayHints.loopVariables', v.boolean()) ?? true,
      parameterNames: get('inlayHints.parameterNames', v.picklist(['none', 'blocks', 'all'])) ?? 'blocks',
    },
    contributions: get('hover.contributions', v.boolean()) ?? true,
    severities: readSeverities(get('diagnostics.severity', v.record(v.string(), v.unknown())), refused),
  };
  return { settings, refused };
}

const severityChoices: Readonly<Record<string, SeverityChoice>> = {
  error: 'error',
  warning: 'warning',
  information: 'info',
  hint: 'hint',
  off: 'off',
};

/** The entries that can be used; the others are named in `refused`. */
function readSeverities(
  raw: Readonly<Record<string, unknown>> | undefined,
  refused: string[],
): SeverityChoices {
  const choices = new Map<string, SeverityChoice>();
  for (const [code, value] of Object.entries(raw ?? {})) {
    const choice = typeof value === 'string' ? own(severityChoices, value) : undefined;
    if (!isDiagnosticCode(code))
      refused.push(`archlens.diagnostics.severity names ${JSON.stringify(code)}: there is no such code`);
    else if (choice === undefined)
      refused.push(
        `archlens.diagnostics.severity of ${code} is ${JSON.stringify(value)}: expected ${Object.keys(severityChoices).join(', ')}`,
      );
    else choices.set(code, choice);
  }
  return choices;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? own(value as Record<string, unknown>, key) : undefined;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
