import { formatBytes } from '../base/quantities.ts';
import { lower } from '../network/lower.ts';
import type { Network, NetworkParam } from '../network/network.ts';
import type { FrozenNorms } from '../network/op.ts';
import type { ScoreSettings } from './settings.ts';
import { atLeastOne, comfortable, comfortableAlone, largestDivisor, maxBatch } from '../tensor/chunk-size.ts';
import { compareModes, programCost } from '../tensor/cost.ts';
import { forward } from '../tensor/transforms/forward.ts';
import type { ChosenWeight, PrimalProgram, Program, Source } from '../tensor/ir.ts';
import { reverse } from '../tensor/transforms/reverse.ts';
import { planCalibration, type Calibration } from './calibration.ts';
import { chooseWeights } from './chosen-weights.ts';
import {
  basisCotangents,
  contrastCotangents,
  sketchCotangents,
  type CotangentWriter,
  type Range,
} from './cotangents.ts';
import { FisherFailure } from './failure.ts';
import type { LaneKind } from './jacobian.ts';
import { alternativesText, lighterSettings } from './lighter.ts';
import { predictFootprint, type Footprint } from './footprint.ts';

/** One job of a plan: the derivatives of some lanes by some weights. */
export interface Pass {
  readonly lanes: Range;
  readonly weights: Range;
  /** Builds the program when asked, so that the programs of many passes need not be there at once. */
  program(draw: Draw): Program;
}

/** What the programs of a plan depend on besides it, where the settings say so. */
export interface Draw {
  /** Decides which tensors are read at random. */
  readonly seed: number;
  /** From the calibration of the plan, where it has one. */
  readonly norms?: FrozenNorms;
}

/** How a Jacobian by sampled weights is computed. Depends on network and settings, not on the seed. */
export interface JacobianPlan {
  readonly mode: 'reverse' | 'forward';
  readonly kind: LaneKind;
  /** Lanes of the whole Jacobian: R, C − 1 or C. */
  readonly lanes: number;
  /** P: chosen tensors. */
  readonly weights: number;
  /** Samples per chunk; divides N. */
  readonly batch: number;
  /** Comes before the passes, in the modes of norms that need it. */
  readonly calibration?: Calibration;
  readonly passes: readonly Pass[];
}

export interface PlanOptions {
  /** Values of a parameter; default: drawn by its name, as its `init` says. */
  readonly params?: (param: NetworkParam) => Source;
  /** Default: the cheaper one by counting. */
  readonly mode?: 'reverse' | 'forward';
  /** Bytes that intermediate values may take; default 256 MB. */
  readonly memory?: number;
}

const defaultMemory = 256e6;
/** Most bytes that the float32 Jacobian of all samples may take. */
const largestJacobian = 256e6;

/**
 * Chooses the cheaper mode, the samples per chunk, and how many passes the lanes (reverse mode) or the weights (forward
 * mode) are cut into, so that intermediate values stay within the memory. Every pass repeats the forward pass.
 *
 * @throws FisherFailure `no-signal` for a network without weights, `settings` when the Jacobian itself is too large
 */
export function planJacobian(
  network: Network,
  settings: ScoreSettings,
  options: PlanOptions = {},
): JacobianPlan {
  const calibration = planCalibration(network, settings.norm, settings.samples, options.params);
  const lowered = lowering(network, options.params);
  // Programs of all draws are alike in size. Where they are equal, that of this one serves all.
  const any: Draw = { seed: 0, ...(calibration === undefined ? {} : { norms: calibration.unknown }) };
  const allEqual = calibration === undefined && settings.tensors !== 'random';
  const single = lowered(1, any);
  const weights = chooseWeights(single.params, settings, any.seed);
  if (weights.length === 0) {
    throw new FisherFailure('no-signal', 'The network has no trainable weights. Add a conv or dense layer.');
  }
  const lanes = reverseLanes(settings, network.classes);
  const mode = options.mode ?? cheaperMode(single, weights, settings, lanes.lanes);
  const work =
    mode === 'reverse'
      ? reverseWork(lanes, settings)
      : forwardWork(network.classes, weights.length, settings);
  requireRoom(settings, work.lanes, weights.length);
  const footprint = predictFootprint(single.program, mode === 'reverse' ? 1 : settings.indexSets);
  const build = (samples: number, range: Range, draw: Draw): Program =>
    work.build(lowered(samples, draw), range, draw.seed);
  const memory = options.memory ?? defaultMemory;
  const { batch, units, first } = fit(work.total, footprint, settings.samples, memory, (samples, lanes) =>
    build(samples, { from: 0, to: lanes }, any),
  );
  const { kind, total } = work;
  return {
    mode,
    kind,
    lanes: work.lanes,
    weights: weights.length,
    batch,
    ...(calibration === undefined ? {} : { calibration }),
    passes: cut(total, units).map((range, pass) => ({
      ...work.covers(range, weights.length),
      program: (draw) => {
        if (allEqual && pass === 0) return first;
        return build(batch, range, allEqual ? any : complete(draw, calibration));
      },
    })),
  };
}

/** Refuses a Jacobian that is too large: that of all samples is gathered before F is formed. */
function requireRoom(settings: ScoreSettings, lanes: number, weights: number): void {
  const { samples, indexSets } = settings;
  const bytes = 4 * samples * lanes * indexSets * weights;
  if (bytes > largestJacobian) {
    const lighter = lighterSettings(settings);
    const remedies = [...lighter.estimator, ...lighter.samples, ...lighter.indexSets];
    throw new FisherFailure(
      'settings',
      `The derivatives of ${samples} samples, ${lanes} directions, ${indexSets} index sets and ${weights} weights ` +
        `take ${formatBytes(bytes)}; at most ${formatBytes(largestJacobian)} can be gathered. ` +
        `Use ${alternativesText(remedies)}.`,
    );
  }
}

/** The draw, with its norms where they are calibrated. */
function complete(draw: Draw, calibration: Calibration | undefined): Draw {
  if (calibration !== undefined && draw.norms === undefined)
    throw new TypeError('the program of a draw needs its norms');
  return draw;
}

/** Lowers once per number of samples and draw. */
function lowering(
  network: Network,
  params: PlanOptions['params'],
): (batch: number, draw: Draw) => PrimalProgram {
  const known = new WeakMap<Draw, Map<number, PrimalProgram>>();
  return (batch, draw) => {
    const ofDraw = known.get(draw) ?? new Map<number, PrimalProgram>();
    known.set(draw, ofDraw);
    let primal = ofDraw.get(batch);
    if (primal === undefined) {
      primal = lower(network, {
        batch,
        ...(params === undefined ? {} : { params }),
        ...(draw.norms === undefined ? {} : { norm: draw.norms }),
      });
      ofDraw.set(batch, primal);
    }
    return primal;
  };
}

/** A Jacobian in units that can be computed in separate passes: lanes in reverse mode, weights in forward mode. */
interface Work {
  readonly kind: LaneKind;
  readonly lanes: number;
  readonly total: number;
  covers(range: Range, weights: number): { readonly lanes: Range; readonly weights: Range };
  build(primal: PrimalProgram, range: Range, seed: number): Program;
}

interface ReverseLanes {
  readonly kind: LaneKind;
  readonly lanes: number;
  readonly cotangents: (range: Range) => CotangentWriter;
}

function reverseLanes(settings: ScoreSettings, classes: number): ReverseLanes {
  const { estimator, fisher } = settings;
  if (estimator.kind === 'sketch') {
    const lanes = estimator.signs;
    return { kind: 'factor', lanes, cotangents: (range) => sketchCotangents(lanes, range, settings) };
  }
  return fisher === 'paper'
    ? { kind: 'contrasts', lanes: classes - 1, cotangents: contrastCotangents }
    : { kind: 'logits', lanes: classes, cotangents: basisCotangents };
}

function reverseWork({ kind, lanes, cotangents }: ReverseLanes, settings: ScoreSettings): Work {
  return {
    kind,
    lanes,
    total: lanes,
    covers: (range, weights) => ({ lanes: range, weights: { from: 0, to: weights } }),
    build: (primal, range, seed) =>
      reverse(primal, chooseWeights(primal.params, settings, seed), cotangents(range)),
  };
}

/** Forward mode gives the derivatives of all logits at once: always exact. */
function forwardWork(classes: number, weights: number, settings: ScoreSettings): Work {
  return {
    kind: 'logits',
    lanes: classes,
    total: weights,
    covers: (range) => ({ lanes: { from: 0, to: classes }, weights: range }),
    build: (primal, { from, to }, seed) =>
      forward(primal, chooseWeights(primal.params, settings, seed).slice(from, to)),
  };
}

/**
 * Reverse mode for a sketch, and where lanes are few beside the weights: counting would take longer than it can save then, as a
 * weight's tangent passes through half the network on average. Else the mode that costs less by counting.
 */
function cheaperMode(
  primal: PrimalProgram,
  weights: readonly ChosenWeight[],
  { estimator, indexSets }: ScoreSettings,
  lanes: number,
): 'reverse' | 'forward' {
  const few = lanes <= (weights.length * indexSets) / 8;
  return estimator.kind === 'sketch' || few ? 'reverse' : compareModes(primal, weights, lanes).cheaper;
}

interface Fit {
  readonly batch: number;
  /** Lanes or weights per pass. */
  readonly units: number;
  /** The program of the first pass. */
  readonly first: Program;
}

/** Chooses by the predicted footprint, then counts the memory of the program it builds, and chooses smaller while that is too much. */
function fit(
  total: number,
  footprint: Footprint,
  samples: number,
  memory: number,
  build: (batch: number, units: number) => Program,
): Fit {
  const whole = footprint.base + total * footprint.perUnit;
  const room = total === 1 ? comfortableAlone : comfortable;
  let batch = largestDivisor(samples, Math.min(maxBatch, room / whole));
  let units = whole <= memory ? total : atLeastOne((memory - footprint.base) / footprint.perUnit);
  for (;;) {
    units = evenly(total, units);
    const first = build(batch, units);
    const shrink = memory / programCost(first).peakBytes;
    if (shrink >= 1 || (batch === 1 && units === 1)) {
      return { batch, units, first };
    }
    if (batch > 1) {
      batch = largestDivisor(samples, batch * shrink);
    } else {
      units = atLeastOne(Math.min(units * shrink, units - 1));
    }
  }
}

/** The smallest units per pass that need no more passes than `units` does. */
function evenly(total: number, units: number): number {
  return Math.ceil(total / Math.ceil(total / units));
}

function cut(total: number, units: number): Range[] {
  return Array.from({ length: Math.ceil(total / units) }, (_, pass) => ({
    from: pass * units,
    to: Math.min(total, (pass + 1) * units),
  }));
}
