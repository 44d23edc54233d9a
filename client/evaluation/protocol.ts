/** What the panel of an evaluation and its page say to each other. */
import * as v from 'valibot';
import type { Evaluation } from '../../server/evaluation/evaluation.ts';
import { exportMessages, type ExportRequest } from '../webview/export-format.ts';

const names = v.array(v.string());

/** What is to be evaluated: the answers to the questions of the command. */
export const requestSchema = v.variant('kind', [
  /** Scores that a table already holds. */
  v.object({ kind: v.literal('columns'), file: v.string(), target: v.string(), columns: names }),
  /** Networks of a table that are scored now. */
  v.object({
    kind: v.literal('benchmark'),
    file: v.string(),
    target: v.string(),
    genotype: v.string(),
    dataSet: v.picklist(['cifar10', 'cifar100', 'imagenet16-120']),
    proxies: names,
    /** Networks at random; absent: all. */
    sample: v.optional(v.number()),
  }),
]);

export type EvaluationRequest = v.InferOutput<typeof requestSchema>;

export type EvaluationState =
  | { readonly kind: 'running'; readonly done: number; readonly text: string }
  /** Nobody computes. After a cancel or a reload; what was computed is kept. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly evaluation: Evaluation };

export interface EvaluationView {
  readonly request: EvaluationRequest;
  readonly state: EvaluationState;
}

export type ToEvaluation = { readonly kind: 'view'; readonly view: EvaluationView } | ExportRequest;

export const fromEvaluation = v.variant('kind', [
  v.object({ kind: v.literal('run') }),
  v.object({ kind: v.literal('cancel') }),
  ...exportMessages,
]);

export type FromEvaluation = v.InferOutput<typeof fromEvaluation>;
