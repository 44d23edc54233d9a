import type { EngineClient, EngineInfo } from '../../engine/engine.ts';
import type { Interruption } from '../../engine/interruption.ts';
import { bandCount } from '../../fisher/bands.ts';
import { dissect, type Dissection, type DrawSpectrum, type WeightGroups } from '../../fisher/dissection.ts';
import { meanOf } from '../../fisher/estimate.ts';
import { fisherInformation } from '../../fisher/jacobian.ts';
import { mergeLogits, summariseLogits, type LogitSummary } from '../../fisher/logits.ts';
import { planJacobian } from '../../fisher/plan.ts';
import { sampleJacobian } from '../../fisher/sample.ts';
import { meanEstimate, ratioEstimate, type Estimate } from '../../fisher/statistics.ts';
import type { Network } from '../../network/network.ts';
import type { SpectrumSummary, WholeSpectrum } from './insight.ts';
import type { InsightSampling } from './insight-sampling.ts';
import type { SeedScore } from '../types.ts';

/** What was measured of a network's ops: everything of an insight that names and places do not change. */
export interface InsightMeasurement {
  /** One an op with weights, in the order of the network. */
  readonly ops: readonly MeasuredOp[];
  readonly whole?: WholeSpectrum;
  readonly logits: LogitSummary;
  readonly engine: EngineInfo;
  readonly milliseconds: number;
}

/** As in `OpInsight`. */
export interface MeasuredOp {
  readonly share: Estimate;
  readonly bands?: readonly (number | null)[];
  readonly entropyEffect?: Estimate;
}

export interface MeasureOptions {
  readonly signal?: AbortSignal;
  /** Share of the work done, 0 … 1. */
  readonly onProgress?: (done: number) => void;
  readonly label?: string;
  /** Awaited between pieces of work: a scheduler lets others run here. */
  readonly pause: () => Promise<void>;
  /** Lets more urgent jobs go first. */
  readonly interruption?: Interruption;
}

/** The engine's part of the work of a draw: a guess, for the progress alone. */
const engineShare = 0.5;

/** @throws FisherFailure, EngineFailure, and what `pause` and `signal` reject with */
export async function measureInsight(
  engine: EngineClient,
  network: Network,
  { settings, effort }: InsightSampling,
  options: MeasureOptions,
): Promise<InsightMeasurement> {
  const started = performance.now();
  const groups = groupsOf(network);
  const plan = planJacobian(network, settings);
  const { seeds, samples } = settings;
  const draws: { readonly seed: number; readonly dissection: Dissection }[] = [];
  const logits: LogitSummary[] = [];
  let info: EngineInfo | undefined;
  for (let draw = 0; draw < seeds; draw++) {
    await options.pause();
    const seed = settings.seed + draw;
    const { signal, label, interruption, onProgress } = options;
    const sample = await sampleJacobian(engine, network, settings, seed, {
      plan,
      ...(signal === undefined ? {} : { signal }),
      ...(interruption === undefined ? {} : { interruption }),
      ...(label === undefined ? {} : { label }),
      onProgress: (done) => onProgress?.((draw + engineShare * done) / seeds),
    });
    info = sample.engine;
    const informations = await fisherInformation(sample.jacobian, settings);
    logits.push(summariseLogits(sample.jacobian.logits, network.classes));
    const dissected = { informations, samples, norm: settings.norm };
    draws.push({ seed, dissection: await dissect(dissected, groups, effort, options.pause) });
    onProgress?.((draw + 1) / seeds);
  }
  const dissections = draws.map(({ dissection }) => dissection);
  const whole = wholeSpectrum(draws);
  return {
    ops: Array.from({ length: groups.count }, (_, group) => ({
      share: shareOf(group, dissections),
      ...(whole === undefined || effort.bandSets === 0 ? {} : { bands: bandsOf(group, dissections) }),
      ...effectOf(group, dissections),
    })),
    ...(whole === undefined ? {} : { whole }),
    logits: mergeLogits(logits),
    engine: info!,
    milliseconds: performance.now() - started,
  };
}

/** The weights of an op together; ops without weights have no group. */
function groupsOf({ nodes }: Network): WeightGroups {
  const owners = nodes.filter(({ params }) => params.length > 0);
  return { count: owners.length, groupOf: owners.flatMap(({ params }, group) => params.map(() => group)) };
}

/**
 * The trace of each seed counts equally, whatever its scale, which varies by orders of magnitude between seeds. The error
 * is over seeds; of a single seed, over index sets.
 */
function shareOf(group: number, draws: readonly Dissection[]): Estimate {
  const ofSeed = draws.map(({ traces }) =>
    ratioEstimate(
      traces.map((trace) => trace[group]!),
      traces.map((trace) => trace.reduce((sum, value) => sum + value, 0)),
    ),
  );
  return ofSeed.length === 1 ? ofSeed[0]! : meanEstimate(ofSeed.map(({ value }) => value));
}

/** Means over the spectra with information in the band. */
function bandsOf(group: number, draws: readonly Dissection[]): (number | null)[] {
  const bands = draws.flatMap((draw) => draw.bands);
  return Array.from({ length: bandCount }, (_, band) => {
    const shares = bands
      .filter(({ trace }) => trace[band]! > 0)
      .map(({ trace, parts }) => parts[band * (parts.length / bandCount) + group]! / trace[band]!);
    return shares.length === 0 ? null : meanEstimate(shares).value;
  });
}

/** The error is over seeds; of a single seed, over index sets. */
function effectOf(group: number, draws: readonly Dissection[]): { readonly entropyEffect?: Estimate } {
  const bySeed = draws.map(({ effects }) => effects.map((ofSet) => ofSet[group]));
  const known = bySeed.map((effects) => effects.filter((effect) => effect !== undefined));
  if (known.some((effects, seed) => effects.length === 0 || effects.length < bySeed[seed]!.length)) return {};
  return {
    entropyEffect:
      known.length === 1
        ? meanEstimate(known[0]!)
        : meanEstimate(known.map((each) => meanEstimate(each).value)),
  };
}

type SeedSpectrum = DrawSpectrum & Pick<SeedScore, 'seed'>;

function wholeSpectrum(
  draws: readonly { readonly seed: number; readonly dissection: Dissection }[],
): WholeSpectrum | undefined {
  const spectra = draws.flatMap(({ seed, dissection: { spectrum } }): SeedSpectrum[] =>
    spectrum === undefined ? [] : [{ seed, ...spectrum }],
  );
  if (spectra.length < draws.length) return undefined;
  const traces = draws
    .flatMap(({ dissection }) => dissection.bands)
    .map(({ trace }) => normalised([...trace]));
  return {
    ...summariseSpectra(spectra),
    bandTrace: traces.length === 0 ? [] : meanOf(traces),
  };
}

/** Means over the seeds. */
export function summariseSpectra(spectra: readonly SeedSpectrum[]): SpectrumSummary {
  const deciles = meanOf(spectra.map((spectrum) => spectrum.deciles));
  return {
    eigenvalues: meanOf(spectra.map(({ eigenvalues }) => eigenvalues)),
    deciles,
    normalisedDeciles: normalised(deciles),
    entropy: meanEstimate(spectra.map(({ entropy }) => entropy)),
    seedEntropies: spectra.map(({ seed, entropy }) => ({ seed, entropy })),
  };
}

function normalised(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => (total === 0 ? 0 : value / total));
}
