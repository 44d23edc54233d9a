import { describe, expect, it } from 'vitest';
import { fisherInformation } from '../../server/fisher/jacobian.ts';
import { planJacobian } from '../../server/fisher/plan.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { bruteForceFisher, collected, matrix, relativeDifference } from './support/brute-force.ts';
import { interpretJacobian } from './support/interpret.ts';
import { exact, networkOf, sketch, tinyText } from './support/networks.ts';

const network = networkOf(tinyText);
const temperature = 3;
const variants = [
  { name: 'paper', fisher: 'paper', softmax: { kind: 'paper' } },
  { name: 'released', fisher: 'released', softmax: { kind: 'paper' } },
  { name: 'normalised softmax', fisher: 'paper', softmax: { kind: 'normalised', temperature } },
  { name: 'released, normalised softmax', fisher: 'released', softmax: { kind: 'normalised', temperature } },
] as const satisfies readonly (Pick<ScoreSettings, 'fisher' | 'softmax'> & { name: string })[];

/** F of every index set as docs/score.md writes it, from the Jacobian of the logits themselves. */
function expectedFisher(settings: ScoreSettings) {
  const full: ScoreSettings = { ...settings, estimator: { kind: 'exact' }, fisher: 'released' };
  const jacobian = interpretJacobian(network, full, planJacobian(network, full), { weights: 5 });
  return Array.from({ length: settings.indexSets }, (_, set) =>
    bruteForceFisher(jacobian, {
      fisher: settings.fisher,
      set,
      ...(settings.softmax.kind === 'paper' ? {} : { temperature: settings.softmax.temperature }),
    }),
  );
}

async function estimatedFisher(settings: ScoreSettings, signs = 5) {
  const jacobian = interpretJacobian(network, settings, planJacobian(network, settings), {
    weights: 5,
    signs,
  });
  const informations = await fisherInformation(jacobian, settings);
  return informations.map((information) => collected(information, settings.samples));
}

describe.each(variants)('the $name formula', ({ fisher, softmax }) => {
  it('is met exactly, for every index set', async () => {
    const settings: ScoreSettings = { ...exact, fisher, softmax, indexSets: 3 };
    const estimated = await estimatedFisher(settings);
    for (const [set, expected] of expectedFisher(settings).entries()) {
      // A general Cholesky factorisation of a singular matrix keeps half the digits of its last pivot.
      const tolerance = fisher === 'released' ? 1e-7 : 1e-12;
      expect(relativeDifference(estimated[set]!, expected)).toBeLessThan(tolerance);
    }
  });

  it('is what a sketch gives on average', async () => {
    const settings: ScoreSettings = { ...sketch(2), fisher, softmax };
    const [expected] = expectedFisher(settings);
    const draws = 200;
    let mean = matrix(expected!.length, expected!.length, () => 0);
    for (let draw = 0; draw < draws; draw++) {
      const [one] = await estimatedFisher(settings, draw);
      mean = matrix(mean.length, mean.length, (i, j) => mean[i]![j]! + one![i]![j]! / draws);
    }
    const [single] = await estimatedFisher(settings);
    expect(relativeDifference(mean, expected!)).toBeLessThan(0.15);
    expect(relativeDifference(mean, expected!)).toBeLessThan(relativeDifference(single!, expected!));
  });
});

describe('a plan', () => {
  const settings: ScoreSettings = { ...exact, indexSets: 2 };

  it('gives the same Jacobian in forward and in reverse mode', () => {
    const full: ScoreSettings = { ...settings, fisher: 'released' };
    const [reversed, forwarded] = (['reverse', 'forward'] as const).map((mode) => {
      const plan = planJacobian(network, full, { mode });
      expect(plan).toMatchObject({ mode, kind: 'logits', lanes: 4 });
      return interpretJacobian(network, full, plan, { weights: 1 }).parts[0]!.data;
    });
    expect(maxDifference(forwarded!, reversed!)).toBeLessThan(1e-12);
  });

  it.each([
    ['reverse', sketch(6)],
    ['reverse', settings],
    ['forward', settings],
  ] as const)('is cut into passes of %s mode when memory is short', async (mode, which) => {
    const whole = planJacobian(network, which, { mode });
    const cut = planJacobian(network, which, { mode, memory: 2000 });
    expect(whole.passes).toHaveLength(1);
    expect(cut.passes.length).toBeGreaterThan(1);
    const [one, many] = await Promise.all(
      [whole, cut].map((plan) =>
        fisherInformation(interpretJacobian(network, which, plan, { weights: 1 }), which),
      ),
    );
    for (const [set, information] of many!.entries()) {
      const expected = collected(one![set]!, which.samples);
      expect(relativeDifference(collected(information, which.samples), expected)).toBeLessThan(1e-12);
    }
  });

  it('takes forward mode where there are many more classes than weights', () => {
    const many = networkOf(
      'model M { input 8x8x3 classes 300 conv(4, 3x3) -> relu -> gap -> dense(classes) }',
    );
    expect(planJacobian(many, settings).mode).toBe('forward');
    expect(planJacobian(many, sketch(1)).mode).toBe('reverse');
  });

  it('divides the samples evenly', () => {
    for (const samples of [12, 7, 64, 1]) {
      const { batch } = planJacobian(network, { ...settings, samples });
      expect(samples % batch).toBe(0);
    }
  });

  it('differentiates every parameter in chunks of a single sample', () => {
    const vit = networkOf(`model V {
      input 8x8x3 classes 4
      conv(6, 4x4, stride = 4, padding = valid) -> tokens -> cls_token -> posembed
      residual { layernorm -> attention(2) }
      layernorm -> take_token -> dense(classes)
    }`);
    const one: ScoreSettings = { ...exact, samples: 1, fisher: 'released' };
    const [reversed, forwarded] = (['reverse', 'forward'] as const).map((mode) => {
      const plan = planJacobian(vit, one, { mode });
      expect(plan.batch).toBe(1);
      return interpretJacobian(vit, one, plan, { weights: 1 }).parts[0]!.data;
    });
    expect(maxDifference(forwarded!, reversed!)).toBeLessThan(1e-12);
    const token = vit.nodes.flatMap(({ op, params }) => params.map(() => op)).indexOf('cls_token');
    expect(reversed![token]).not.toBe(0);
  });

  it('refuses a Jacobian that would not fit into memory', () => {
    const many = networkOf('model M { input 8x8x3 classes 5000 gap -> dense(classes) }');
    const huge: ScoreSettings = { ...exact, samples: 1024, indexSets: 16 };
    expect(() => planJacobian(many, huge)).toThrow(expect.objectContaining({ reason: 'settings' }) as Error);
    expect(() => planJacobian(many, { ...huge, estimator: { kind: 'sketch', signs: 1 } })).not.toThrow();
  });

  it('needs weights', () => {
    const bare = networkOf('model M { input 4x4x3 classes 3 gap }');
    expect(() => planJacobian(bare, settings)).toThrow(
      expect.objectContaining({ reason: 'no-signal' }) as Error,
    );
  });
});

function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    largest = Math.max(largest, Math.abs(a[index]! - b[index]!));
  }
  return largest;
}
