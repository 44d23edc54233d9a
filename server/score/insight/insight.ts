import type { FailureReason } from '../../base/failure-reasons.ts';
import type { EngineInfo } from '../../engine/engine.ts';
import type { LogitSummary } from '../../fisher/logits.ts';
import type { Estimate } from '../../fisher/statistics.ts';
import type { ScoreSettings } from '../types.ts';

export type { LogitSummary } from '../../fisher/logits.ts';
export type { Estimate } from '../../fisher/statistics.ts';

/**
 * What is inside a score: the spectrum, and what every op of the network has to do with it. How each number is
 * estimated: docs/contributions.md. A plain JSON value: it can be stored and sent to a view.
 */
export interface Insight {
  readonly state: 'ok';
  /** Of the score itself: its own weights (the first P tensors), index sets and draws. */
  readonly scored: SpectrumSummary;
  /**
   * The same over every tensor of the network: the bands and entropy effects of `ops` refer to it. Equal to `scored` when
   * the network has no more than P tensors and the score reads 16 index sets or more, of rows enough for them. Absent when
   * the network is too large to analyse so.
   */
  readonly whole?: WholeSpectrum;
  /** Every node of the network but its input, in order (inputs before their users), also those without weights. */
  readonly ops: readonly OpInsight[];
  readonly logits: LogitSummary;
  /** Trainable tensors of the network, and how many different weights of them were sampled in all. */
  readonly sampled: { readonly tensors: number; readonly weights: number };
  /** Those of the score. */
  readonly settings: ScoreSettings;
  /** Those of the contributions: every tensor, at least 16 index sets, rows enough for all tensors. */
  readonly sampling: ScoreSettings;
  /** Name, device, version and threads of the engine. */
  readonly engine: EngineInfo;
  /** Of the program that made it: `0.1.0`. */
  readonly version: string;
  /** Wall time, building included. */
  readonly milliseconds: number;
  /** Content address: canonical network, settings, seed, engine version. */
  readonly key: string;
}

/** Why there is none: the reasons of a score (docs/architecture.md#invariants, 5). */
export interface InsightFailure {
  readonly state: 'failed';
  readonly reason: FailureReason;
  /** For people: what happened, and the remedy. */
  readonly message: string;
}

export type InsightOutcome = Insight | InsightFailure;

/** A spectrum with its deciles and entropy, over all draws. */
export interface SpectrumSummary {
  /** Mean over index sets and seeds, ascending, one per weight; not negative. */
  readonly eigenvalues: readonly number[];
  /** λ at 0.1 … 0.9 (nine): means over index sets and seeds. */
  readonly deciles: readonly number[];
  /** `deciles` divided by their sum (nine, sum 1). The entropy is the mean over draws, not the entropy of these means. */
  readonly normalisedDeciles: readonly number[];
  /** In nats, 0 … ln 9; the standard error is over seeds. */
  readonly entropy: Estimate;
  /** Mean over the index sets of each seed, in order of the seeds. */
  readonly seedEntropies: readonly { readonly seed: number; readonly entropy: number }[];
}

/** The spectrum over every tensor of a network. */
export interface WholeSpectrum extends SpectrumSummary {
  /**
   * Share of the trace in each of the ten bands between consecutive deciles (below the first, …, above the ninth); sums
   * to 1. A band without information has 0.
   */
  readonly bandTrace: readonly number[];
}

/** One node of the network: an op at one of its call sites. */
export interface OpInsight {
  /** `NetworkNode.path`: joins with the source (`PlacedNode`), stable under renaming. */
  readonly path: string;
  /** Name of the op: `conv`. */
  readonly op: string;
  /** For people: `conv(16, 3x3)`. */
  readonly label: string;
  /** Calls and iterations that lead to it, outermost first, for people: `repeat #2`, `BasicBlock(32)`. */
  readonly calls: readonly string[];
  /** Index in `Network.nodes`. */
  readonly order: number;
  /** Ops on the longest way from the input to it, itself included; the input is 0. */
  readonly depth: number;
  /** Its trainable tensors; 0 for an op without weights, which then has a share of 0 and no bands or effect. */
  readonly tensors: number;
  /** Different weights sampled of them. */
  readonly weights: number;
  /** Of the trace of F, 0 … 1. Sums to 1 over all ops. */
  readonly share: Estimate;
  /**
   * Share of what each of the ten bands holds, 0 … 1, null for a band without information. Each band sums to 1 over all
   * ops. Absent for an op without weights, and without `Insight.whole`.
   */
  readonly bands?: readonly (number | null)[];
  /**
   * Entropy of the spectrum without this op's weights minus the one with them: negative where the op makes the spectrum
   * more even. Absent for an op without weights, and where it was too costly.
   */
  readonly entropyEffect?: Estimate;
  readonly signal: OpSignal;
}

/** Whether the logits depend on the op's weights (its value, for an op without weights). */
export type OpSignal =
  | { readonly reaches: true }
  | {
      readonly reaches: false;
      readonly cause: SignalCause;
      /** For people, one sentence. */
      readonly message: string;
    };

export type SignalCause =
  /** What goes in is 0: the ops (paths) that make it so, `none` for instance. */
  | { readonly kind: 'zero-input'; readonly sources: readonly string[] }
  /** Nothing uses what comes out, or only ops that are themselves unused: the ends of the dead branch (paths). */
  | { readonly kind: 'unused'; readonly ends: readonly string[] }
  /** What comes out is used, but ops (paths) on every way to the logits let nothing through. */
  | { readonly kind: 'blocked'; readonly blockers: readonly string[] }
  /** Every sampled gradient is 0, and the structure does not tell why: dead ReLUs, or numbers too small for float32. */
  | { readonly kind: 'measured' };
