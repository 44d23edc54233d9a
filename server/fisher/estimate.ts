import type { ScoreSettings } from './settings.ts';
import { fisherInformation, type SampledJacobian } from './jacobian.ts';
import { Pacer } from '../base/pacer.ts';
import { refuseExplosion, requireRank, resolutionOf, type Resolution } from './resolution.ts';
import { eigenvaluesOfInformation, spectrumFrom, type Spectrum } from './spectrum.ts';

/** VKDNW of one draw of weights, input and signs: means over the index sets (docs/score.md#index-sets). */
export interface FisherEstimate {
  /** One an index set. */
  readonly spectra: readonly Spectrum[];
  /** In nats, 0 … ln 9, or ln 11. */
  readonly entropy: number;
  /** Ascending, length P. */
  readonly eigenvalues: number[];
  /** As in `Spectrum`. */
  readonly deciles: number[];
  /** Diagonal of F, length P. */
  readonly diagonal: number[];
  /** Of F: the sum of `diagonal`. */
  readonly trace: number;
  readonly resolution: Resolution;
}

/**
 * The spectrum of F of every index set of one draw, and their means.
 *
 * @throws FisherFailure `overflow`, `no-signal`, `exploding`, `low-rank`
 */
export async function estimateFrom(
  jacobian: SampledJacobian,
  settings: Pick<ScoreSettings, 'softmax' | 'fisher' | 'norm'>,
): Promise<FisherEstimate> {
  const informations = await fisherInformation(jacobian, settings);
  const found: Float64Array[] = [];
  const pacer = new Pacer();
  for (const information of informations) {
    await pacer.pause();
    found.push(eigenvaluesOfInformation(information, jacobian.samples));
  }
  const { norm } = settings;
  const resolution = resolutionOf(jacobian, found, settings);
  refuseExplosion(found, resolution, mostRankOf(jacobian), norm);
  const spectra = found.map((eigenvalues) => spectrumFrom(eigenvalues, norm));
  requireRank(resolution, jacobian.weights, norm);
  const diagonal = meanOf(informations.map((information) => information.diagonal(jacobian.samples)));
  return {
    spectra,
    entropy: spectra.reduce((sum, { entropy }) => sum + entropy / spectra.length, 0),
    eigenvalues: meanOf(spectra.map((spectrum) => spectrum.eigenvalues)),
    deciles: meanOf(spectra.map((spectrum) => spectrum.deciles)),
    diagonal,
    trace: diagonal.reduce((sum, value) => sum + value, 0),
    resolution,
  };
}

/** As `mostRank` has it of settings. */
function mostRankOf({ kind, samples, classes, lanes, weights }: SampledJacobian): number {
  return Math.min(weights, samples * (kind === 'factor' ? lanes : classes - 1));
}

/** The mean element by element of lists as long as the first; empty for no lists. */
export function meanOf(lists: readonly ArrayLike<number>[]): number[] {
  const mean = new Array<number>(lists[0]?.length ?? 0).fill(0);
  for (const list of lists) {
    for (let index = 0; index < mean.length; index++) {
      mean[index]! += list[index]! / lists.length;
    }
  }
  return mean;
}
