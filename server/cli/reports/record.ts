import type { FailureReason } from '../../base/failure-reasons.ts';
import type { EngineInfo } from '../../engine/engine.ts';
import type { EntryProxies } from '../../ranking/entry.ts';
import { taskText } from '../../ranking/task.ts';
import type { InsightOutcome } from '../../score/insight/insight.ts';
import type { ScoreMark } from '../../score/marks.ts';
import type { OpContribution, ScoreSettings } from '../../score/types.ts';
import { reasonOf, type ScoredModel } from '../scored-model.ts';

/** A `ScoredModel` as `--json` prints it: scripts of users read these fields. Where there is nothing it is null, never a number. */
export interface ScoreRecord {
  readonly file: string;
  readonly model: string;
  readonly state: 'ok' | 'failed';
  /** `invalid` when the file has errors that leave no network to score. */
  readonly reason?: FailureReason | 'invalid';
  readonly message?: string;
  /** What the network is for: `32×32×3 → 10`. */
  readonly task: string | null;
  /** How it is made: `residual conv` (docs/ranking.md#families). */
  readonly family: string | null;
  /** Entropy of the deciles of the Fisher spectrum, 0 … ln 9; more is better. */
  readonly vkdnw: number | null;
  /** Standard error over seeds; null for one seed. */
  readonly vkdnwSe: number | null;
  /** Layers + VKDNW: the number networks are ranked by. */
  readonly vkdnw_single: number | null;
  /** The same under its former name, which scripts may read. */
  readonly single: number | null;
  readonly layers: number | null;
  readonly params: number | null;
  /** Multiply-accumulates for one sample. */
  readonly macs: number | null;
  /** Eigenvalues of the Fisher information, ascending. */
  readonly spectrum: readonly number[] | null;
  readonly deciles: readonly number[] | null;
  readonly contributions: readonly OpContribution[] | null;
  /** What takes something from the number: empty where nothing does. */
  readonly marks: readonly ScoreMark[] | null;
  /** What is inside the score, over all tensors: where it was asked for. */
  readonly insight?: InsightOutcome;
  /** Other scores, where they were asked for. */
  readonly proxies?: EntryProxies;
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
  vkdnw_single: null,
  single: null,
  layers: null,
  params: null,
  macs: null,
  spectrum: null,
  deciles: null,
  contributions: null,
  marks: null,
  seeds: null,
  engine: null,
  milliseconds: null,
  key: null,
} as const;

/** @param settings those asked for: also of a model without a network */
export function recordOf(scored: ScoredModel, settings: ScoreSettings): ScoreRecord {
  const { file, model, message, outcome, insight, proxies } = scored;
  const task = scored.task === undefined ? null : taskText(scored.task);
  const { family = null } = scored;
  const reason = reasonOf(scored);
  if (outcome?.state !== 'ok') {
    const { layers = null, params = null, macs = null, key = null } = outcome ?? {};
    return {
      file,
      model,
      state: 'failed',
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
      task,
      family,
      ...nothing,
      layers,
      params,
      macs,
      settings,
      key,
      ...(proxies === undefined ? {} : { proxies }),
    };
  }
  return {
    file,
    model,
    state: 'ok',
    task,
    family,
    vkdnw: outcome.vkdnw,
    vkdnwSe: outcome.vkdnwSe ?? null,
    vkdnw_single: outcome.single,
    single: outcome.single,
    layers: outcome.layers,
    params: outcome.params,
    macs: outcome.macs,
    spectrum: outcome.eigenvalues,
    deciles: outcome.deciles,
    contributions: outcome.contributions,
    marks: outcome.marks ?? [],
    ...(insight === undefined ? {} : { insight }),
    seeds: outcome.seeds.map(({ seed, entropy }) => ({ seed, entropy })),
    settings: outcome.settings,
    engine: outcome.engine,
    milliseconds: outcome.milliseconds,
    key: outcome.key,
    ...(proxies === undefined ? {} : { proxies }),
  };
}

/** A JSON array, one object a line. */
export function formatObjects(objects: readonly unknown[]): string {
  return `[\n${objects.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`;
}
