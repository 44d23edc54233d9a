import type { FileAnalysis, ModelAnalysis } from '../language/analysis.ts';
import { Scorer } from '../score/scorer.ts';
import type { ScoreSettings } from '../score/types.ts';
import { withEngine } from './engine.ts';
import { blockingError, type Files } from './files.ts';
import { invalidRecord, recordOf, type ScoreRecord } from './record.ts';
import type { ScoreFlags } from './score-options.ts';
import { interruptible, ProgressBar } from './terminal.ts';

/** A model in a file. */
export interface Target {
  /** As the user named it. */
  readonly file: string;
  readonly analysis: FileAnalysis;
  readonly model: ModelAnalysis;
}

/** All models of the files, in the order of the text. */
export function modelsOf(paths: readonly string[], files: Files): Target[] {
  return paths.flatMap((file) => {
    const analysis = files.analyse(file);
    return analysis.models.map((model) => ({ file, analysis, model }));
  });
}

/** Scores models one after another, in one engine. @returns undefined when the user interrupted it */
export async function scoreModels(
  targets: readonly Target[],
  settings: ScoreSettings,
  flags: ScoreFlags,
  files: Files,
): Promise<ScoreRecord[] | undefined> {
  const progress = new ProgressBar();
  try {
    return await interruptible((signal) =>
      withEngine(flags, async (engine) => {
        const scorer = new Scorer(engine);
        const records: ScoreRecord[] = [];
        for (const [index, { file, analysis, model }] of targets.entries()) {
          if (model.network === undefined) {
            records.push(invalidRecord(file, model.name, settings, whyInvalid(analysis, model, files)));
            continue;
          }
          const outcome = await scorer.score(model.network, settings, {
            signal,
            onProgress: (done) => {
              const label =
                targets.length === 1 ? model.name : `${model.name} (${index + 1} of ${targets.length})`;
              progress.update((index + done) / targets.length, label);
            },
          });
          if (signal.aborted) {
            return undefined;
          }
          records.push(recordOf(file, model.name, outcome));
        }
        return records;
      }),
    );
  } finally {
    progress.clear();
  }
}

function whyInvalid(analysis: FileAnalysis, model: ModelAnalysis, files: Files): string {
  const error = blockingError(analysis, model.span);
  return error === undefined
    ? 'Something it uses has errors. Run check on the files it imports.'
    : `${files.place(error.location)} ${error.message}`;
}
