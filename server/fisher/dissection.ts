import { decileBands, type Bands } from './bands.ts';
import { decileEntropy, quantileLevels, quantiles } from './deciles.ts';
import { meanOf } from './estimate.ts';
import type { FisherInformation } from './information.ts';
import type { ScoreNorm } from './settings.ts';
import { eigenvaluesOfInformation } from './spectrum.ts';

/** The group of each weight; those of one op are a group. */
export interface WeightGroups {
  readonly count: number;
  /** By weight: 0 … count − 1. */
  readonly groupOf: readonly number[];
}

/** How many index sets are looked at for each part, from the first on. 0 leaves the part out. */
export interface DissectionEffort {
  readonly spectrumSets: number;
  readonly bandSets: number;
  readonly withoutSets: number;
}

/** What is dissected: the F of every index set of one draw. */
export interface Dissected {
  readonly informations: readonly FisherInformation[];
  /** N */
  readonly samples: number;
  /** Decides which quantiles make an entropy (docs/score.md#deciles). */
  readonly norm: ScoreNorm;
}

/** The spectrum of one draw by groups of weights. */
export interface Dissection {
  /** Per index set, per group: part of the trace of F. */
  readonly traces: readonly Float64Array[];
  /** Means over the index sets. Absent when not asked for, and when the deciles are all 0. */
  readonly spectrum?: DrawSpectrum;
  /** Per index set looked at. */
  readonly bands: readonly Bands[];
  /**
   * Per index set looked at, per group: entropy without the group's weights minus the entropy with them; `undefined`
   * where nothing is left without them. Empty when it was not asked for.
   */
  readonly effects: readonly (readonly (number | undefined)[])[];
}

/** One spectrum, or the mean of several: eigenvalues ascending, deciles as in `Spectrum`, entropy in nats. */
export interface DrawSpectrum {
  readonly eigenvalues: readonly number[];
  readonly deciles: readonly number[];
  readonly entropy: number;
}

/**
 * Splits the F of every index set of one draw by groups of weights.
 *
 * @param pause awaited between pieces of work of a few milliseconds; rejects to cancel
 * @throws FisherFailure `overflow`
 */
export async function dissect(
  { informations, samples, norm }: Dissected,
  groups: WeightGroups,
  effort: DissectionEffort,
  pause: () => Promise<void>,
): Promise<Dissection> {
  const traces = informations.map((information) => groupSums(information.diagonal(samples), groups));
  const spectra: (DrawSpectrum | undefined)[] = [];
  for (const information of informations.slice(0, effort.spectrumSets)) {
    await pause();
    spectra.push(drawSpectrum(information, samples, norm));
  }
  const known = spectra.filter((spectrum) => spectrum !== undefined);
  if (known.length === 0 || known.length < spectra.length) return { traces, bands: [], effects: [] };
  const bands: Bands[] = [];
  for (const information of informations.slice(0, effort.bandSets)) {
    await pause();
    bands.push(decileBands(information, samples, groups.groupOf, groups.count));
  }
  const effects: (number | undefined)[][] = [];
  for (const [set, information] of informations.slice(0, effort.withoutSets).entries()) {
    const without = (group: number): number | undefined =>
      entropyWithout(information, samples, (weight) => groups.groupOf[weight] === group, norm);
    effects.push(await entropyEffects(without, known[set]!.entropy, groups.count, pause));
  }
  return {
    traces,
    spectrum: {
      eigenvalues: meanOf(known.map((spectrum) => spectrum.eigenvalues)),
      deciles: meanOf(known.map((spectrum) => spectrum.deciles)),
      entropy: known.reduce((sum, { entropy }) => sum + entropy / known.length, 0),
    },
    bands,
    effects,
  };
}

/**
 * Entropy of the deciles of F without some of its weights: those of the principal submatrix over the others. `undefined`
 * when nothing is left, or its deciles are all 0.
 */
export function entropyWithout(
  information: FisherInformation,
  samples: number,
  removed: (weight: number) => boolean,
  norm: ScoreNorm = 'eval',
): number | undefined {
  const kept = Array.from({ length: information.weights }, (_, weight) => weight).filter(
    (weight) => !removed(weight),
  );
  return kept.length === 0 ? undefined : drawSpectrum(information.restrict(kept), samples, norm)?.entropy;
}

/** By group. @param without entropy without a group */
async function entropyEffects(
  without: (group: number) => number | undefined,
  entropy: number,
  count: number,
  pause: () => Promise<void>,
): Promise<(number | undefined)[]> {
  const effects: (number | undefined)[] = [];
  for (let group = 0; group < count; group++) {
    await pause();
    const rest = without(group);
    effects.push(rest === undefined ? undefined : rest - entropy);
  }
  return effects;
}

function drawSpectrum(
  information: FisherInformation,
  samples: number,
  norm: ScoreNorm,
): DrawSpectrum | undefined {
  const eigenvalues = eigenvaluesOfInformation(information, samples);
  const values = quantiles(eigenvalues, quantileLevels(norm));
  const entropy = decileEntropy(values);
  return entropy === undefined ? undefined : { eigenvalues: [...eigenvalues], deciles: values, entropy };
}

function groupSums(values: Float64Array, { groupOf, count }: WeightGroups): Float64Array {
  const sums = new Float64Array(count);
  for (const [weight, group] of groupOf.entries()) sums[group]! += values[weight]!;
  return sums;
}
