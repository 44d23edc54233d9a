// Norms that are frozen at statistics, and tensors that are not the first, against PyTorch (bench/peer/norms.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { fixtureInput, fixtureNetwork, fixtureParams } from '../../server/cli/fixture/fixture-check.ts';
import { readFixture } from '../../server/cli/fixture/fixture.ts';
import { estimateFrom } from '../../server/fisher/estimate.ts';
import type { SampledJacobian } from '../../server/fisher/jacobian.ts';
import { planJacobian } from '../../server/fisher/plan.ts';
import { sampleJacobian } from '../../server/fisher/sample.ts';
import type { ScoreSettings } from '../../server/fisher/settings.ts';
import { fisherInformation } from '../../server/fisher/jacobian.ts';
import { eigenvaluesOfInformation } from '../../server/fisher/spectrum.ts';
import { namedSettings, normNames, tensorChoices } from '../../server/score/settings.ts';
import { CountingEngine } from '../score/support/engine.ts';
import { interpretJacobian } from './support/interpret.ts';

const folder = join(import.meta.dirname, '../fixtures');
const names = ['02_best_c10', '07_n2_p32_classes7'];

const schema = v.object({
  cases: v.array(
    v.object({
      norm: v.picklist(normNames),
      tensors: v.picklist(tensorChoices),
      weights: v.number(),
      logits: v.array(v.array(v.number())),
      jacobian_b64_f64: v.string(),
      eigenvalues: v.array(v.number()),
      quantiles: v.array(v.number()),
      entropy: v.number(),
    }),
  ),
});
type Case = v.InferOutput<typeof schema>['cases'][number];

const cases = names.flatMap((name) => {
  const text = readFileSync(join(folder, 'norms', `${name}.json`), 'utf8');
  const all = v.parse(schema, JSON.parse(text)).cases;
  return all.map((each) => [name, each.norm, each.tensors, each] as const);
});

const engine = new CountingEngine();
afterAll(() => engine.dispose());

/** Derivatives of the logits, so that they can be compared one by one. */
function settingsOf({ norm, tensors, weights }: Case, samples: number): ScoreSettings {
  return { ...namedSettings.paper, fisher: 'released', samples, weights, norm, tensors };
}

async function largestErrors(jacobian: SampledJacobian, expected: Case) {
  const bytes = Buffer.from(expected.jacobian_b64_f64, 'base64');
  const derivatives = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const settings = { ...settingsOf(expected, jacobian.samples), fisher: 'paper' } as const;
  const [information] = await fisherInformation(jacobian, settings);
  const estimate = await estimateFrom(jacobian, settings);
  return {
    logits: largestError(jacobian.logits, expected.logits.flat()),
    jacobian: largestError(jacobian.parts[0]!.data, derivatives),
    eigenvalues: largestError(eigenvaluesOfInformation(information!, jacobian.samples), expected.eigenvalues),
    quantiles: largestError(estimate.deciles, expected.quantiles),
    entropy: Math.abs(estimate.entropy - expected.entropy),
  };
}

/** Over the largest magnitude. */
function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, index) => Math.abs(actual[index]! - value))) / scale;
}

describe.each(cases)('%s, norms %s, tensors %s', (name, _, __, expected) => {
  it('are those of PyTorch in float64', async () => {
    const fixture = await readFixture(join(folder, `${name}.json`));
    const network = fixtureNetwork(fixture);
    const settings = settingsOf(expected, fixture.samples);
    const plan = planJacobian(network, settings, { params: fixtureParams(fixture, network) });
    const jacobian = interpretJacobian(network, settings, plan, { weights: 0 }, fixtureInput(fixture));
    for (const error of Object.values(await largestErrors(jacobian, expected)))
      expect(error).toBeLessThan(1e-10);
  });

  it('are those of PyTorch in float32 on the engine', async () => {
    const fixture = await readFixture(join(folder, `${name}.json`));
    const network = fixtureNetwork(fixture);
    const settings = settingsOf(expected, fixture.samples);
    const plan = planJacobian(network, settings, { params: fixtureParams(fixture, network) });
    const { jacobian } = await sampleJacobian(engine, network, settings, 0, {
      plan,
      input: fixtureInput(fixture),
    });
    const errors = await largestErrors(jacobian, expected);
    expect(errors.logits).toBeLessThan(1e-5);
    // A ReLU whose float32 input is within rounding of 0 may switch (docs/score.md#fixtures).
    expect(errors.jacobian).toBeLessThan(1e-3);
    expect(errors.eigenvalues).toBeLessThan(1e-3);
    expect(errors.entropy).toBeLessThan(1e-3);
  });
});
