import * as v from 'valibot';
import type { Evaluation } from './evaluation.ts';

/**
 * What `archlens evaluate --stream` prints, a JSON object a line, for a program that shows it: progress while networks are
 * scored, then the whole evaluation.
 */
export type EvaluationMessage =
  | {
      readonly kind: 'progress';
      /** 0 … 1 */
      readonly done: number;
      /** For people. */
      readonly text: string;
    }
  | { readonly kind: 'evaluation'; readonly evaluation: Evaluation };

const interval = v.nullable(v.object({ low: v.number(), high: v.number() }));
const better = v.picklist(['higher', 'lower']);

const evaluationSchema: v.GenericSchema<unknown, Evaluation> = v.pipe(
  v.object({
    source: v.string(),
    target: v.string(),
    targets: v.array(v.number()),
    names: v.array(v.string()),
    scores: v.array(
      v.object({
        name: v.string(),
        better,
        metrics: v.array(
          v.object({
            name: v.picklist(['tau', 'rho', 'ndcg', 'precision', 'best']),
            title: v.string(),
            value: v.nullable(v.number()),
            interval,
          }),
        ),
        values: v.array(v.nullable(v.number())),
      }),
    ),
    options: v.object({ depth: v.number(), top: v.number(), resamples: v.number(), seed: v.number() }),
    provenance: v.optional(v.string()),
    notes: v.array(v.string()),
  }),
  v.transform(({ provenance, ...rest }) => (provenance === undefined ? rest : { ...rest, provenance })),
);

const messageSchema: v.GenericSchema<unknown, EvaluationMessage> = v.variant('kind', [
  v.object({ kind: v.literal('progress'), done: v.number(), text: v.string() }),
  v.object({ kind: v.literal('evaluation'), evaluation: evaluationSchema }),
]);

/** A line of the stream. */
export function formatMessage(message: EvaluationMessage): string {
  return `${JSON.stringify(message)}\n`;
}

/** @returns undefined for a line that is none */
export function readMessage(line: string): EvaluationMessage | undefined {
  try {
    const result = v.safeParse(messageSchema, JSON.parse(line));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
