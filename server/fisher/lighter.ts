import type { ScoreSettings } from './settings.ts';

/** With fewer rows the score inverts: too few non-zero eigenvalues for the upper deciles (docs/score.md#too-few-rows). */
export const leastRows = 32;

/** What makes a score cheaper, in words: nothing that is in force already, and nothing that would be refused. */
export function lighterSettings({ estimator, indexSets, samples }: ScoreSettings): {
  readonly estimator: readonly string[];
  readonly indexSets: readonly string[];
  readonly samples: readonly string[];
} {
  const rowsPerSample = estimator.kind === 'exact' ? 1 : estimator.signs;
  const hasSpareSigns = estimator.kind === 'sketch' && samples * (estimator.signs - 1) >= leastRows;
  return {
    estimator:
      estimator.kind === 'exact' ? ['a sketch estimator'] : hasSpareSigns ? ['a sketch of fewer signs'] : [],
    indexSets: indexSets > 1 ? ['fewer index sets'] : [],
    samples: (samples - 1) * rowsPerSample >= leastRows ? ['fewer samples'] : [],
  };
}

/** `a, b or c` */
export function alternativesText(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} or ${last}`;
}
