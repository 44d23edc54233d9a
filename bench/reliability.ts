import { join } from 'node:path';
import process from 'node:process';
import { DiskScoreStore } from '../server/score/disk-store.ts';
import { Scorer } from '../server/score/scorer.ts';
import { namedSettings, settingNames } from '../server/score/settings.ts';
import type { Network } from '../server/network/network.ts';
import type { ScoreSettings } from '../server/score/types.ts';
import { scoreOf, startEngine, type EngineOptions } from './engine.ts';
import { families, randomNetworks, type Family } from './random-networks.ts';
import { milliseconds, verdict, type Table } from './report.ts';
import { spearman, spearmanInterval } from './statistics.ts';

export interface ReliabilityOptions extends EngineOptions {
  /** Of the checkout: what is computed is kept in it, so that a run that was stopped goes on where it was. */
  readonly root: string;
  /** Networks of a family. */
  readonly networks: number;
}

/** The first seeds of two draws that have none in common. */
const seeds = [0, 1_000_000] as const;

const exact = namedSettings.paper;
const sketch: ScoreSettings = { ...exact, estimator: { kind: 'sketch', signs: 1 } };

/** How far a score's order repeats with other random numbers, and how far a sketch's is that of the exact score. */
export async function benchReliability(options: ReliabilityOptions): Promise<Table[]> {
  const engine = startEngine(options);
  try {
    const scorer = new Scorer(engine, new DiskScoreStore(join(options.root, 'out/bench-scores'), 2 ** 31));
    const entropies = async (what: string, networks: readonly Network[], settings: ScoreSettings) => {
      const values: number[] = [];
      let time = 0;
      for (const [index, network] of networks.entries()) {
        progress(`${what}: ${index + 1} of ${networks.length}`);
        const score = await scoreOf(scorer, network, settings);
        values.push(score.vkdnw);
        time += score.milliseconds / networks.length;
      }
      progress('');
      return { values, time };
    };

    const rows: string[][] = [];
    for (const family of families) {
      const networks = randomNetworks(family, options.networks);
      for (const name of settingNames) {
        const draws = [];
        for (const seed of seeds)
          draws.push(await entropies(`${family}, ${name}`, networks, { ...namedSettings[name], seed }));
        const [first, second] = draws as [(typeof draws)[0], (typeof draws)[0]];
        const rho = spearman(first.values, second.values);
        rows.push([
          family,
          name,
          correlation(rho, networks.length),
          milliseconds((first.time + second.time) / 2),
          targetOf(family, name, rho),
        ]);
      }
    }

    const networks = randomNetworks('NAS-Bench-201', 2 * options.networks);
    const whole = await entropies('exact', networks, exact);
    const sketched = await entropies('sketch:1', networks, sketch);
    const rho = spearman(sketched.values, whole.values);
    return [
      {
        title: `Test-retest reliability: the order of ${options.networks} random networks by two independent scores`,
        columns: [
          { title: 'family', align: 'left' },
          { title: 'setting', align: 'left' },
          { title: 'Spearman (95 %)', align: 'right' },
          { title: 'mean time', align: 'right' },
          { title: 'target', align: 'left' },
        ],
        rows,
      },
      {
        title: `sketch:1 against exact, equal weights, N 64: the order of ${networks.length} random NAS-Bench-201 networks`,
        columns: [
          { title: 'Spearman (95 %)', align: 'right' },
          { title: 'exact, mean time', align: 'right' },
          { title: 'sketch:1, mean time', align: 'right' },
          { title: 'target', align: 'left' },
        ],
        rows: [
          [
            correlation(rho, networks.length),
            milliseconds(whole.time),
            milliseconds(sketched.time),
            verdict({ text: 'at least .95', met: rho !== undefined && rho >= 0.95 }),
          ],
        ],
      },
    ];
  } finally {
    await engine.dispose();
  }
}

function targetOf(family: Family, name: string, rho: number | undefined): string {
  const least = family === 'NAS-Bench-201' ? { settled: 0.95, live: 0.8 }[name] : undefined;
  return least === undefined
    ? ''
    : verdict({ text: `at least ${least}`, met: rho !== undefined && rho >= least });
}

function correlation(rho: number | undefined, count: number): string {
  if (rho === undefined) return 'all equal';
  const [low, high] = spearmanInterval(rho, count);
  return `${rho.toFixed(3)} (${low.toFixed(2)} … ${high.toFixed(2)})`;
}

/** One line on standard error that is written over. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
