// node bench/scoring/paired-differences.ts
// How much of what varies from draw to draw two versions of a network share, and whether the standard error of their difference holds:
// docs/score.md#paired-differences. Takes half a minute.
import process from 'node:process';
import { drawError } from '../../server/score/draw-error.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import type { Score } from '../../server/score/types.ts';
import { startEngine } from '../engine.ts';
import { networkOf } from '../networks.ts';

const draws = 48;
const fewDraws = [1, 2, 4] as const;

interface Choice {
  readonly width?: number;
  readonly kernel?: string;
  readonly activation?: string;
  readonly repeats?: number;
}

function residual({ width = 8, kernel = '3x3', activation = 'relu', repeats = 2 }: Choice = {}): string {
  const stage = (channels: number, first: string): string =>
    `repeat ${repeats} { residual { conv(${channels}, ${first}) -> bn -> ${activation} conv(${channels}, 3x3) -> bn } ${activation} }`;
  return model(width, activation, stage(width, kernel), stage(2 * width, '3x3'));
}

function plain({ width = 8, activation = 'relu', repeats = 3 }: Choice = {}): string {
  const stage = (channels: number): string =>
    `repeat ${repeats} { conv(${channels}, 3x3) -> bn -> ${activation} }`;
  return model(width, activation, stage(width), stage(2 * width));
}

function model(width: number, activation: string, first: string, second: string): string {
  return `model M {
    input 16x16x3
    classes 10
    conv(${width}, 3x3) -> bn -> ${activation} ${first}
    conv(${2 * width}, 3x3, stride = 2) -> bn -> ${activation} ${second}
    gap -> dense(classes)
  }`;
}

const pairs: readonly (readonly [string, string, string])[] = [
  ['residual, another width', residual(), residual({ width: 12 })],
  ['residual, another kernel', residual(), residual({ kernel: '1x1' })],
  ['residual, another activation', residual(), residual({ activation: 'tanh' })],
  ['residual, another depth', residual(), residual({ repeats: 3 })],
  ['plain, another width', plain(), plain({ width: 12 })],
  ['plain, another depth', plain(), plain({ repeats: 4 })],
  ['plain, another activation', plain(), plain({ activation: 'silu' })],
  ['plain and residual', plain(), residual()],
];

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** With n − 1 degrees of freedom; of equally long lists their covariance. */
function covariance(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [mean(one), mean(other)];
  return one.reduce((sum, value, at) => sum + (value - a) * (other[at]! - b), 0) / (one.length - 1);
}

function variance(values: readonly number[]): number {
  return covariance(values, values);
}

const engine = startEngine({ engine: 'onnx-cpu', threads: 1 });
const scorer = new Scorer(engine);

async function score(text: string): Promise<Score> {
  const outcome = await scorer.score(networkOf(text), { ...namedSettings.settled, seeds: draws });
  if (outcome.state === 'failed') throw new Error(outcome.message);
  return outcome;
}

try {
  const held = new Map(fewDraws.map((few) => [few, { within: 0, all: 0 }]));
  for (const [name, before, after] of pairs) {
    const [one, other] = [await score(before), await score(after)];
    const differences = one.seeds.map(({ entropies }, draw) =>
      entropies.map((entropy, set) => other.seeds[draw]!.entropies[set]! - entropy),
    );
    const means = differences.map(mean);
    const [a, b] = [one, other].map(({ seeds }) => seeds.map(({ entropy }) => entropy));
    const correlation = covariance(a!, b!) / Math.sqrt(variance(a!) * variance(b!));
    const ratio = variance(means) / mean(differences.map(variance));
    process.stdout.write(`${name}: correlation ${correlation.toFixed(2)}, ratio ${ratio.toFixed(2)}\n`);
    for (const few of fewDraws)
      for (let from = 0; from + few <= draws; from += few) {
        const count = held.get(few)!;
        count.all += 1;
        const error = Math.hypot(
          drawError(differences.slice(from, from + few))!,
          Math.sqrt(variance(means) / draws),
        );
        if (Math.abs(mean(means.slice(from, from + few)) - mean(means)) <= 2 * error) count.within += 1;
      }
  }
  for (const [few, { within, all }] of held)
    process.stdout.write(`of ${few}: within two standard errors ${(within / all).toFixed(3)} of ${all}\n`);
} finally {
  await engine.dispose();
}
