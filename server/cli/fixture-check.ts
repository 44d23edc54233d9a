import type { EngineClient } from '../engine/engine.ts';
import { decileEntropy, deciles } from '../fisher/deciles.ts';
import { fisherInformation, type SampledJacobian } from '../fisher/jacobian.ts';
import { planJacobian } from '../fisher/plan.ts';
import { sampleJacobian } from '../fisher/sample.ts';
import { eigenvaluesOfInformation } from '../fisher/spectrum.ts';
import type { Network, NetworkParam } from '../network/network.ts';
import { nasBench201 } from '../network/nasbench201.ts';
import type { ScoreSettings } from '../score/types.ts';
import type { Source } from '../tensor/ir.ts';
import { FixtureError, type ExpectedSpectrum, type Fixture } from './fixture.ts';

/** Largest errors of one spectrum against the fixture. */
export interface SpectrumErrors {
  /** Relative to the largest eigenvalue. */
  readonly eigenvalues: number;
  readonly entropy: number;
}

export type Formula = 'paper' | 'released';
export const formulas: readonly Formula[] = ['paper', 'released'];

/** What a fixture says about the pipeline. Errors of logits and Jacobian are relative to their largest magnitude. */
export interface FixtureErrors {
  readonly logits: number;
  /** Of the median image: a ReLU on the edge of rounding may spoil single images (docs/score.md#fixtures). */
  readonly jacobian: number;
  /** Everything on the engine. */
  readonly engine: Readonly<Record<Formula, SpectrumErrors>>;
  /** The spectrum computed from the fixture's own Jacobian. */
  readonly float64: Readonly<Record<Formula, SpectrumErrors>>;
}

/** Largest errors allowed: docs/score.md#fixtures. */
export const tolerances = {
  logits: 1e-5,
  jacobian: 1e-5,
  engine: { eigenvalues: 1e-3, entropy: 1e-3 },
  float64: { eigenvalues: 1e-9, entropy: 1e-9 },
} as const;

/** Runs a fixture's network with its weights and input through the pipeline that scores networks. */
export async function checkFixture(fixture: Fixture, engine: EngineClient): Promise<FixtureErrors> {
  const network = fixtureNetwork(fixture);
  // The released formula needs the Jacobian itself, the paper's only its contrasts: both ways are compared.
  const released = await sampled(fixture, network, engine, 'released');
  const paper = await sampled(fixture, network, engine, 'paper');
  const given: SampledJacobian = { ...released, logits: fixture.logits, parts: [partOf(fixture)] };
  return {
    logits: largestError(released.logits, fixture.logits),
    jacobian: medianImageError(released, fixture),
    engine: {
      paper: await spectrumErrors(paper, 'paper', fixture.expected.paper),
      released: await spectrumErrors(released, 'released', fixture.expected.released),
    },
    float64: {
      paper: await spectrumErrors(given, 'paper', fixture.expected.paper),
      released: await spectrumErrors(given, 'released', fixture.expected.released),
    },
  };
}

/** Whether every error is within its tolerance. NaN is not. */
export function passes(errors: FixtureErrors): boolean {
  const spectra = formulas.flatMap((formula) =>
    (['engine', 'float64'] as const).map(
      (path) =>
        errors[path][formula].eigenvalues <= tolerances[path].eigenvalues &&
        errors[path][formula].entropy <= tolerances[path].entropy,
    ),
  );
  return (
    errors.logits <= tolerances.logits && errors.jacobian <= tolerances.jacobian && spectra.every(Boolean)
  );
}

/** @throws FixtureError when the file is of another network than its genotype says */
export function fixtureNetwork(fixture: Fixture): Network {
  const { channels, cells, resolution, classes } = fixture;
  const network = nasBench201(fixture.genotype, {
    channels,
    cells,
    classes,
    input: [3, resolution, resolution],
  });
  const shapes = network.nodes.flatMap((node) => node.params.map((param) => param.shape.join('×')));
  const expected = fixture.params.map((param) => param.shape.join('×'));
  if (shapes.join() !== expected.join()) {
    throw new FixtureError('the parameters of the network are not those of named_params');
  }
  return network;
}

async function sampled(
  fixture: Fixture,
  network: Network,
  engine: EngineClient,
  fisher: Formula,
): Promise<SampledJacobian> {
  const settings = fixtureSettings(fixture, fisher);
  const { jacobian } = await sampleJacobian(engine, network, settings, 0, {
    plan: planJacobian(network, settings, { params: fixtureParams(fixture, network) }),
    input: fixtureInput(fixture),
  });
  return jacobian;
}

/** The exact estimator on what a fixture has. */
export function fixtureSettings({ samples, weights }: Fixture, fisher: Formula): ScoreSettings {
  return {
    estimator: { kind: 'exact' },
    samples,
    weights,
    indexSets: 1,
    seeds: 1,
    softmax: { kind: 'paper' },
    fisher,
    norm: 'eval',
    seed: 0,
  };
}

/** Where a fixture's network has its weights from; parameters are matched by their order. */
export function fixtureParams(fixture: Fixture, network: Network): (param: NetworkParam) => Source {
  const params = network.nodes.flatMap((node) => node.params);
  const fixtureNames = new Map(params.map(({ name }, index) => [name, fixture.params[index]!.name]));
  return ({ name: ownName, init }) => {
    const name = fixtureNames.get(ownName)!;
    const base64 = fixture.values.get(name);
    if (base64 !== undefined) {
      return { kind: 'inline', dtype: 'float32', base64 };
    }
    if (init.kind === 'fill') {
      return { kind: 'fill', value: init.value };
    }
    throw new FixtureError(`weights_b64_f32 lacks ${name}`);
  };
}

export function fixtureInput({ input }: Fixture): Source {
  return { kind: 'inline', dtype: 'float32', base64: input };
}

function partOf({ classes, weights, jacobian }: Fixture): SampledJacobian['parts'][number] {
  return { lanes: { from: 0, to: classes }, weights: { from: 0, to: weights }, data: jacobian };
}

async function spectrumErrors(
  jacobian: SampledJacobian,
  fisher: Formula,
  expected: ExpectedSpectrum,
): Promise<SpectrumErrors> {
  const [information] = await fisherInformation(jacobian, { softmax: { kind: 'paper' }, fisher });
  const eigenvalues = eigenvaluesOfInformation(information!, jacobian.samples);
  // A fixture says 0 where every decile is 0, which is no score but a spectrum like any other.
  const entropy = decileEntropy(deciles(eigenvalues)) ?? 0;
  return {
    eigenvalues: largestError(eigenvalues, expected.eigenvalues),
    entropy: Math.abs(entropy - expected.entropy),
  };
}

function medianImageError(jacobian: SampledJacobian, fixture: Fixture): number {
  const size = fixture.classes * fixture.weights;
  const whole = jacobian.parts[0]!.data;
  const errors = Array.from({ length: fixture.samples }, (_, n) =>
    largestError(
      whole.subarray(n * size, (n + 1) * size),
      fixture.jacobian.subarray(n * size, (n + 1) * size),
    ),
  ).sort((a, b) => a - b);
  return errors[Math.floor(errors.length / 2)]!;
}

/** Largest absolute difference over the largest expected magnitude; absolute where all of that is 0. */
function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) {
    return NaN;
  }
  let error = 0;
  let magnitude = 0;
  for (let index = 0; index < expected.length; index++) {
    error = Math.max(error, Math.abs(actual[index]! - expected[index]!));
    magnitude = Math.max(magnitude, Math.abs(expected[index]!));
  }
  return magnitude > 0 ? error / magnitude : error;
}
