import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFixture } from '../../server/cli/fixture/fixture.ts';
import {
  fixtureInput,
  fixtureNetwork,
  fixtureParams,
  fixtureSettings,
} from '../../server/cli/fixture/fixture-check.ts';
import { decileEntropy, deciles } from '../../server/fisher/deciles.ts';
import { fisherInformation, type SampledJacobian } from '../../server/fisher/jacobian.ts';
import { planJacobian } from '../../server/fisher/plan.ts';
import { smoothedProbabilities } from '../../server/fisher/smoothing.ts';
import { eigenvaluesOfInformation } from '../../server/fisher/spectrum.ts';
import { interpretJacobian } from './support/interpret.ts';

const folder = join(import.meta.dirname, '../fixtures');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.each(files)('float64 spectrum of %s', (name) => {
  it('smooths the probabilities as the fixtures have them', async () => {
    const { logits, probabilities, classes, samples } = await readFixture(join(folder, name));
    for (let n = 0; n < samples; n++) {
      const range = [n * classes, (n + 1) * classes] as const;
      const actual = smoothedProbabilities(logits.subarray(...range), { kind: 'paper' }).probabilities;
      for (const [c, expected] of probabilities.subarray(...range).entries()) {
        expect(actual[c]).toBeCloseTo(expected, 14);
      }
    }
  });

  it.each(['paper', 'released'] as const)(
    'gives the eigenvalues and the entropy of the %s formula',
    async (fisher) => {
      const fixture = await readFixture(join(folder, name));
      const { samples, classes, weights, logits } = fixture;
      const jacobian: SampledJacobian = {
        kind: 'logits',
        samples,
        classes,
        lanes: classes,
        indexSets: 1,
        weights,
        logits,
        parts: [
          { lanes: { from: 0, to: classes }, weights: { from: 0, to: weights }, data: fixture.jacobian },
        ],
      };
      const [information] = await fisherInformation(jacobian, { softmax: { kind: 'paper' }, fisher });
      const eigenvalues = eigenvaluesOfInformation(information!, samples);
      const expected = fixture.expected[fisher];
      const largest = expected.eigenvalues.at(-1)!;
      for (const [k, value] of expected.eigenvalues.entries()) {
        expect(Math.abs(eigenvalues[k]! - value)).toBeLessThanOrEqual(1e-12 * largest);
      }
      // The fixtures say 0 where every decile is 0, and add 1e-10 within the logarithm: up to 9e-10 in all.
      expect(Math.abs((decileEntropy(deciles(eigenvalues)) ?? 0) - expected.entropy)).toBeLessThan(1e-9);
    },
  );

  it.each(['paper', 'released'] as const)(
    'follows from the network alone by the %s formula',
    async (fisher) => {
      const fixture = await readFixture(join(folder, name));
      const network = fixtureNetwork(fixture);
      const settings = fixtureSettings(fixture, fisher);
      const plan = planJacobian(network, settings, { params: fixtureParams(fixture, network) });
      const jacobian = interpretJacobian(network, settings, plan, { weights: 0 }, fixtureInput(fixture));
      const [information] = await fisherInformation(jacobian, settings);
      const eigenvalues = eigenvaluesOfInformation(information!, fixture.samples);
      const expected = fixture.expected[fisher];
      const largest = expected.eigenvalues.at(-1)!;
      for (const [k, value] of expected.eigenvalues.entries()) {
        expect(Math.abs(eigenvalues[k]! - value)).toBeLessThanOrEqual(1e-9 * largest);
      }
      expect(Math.abs((decileEntropy(deciles(eigenvalues)) ?? 0) - expected.entropy)).toBeLessThan(1e-9);
    },
  );
});
