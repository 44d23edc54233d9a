import type { FailureReason } from '../../base/failure-reasons.ts';
import type { EngineInfo } from '../../engine/engine.ts';
import type { ProxyOutcome } from '../../proxies/proxy-scorer.ts';
import type { InsightOutcome } from '../../score/insight/insight.ts';
import type { OpContribution, ScoreOutcome, ScoreSettings } from '../../score/types.ts';

/** Why a model has no score: `invalid` when the file has errors that leave no network to score. */
export type RecordReason = FailureReason | 'invalid';

/** A model's score as `--json` prints it. Fields that failed are null, never a number. */
export interface ScoreRecord {
  readonly file: string;
  readonly model: string;
  readonly state: 'ok' | 'failed';
  readonly reason?: RecordReason;
  readonly message?: string;
  /** Entropy of the deciles of the Fisher spectrum, 0 … ln 9; more is better. */
  readonly vkdnw: number | null;
  /** Standard error over seeds; null for one seed. */
  readonly vkdnwSe: number | null;
  /** Layers + VKDNW: the number networks are ranked by. */
  readonly single: number | null;
  readonly layers: number | null;
  readonly params: number | null;
  /** Multiply-accumulates for one sample. */
  readonly macs: number | null;
  /** Eigenvalues of the Fisher information, ascending. */
  readonly spectrum: readonly number[] | null;
  readonly deciles: readonly number[] | null;
  readonly contributions: readonly OpContribution[] | null;
  /** What is inside the score, over all tensors: where it was asked for. */
  readonly insight?: InsightOutcome;
  /** Other scores, where they were asked for. */
  readonly proxies?: ProxyOutcome;
  readonly seeds: readonly { readonly seed: number; readonly entropy: number }[] | null;
  readonly settings: ScoreSettings;
  readonly engine: EngineInfo | null;
  /** Wall time, building included. */
  readonly milliseconds: number | null;
  /** Content address of the score. */
  readonly key: string | null;
}

const nothing = {
  vkdnw: null,
  vkdnwSe: null,
  single: null,
  layers: null,
  params: null,
  macs: null,
  spectrum: null,
  deciles: null,
  contributions: null,
  seeds: null,
  engine: null,
  milliseconds: null,
  key: null,
} as const;

/** The record of a model that was scored, or tried to be. */
export function recordOf(
  file: string,
  model: string,
  outcome: ScoreOutcome,
  insight?: InsightOutcome,
): ScoreRecord {
  const { layers, params, macs, settings, key } = outcome;
  if (outcome.state === 'failed') {
    const { reason, message } = outcome;
    return { file, model, state: 'failed', reason, message, ...nothing, layers, params, macs, settings, key };
  }
  return {
    file,
    model,
    state: 'ok',
    vkdnw: outcome.vkdnw,
    vkdnwSe: outcome.vkdnwSe ?? null,
    single: outcome.single,
    layers,
    params,
    macs,
    spectrum: outcome.eigenvalues,
    deciles: outcome.deciles,
    contributions: outcome.contributions,
    ...(insight === undefined ? {} : { insight }),
    seeds: outcome.seeds.map(({ seed, entropy }) => ({ seed, entropy })),
    settings,
    engine: outcome.engine,
    milliseconds: outcome.milliseconds,
    key,
  };
}

/** The record of a model that has no network, because of errors in its file. */
export function invalidRecord(
  file: string,
  model: string,
  settings: ScoreSettings,
  message: string,
): ScoreRecord {
  return { file, model, state: 'failed', reason: 'invalid', message, ...nothing, settings };
}

/** A JSON array, one object a line. */
export function formatRecords(records: readonly ScoreRecord[]): string {
  return `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`;
}
