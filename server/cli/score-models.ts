import { familyOf } from '../network/family.ts';
import type { FileAnalysis, ModelAnalysis } from '../language/analysis.ts';
import { blockingError } from '../language/check/model-errors.ts';
import type { Proxy } from '../proxies/proxy.ts';
import { taskOf } from '../ranking/task.ts';
import { outlineOf } from '../worth/outline.ts';
import type { ScoreSettings } from '../score/types.ts';
import { sameEngine } from '../score/key.ts';
import type { Files, Listing } from './files.ts';
import type { ScoreFlags } from './score-options.ts';
import { invalidModel, scoredModel, type ScoredModel } from './scored-model.ts';
import { withScorer } from './scorer.ts';
import { interruptible, ProgressBar, UsageError } from './terminal.ts';
import { shownName } from '../language/names/shown-name.ts';

/** A model in a file. */
export interface Target {
  /** As the user named it. */
  readonly file: string;
  readonly analysis: FileAnalysis;
  readonly model: ModelAnalysis;
}

/** All models of a file, in the order of the text. */
export function modelsOf(file: string, analysis: FileAnalysis): Target[] {
  return analysis.models.map((model) => ({ file, analysis, model }));
}

/** The models of all files that can be read; of the others it is said why not. */
export function allModels(listing: Listing, files: Files): Models {
  const { found, failed } = files.analyseReadable(listing);
  return {
    targets: found.flatMap(({ path, analysis }) => modelsOf(path, analysis)),
    spaces: found.flatMap(({ analysis }) => analysis.spaces.map(({ name }) => name)),
    unread: failed,
  };
}

interface Models {
  readonly targets: readonly Target[];
  /** Names of spaces, which have no score. */
  readonly spaces: readonly string[];
  /** How many files, or folders, cannot be read. */
  readonly unread: number;
}

/** Says that there is nothing to score, and what can be done. */
export function noModel(paths: readonly string[], spaces: readonly string[]): UsageError {
  const members =
    spaces.length === 0
      ? ''
      : ` There is a space (${[...new Set(spaces)].join(', ')}), which is a family of networks: write the member to be scored as a model, with one option in the place of each \`choice(…)\`.`;
  return new UsageError(
    `There is no model in ${paths.join(', ')}. A model starts with \`model Name {\`.${members}`,
  );
}

/**
 * Scores models one after another, in one engine; what is stored and unchanged is not computed, and needs no engine to
 * start.
 *
 * @param proxies computed besides
 * @returns undefined when the user interrupted it
 */
export async function scoreModels(
  targets: readonly Target[],
  settings: ScoreSettings,
  flags: ScoreFlags,
  files: Files,
  proxies: readonly Proxy[] = [],
): Promise<ScoredModel[] | undefined> {
  const progress = new ProgressBar();
  try {
    return await interruptible((signal) =>
      withScorer(flags, async (scorer, engine, insights, proxyScorer) => {
        const score = async (target: Target, index: number): Promise<ScoredModel> => {
          const { analysis, model } = target;
          const place = placeOf(target, files);
          if (model.network === undefined) return invalidModel(place, whyInvalid(analysis, model, files));
          const onProgress = (done: number): void => {
            const name = shownName(model.name);
            const label = targets.length === 1 ? name : `${name} (${index + 1} of ${targets.length})`;
            progress.update((index + done) / targets.length, label);
          };
          const part = flags.contributions === true ? 0.5 : 1;
          const outcome = await scorer.score(model.network, settings, {
            signal,
            onProgress: (done) => {
              onProgress(part * done);
            },
          });
          if (flags.contributions !== true || outcome.state === 'failed') {
            if (proxies.length === 0 || signal.aborted) return scoredModel(place, outcome);
            const others = await proxyScorer.measure(model.network, proxies, { settings, signal });
            return scoredModel(place, outcome, { proxies: others });
          }
          const insight = await insights.insight(model.network, outcome, {
            signal,
            onProgress: (done) => {
              onProgress(part + (1 - part) * done);
            },
          });
          return scoredModel(place, outcome, { insight });
        };

        const models: ScoredModel[] = [];
        for (const [index, target] of targets.entries()) {
          models.push(await score(target, index));
          if (signal.aborted) return undefined;
        }
        // Stored scores may be of an engine that another has replaced: they are not compared with those of this one.
        for (const [index, { score: known }] of models.entries()) {
          const used = known?.engine;
          const { info } = engine.status();
          if (used !== undefined && info !== undefined && !sameEngine(used, info)) {
            models[index] = await score(targets[index]!, index);
            if (signal.aborted) return undefined;
          }
        }
        return models;
      }),
    );
  } finally {
    progress.clear();
  }
}

function placeOf({ file, analysis: { uri }, model: { name, nameSpan, network } }: Target, files: Files) {
  const { line } = files.rangeOf({ uri, span: nameSpan }).start;
  const place = { id: JSON.stringify([file, name, line]), uri, file, model: name, line };
  return network === undefined
    ? place
    : { ...place, task: taskOf(network), family: familyOf(network), outline: outlineOf(network) };
}

/** The error that leaves a model without a network. */
export function whyInvalid(analysis: FileAnalysis, model: ModelAnalysis, files: Files): string {
  const error = blockingError(analysis, model.span);
  return error === undefined
    ? 'Something it uses has errors. Run check on the files it imports.'
    : `${files.place(error.location)} ${error.message}`;
}
