import type { EngineInfo } from '../engine/engine.ts';
import type { ScoreSettings } from '../fisher/settings.ts';
import type { Estimate, LogitSummary } from '../score/insight/insight.ts';
import type { ScoreMark } from '../score/marks.ts';
import type { Bands } from './bands.ts';

/** What is drawn of one model's score. A plain JSON value: it is sent to panels, kept by them, and exported. */
export interface Picture {
  readonly model: string;
  /** Name of the file, for people. */
  readonly file: string;
  readonly vkdnw: Estimate;
  /** What takes something from the number; absent where nothing does. */
  readonly marks?: readonly ScoreMark[];
  /** ℵ + VKDNW. */
  readonly single: number;
  readonly layers: number;
  readonly params: number;
  /** Multiply-accumulates for one sample. */
  readonly macs: number;
  /** Mean over index sets and seeds, ascending, one per weight of the score. */
  readonly eigenvalues: readonly number[];
  /** λ at the `quantileLevels` of the norm: 0.1 … 0.9, or 0 … 1. */
  readonly deciles: readonly number[];
  readonly seeds: readonly { readonly seed: number; readonly entropy: number }[];
  readonly contributions: Contributions;
  readonly origin: PictureOrigin;
}

export interface Contributions {
  /**
   * `all`: every tensor of the network was sampled. `scored`: only the tensors that the score reads; the others
   * have no share.
   */
  readonly over: 'all' | 'scored';
  /** Every op with weights, and every op whose signal is lost, in the order of the network. */
  readonly ops: readonly PictureOp[];
  /** They belong to an earlier version of the model, while those of this one are computed. */
  readonly earlier?: true;
  /** Absent with `scored`. */
  readonly logits?: LogitSummary;
}

export interface PictureOp {
  /** `NetworkNode.path`, unique. */
  readonly path: string;
  /** Name of the op: `conv`. */
  readonly op: string;
  /** For people: `conv(16, 3x3)`. */
  readonly label: string;
  /** Calls and iterations that lead to it, outermost first. */
  readonly calls: readonly PictureCall[];
  /** Index in the network. */
  readonly order: number;
  /** Trainable tensors sampled; 0 for an op without weights. */
  readonly tensors: number;
  /** Share of the trace of the Fisher information, 0 … 1. Sums to 1 over the ops. */
  readonly share: Estimate;
  readonly bands?: Bands;
  /** Entropy without the op minus with it. */
  readonly entropyEffect?: Estimate;
  /** Why no signal passes; absent where it does. */
  readonly silent?: string;
  readonly place: Place;
}

export interface PictureCall {
  /** `repeat #2`, `BasicBlock(32)` */
  readonly label: string;
  readonly kind: 'call' | 'iteration';
  readonly place: Place;
}

/** A range of a file, lines and UTF-16 columns from 0. */
export interface Place {
  readonly uri: string;
  readonly start: Position;
  readonly end: Position;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

/** How the numbers were made. */
export interface PictureOrigin {
  readonly settings: ScoreSettings;
  /** Settings of the contributions, where they were sampled with others. */
  readonly sampling?: ScoreSettings;
  readonly engine: EngineInfo;
  /** Version of the program. */
  readonly version: string;
  /** Wall time of the score, building included. */
  readonly milliseconds: number;
  /** Content address of the score. */
  readonly key: string;
}

/** Deciles over their sum: what the entropy is taken of. Sums to 1. */
export function normalised(deciles: readonly number[]): number[] {
  const total = deciles.reduce((sum, value) => sum + value, 0);
  return deciles.map((value) => (total === 0 ? 0 : value / total));
}

/** Whether two scores were made alike, so that their difference means something. Seeds only reduce noise. */
export function comparable(a: PictureOrigin, b: PictureOrigin): boolean {
  const kind = ({ settings, engine }: PictureOrigin): string =>
    JSON.stringify([{ ...settings, seeds: 0, seed: 0 }, engine.name]);
  return kind(a) === kind(b);
}
