import { expect, test } from 'vitest';
import { readingOf, type Remark } from '../../server/plot/reading.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { Picture } from '../../server/plot/picture.ts';
import { ops, picture, type OpSketch } from './support/pictures.ts';

function textOf(rule: Remark['rule'], ...pictures: readonly Picture[]): string {
  const series = pictures.map((one, index) => ({
    name: index === 0 ? one.model : `Other${index}`,
    picture: one,
  }));
  return readingOf(series)
    .filter((remark) => remark.rule === rule)
    .map(({ text }) => text)
    .join('\n');
}

function withOps(sketches: readonly OpSketch[], over: 'all' | 'scored' = 'all'): Picture {
  return picture({ contributions: { over, ops: ops(sketches) } });
}

test('a classifier that holds the trace is named', () => {
  const heavy = withOps([
    { label: 'conv(16, 3x3)', share: 0.05 },
    { label: 'conv(32, 3x3)', share: 0.15 },
    { label: 'dense(10)', share: 0.8 },
  ]);
  expect(textOf('trace', heavy)).toBe(
    '80 % of the information sits in the classifier (dense(10)): earlier layers are hard to estimate.',
  );
});

test('nothing is said of the classifier where only the first tensors were sampled', () => {
  const heavy = withOps(
    [
      { label: 'conv(16, 3x3)', share: 0.1 },
      { label: 'conv(32, 3x3)', share: 0.1 },
      { label: 'bn', share: 0.8 },
    ],
    'scored',
  );
  expect(textOf('trace', heavy)).toBe(
    '80 % of the information sits in the last third of the depth (over the tensors the score reads).',
  );
});

test('a trace that is spread is said to be spread', () => {
  expect(textOf('trace', picture())).toBe(
    'The information is spread along the depth: 30 %, 40 % and 30 % in the first, middle and last third.',
  );
});

test('counts the eigenvalues that carry 90 % of the trace', () => {
  const eigenvalues = [...Array.from({ length: 90 }, () => 1), ...Array.from({ length: 10 }, () => 91)];
  // 1000 in all: nine of the large ones are 819, ten are 910.
  expect(textOf('spectrum', picture({ eigenvalues }))).toMatch(
    /10 of 100 eigenvalues carry 90 % of the trace/,
  );
  expect(textOf('spectrum', picture({ eigenvalues: [1, 1, 98] }))).toMatch(/one eigenvalue carries 90 %/);
});

test('calls a spectrum steep or flat only against networks scored alike', () => {
  const eigenvalues = Array.from({ length: 128 }, () => 1);
  const steep = (ninth: number): Picture => {
    const rest = Array.from({ length: 8 }, () => (1 - ninth) / 8);
    return picture({ eigenvalues, deciles: [...rest, ninth] });
  };
  expect(textOf('spectrum', steep(0.97))).toMatch(
    /^The spectrum is steeper than usual: the ninth decile holds 97 %/,
  );
  expect(textOf('spectrum', steep(0.9))).toMatch(/^The spectrum is about as steep as usual/);
  expect(textOf('spectrum', steep(0.5))).toMatch(/^The spectrum is flatter than usual/);
  const { origin } = picture();
  const live = { ...steep(0.97), origin: { ...origin, settings: { ...namedSettings.settled, samples: 32 } } };
  expect(textOf('spectrum', live)).toMatch(
    /^The ninth decile holds 97 % of the nine \(11 % would be even\), and /,
  );
  expect(textOf('spectrum', { ...steep(0.97), eigenvalues: [1, 2] })).toMatch(/^The ninth decile holds/);
});

test('of quantiles with both ends it names the largest eigenvalue', () => {
  const { origin } = picture();
  const settings = { ...origin.settings, norm: 'released-mbv2', tensors: 'random' } as const;
  const deciles = [...Array.from({ length: 10 }, () => 1), 10];
  expect(textOf('spectrum', picture({ deciles, origin: { ...origin, settings } }))).toMatch(
    /^The largest eigenvalue holds 50 % of the 11 quantiles \(9\.1 % would be even\), and .* equal quantiles\.$/m,
  );
  const calibrated = { ...origin, settings: { ...origin.settings, norm: 'calibrated' } as const };
  const even = Array.from({ length: 128 }, () => 1);
  expect(textOf('spectrum', picture({ eigenvalues: even, origin: calibrated }))).toMatch(
    /^The ninth decile holds/,
  );
});

test('says nothing of the ops while they are those of an earlier text', () => {
  const { contributions } = picture();
  const earlier = picture({ contributions: { ...contributions, earlier: true } });
  expect(textOf('trace', earlier)).toBe('');
  expect(textOf('spectrum', earlier)).not.toBe('');
});

test('tells zeros that a sketch cannot avoid from those of the network', () => {
  const zeros = Array.from({ length: 64 }, () => 0);
  const rest = Array.from({ length: 64 }, () => 1);
  expect(textOf('spectrum', picture({ eigenvalues: [...zeros, ...rest] }))).toMatch(
    /64 of 128 eigenvalues are zero: 64 images with one sign vector each reach 64 directions\./,
  );
  expect(textOf('spectrum', picture({ eigenvalues: [0, 0, 1, 2] }))).toMatch(
    /2 of 4 eigenvalues are zero: nothing measurable passes/,
  );
});

test('ops without signal are named, and not called starved as well', () => {
  const dead = withOps([
    { label: 'conv(16, 3x3)', share: 0.5 },
    { label: 'conv(8, 1x1)', share: 0, silent: 'The branch is not used.' },
    { label: 'dense(10)', share: 0.5 },
  ]);
  expect(textOf('silent', dead)).toBe('No signal passes through conv(8, 1x1).');
  expect(textOf('starved', dead)).toBe('');
});

test('an op is starved only where its uncertainty allows to say so', () => {
  const of = (se: number): Picture =>
    withOps([
      { label: 'conv(16, 3x3)', share: 0.999, se: 0.001 },
      { label: 'bn', share: 0.0001, se },
      { label: 'dense(10)', share: 0.0009, se: 0.01 },
    ]);
  expect(textOf('starved', of(0.0001))).toMatch(/^bn is starved/);
  expect(textOf('starved', of(0.01))).toBe('');
});

test('a saturated softmax is reported with its numbers', () => {
  const saturated = picture({
    contributions: { ...picture().contributions, logits: { rms: 90, largest: 220, confidence: 0.9994 } },
  });
  expect(textOf('logits', saturated)).toBe(
    'The softmax is saturated: the largest probability is 99.9 % on average, with logits up to 220.',
  );
  expect(textOf('logits', picture())).toBe('');
});

test('one draw has no uncertainty, and that is said', () => {
  const single = picture({ vkdnw: { value: 1 }, seeds: [{ seed: 0, entropy: 1 }] });
  expect(textOf('uncertainty', single)).toMatch(/^One draw only: the uncertainty is unknown/);
  expect(textOf('uncertainty', picture())).toBe(
    '4 draws lie between 2.060 and 2.140; the standard error of their mean is 0.020.',
  );
});

test('a difference within its uncertainty is no difference', () => {
  const near = picture({ vkdnw: { value: 2.08, se: 0.02 } });
  const far = picture({ vkdnw: { value: 1.9, se: 0.02 } });
  expect(textOf('comparison', picture(), near)).toBe(
    'Net and Other1 cannot be told apart: +0.020 is within twice the combined standard error of 0.028.',
  );
  expect(textOf('comparison', picture(), far)).toBe(
    'Net is 0.200 above Other1, 7.1 combined standard errors.',
  );
  expect(textOf('comparison', far, picture())).toMatch(/^Net is 0\.200 below Other1/);
});

test('networks of other size are not compared by the entropy alone', () => {
  expect(textOf('comparison', picture(), picture({ layers: 20, vkdnw: { value: 1, se: 0.02 } }))).toMatch(
    /ℵ differs \(10 against 20\), which decides their order by single\.$/,
  );
});

test('scores made in different ways are not compared', () => {
  const { origin } = picture();
  const live = picture({
    vkdnw: { value: 1 },
    origin: { ...origin, settings: { ...namedSettings.settled, samples: 32 } },
  });
  expect(textOf('comparison', picture(), live)).toBe(
    'Other1 was scored with other settings or another engine: the two numbers are not comparable.',
  );
  const moreSeeds = { ...origin, settings: { ...origin.settings, seeds: 16 } };
  expect(textOf('comparison', picture(), picture({ origin: moreSeeds }))).toMatch(/same entropy/);
});

test('an explosion is the cause of what is zero beside it', () => {
  const eigenvalues = [0, 0, 0, 1e20, 1e29];
  const silent = { ...picture(), eigenvalues };
  const marks = [{ kind: 'exploding', short: 'logits explode', message: 'The logits explode.' }] as const;
  expect(textOf('spectrum', silent)).toContain('nothing measurable passes');
  expect(textOf('explosion', silent)).toBe('');
  const exploding = { ...silent, marks };
  expect(textOf('spectrum', exploding)).toMatch(
    /3 of 5 eigenvalues are zero: beside the largest, 1\.0·10²⁹,/,
  );
  expect(textOf('spectrum', exploding)).not.toContain('nothing measurable');
  expect(textOf('explosion', exploding)).toBe('The logits explode.');
});
