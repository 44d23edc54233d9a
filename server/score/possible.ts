import type { EngineInfo } from '../engine/engine.ts';
import { decileEntropy, mostEntropy, quantileLevels, quantiles } from '../fisher/deciles.ts';
import { mostRank } from '../fisher/resolution.ts';
import type { Network } from '../network/network.ts';
import type { InsightMeasurement } from './insight/insight-measurement.ts';
import { sameEngine } from './key.ts';
import type { ScoreNorm, ScoreSettings, SeedOutcome, SeedScore } from './types.ts';

/** What a stored result was asked for by. */
export interface Asked {
  readonly network: Network;
  readonly settings: ScoreSettings;
  readonly engine: EngineInfo;
}

/** Numbers that were computed in another order differ by this much of the largest of them at most. */
const rounding = 1e-9;

/**
 * Whether a stored draw can be what was asked for. The checksum of an entry tells that it is as it was written; this, that it
 * was written by a program that computes as this one does: what follows from other fields is computed again.
 */
export function isPossibleDraw(outcome: SeedOutcome, seed: number, asked: Asked): boolean {
  if (outcome.seed !== seed) return false;
  if (!('entropy' in outcome)) return true;
  const { network, settings, engine } = asked;
  const weights = Math.min(settings.weights, tensorsOf(network));
  return (
    sameEngine(outcome.engine, engine) &&
    outcome.eigenvalues.length === weights &&
    outcome.diagonal.length === weights &&
    outcome.entropies.length === settings.indexSets &&
    isPossibleResolution(outcome, network.classes, settings) &&
    isPossibleSpectrum(outcome, settings.norm)
  );
}

function isPossibleResolution(
  { resolution: { rank, largestLogit, largestEigenvalue, saturated }, eigenvalues }: SeedScore,
  classes: number,
  settings: ScoreSettings,
): boolean {
  return (
    Number.isInteger(rank) &&
    rank >= 1 &&
    rank <= mostRank(settings, classes, eigenvalues.length) &&
    largestLogit >= 0 &&
    // The mean over index sets is no larger.
    largestEigenvalue >= (eigenvalues.at(-1) ?? 0) * (1 - rounding) &&
    isShare(saturated)
  );
}

function isPossibleSpectrum(draw: SeedScore, norm: ScoreNorm): boolean {
  const { eigenvalues, diagonal, entropies, entropy, trace } = draw;
  const largest = eigenvalues.at(-1) ?? 0;
  const isAscending = eigenvalues.every((value, index) => value >= (eigenvalues[index - 1] ?? 0));
  const values = quantiles(eigenvalues, quantileLevels(norm));
  const ofDeciles = decileEntropy(values);
  return (
    isAscending &&
    largest > 0 &&
    diagonal.every((value) => value >= 0) &&
    areNear(draw.deciles, values, largest) &&
    isNear(trace, sum(diagonal), trace) &&
    isNear(trace, sum(eigenvalues), trace) &&
    entropies.every((each) => isEntropy(each, norm)) &&
    isNear(entropy, sum(entropies) / entropies.length, 1) &&
    // The entropy of a mean of spectra is not the mean of their entropies.
    (entropies.length > 1 || (ofDeciles !== undefined && isNear(entropy, ofDeciles, 1)))
  );
}

/** The same of what was measured inside a score. */
export function isPossibleMeasurement(measured: InsightMeasurement, asked: Asked): boolean {
  const { network, settings, engine } = asked;
  const { ops, whole } = measured;
  return (
    sameEngine(measured.engine, engine) &&
    ops.length === network.nodes.filter(({ params }) => params.length > 0).length &&
    ops.every(
      ({ share, bands = [] }) =>
        isShare(share.value) && bands.every((each) => each === null || isShare(each)),
    ) &&
    isNear(sum(ops.map(({ share }) => share.value)), 1, ops.length) &&
    (whole === undefined || isPossibleWhole(whole, settings))
  );
}

function isPossibleWhole(
  { eigenvalues, deciles: given, entropy, seedEntropies }: Required<InsightMeasurement>['whole'],
  { seed, seeds, norm }: ScoreSettings,
): boolean {
  return (
    eigenvalues.every((value) => value >= 0) &&
    areNear(given, quantiles(eigenvalues, quantileLevels(norm)), Math.max(...eigenvalues)) &&
    seedEntropies.length === seeds &&
    seedEntropies.every((each, index) => each.seed === seed + index && isEntropy(each.entropy, norm)) &&
    isNear(entropy.value, sum(seedEntropies.map((each) => each.entropy)) / seeds, 1)
  );
}

function tensorsOf({ nodes }: Network): number {
  return nodes.reduce((count, { params }) => count + params.length, 0);
}

/** As a number it may be above the largest possible by its last digit. */
function isEntropy(value: number, norm: ScoreNorm): boolean {
  return value >= 0 && value <= mostEntropy(norm) * (1 + rounding);
}

function isShare(value: number): boolean {
  return value >= -rounding && value <= 1 + rounding;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** @param scale what the difference is measured by */
function isNear(a: number, b: number, scale: number): boolean {
  return Math.abs(a - b) <= rounding * Math.abs(scale);
}

function areNear(a: readonly number[], b: readonly number[], scale: number): boolean {
  return a.length === b.length && a.every((value, index) => isNear(value, b[index]!, scale));
}
