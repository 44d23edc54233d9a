import { join } from 'node:path';
import process from 'node:process';
import { scoreKind } from '../../server/score/store/score-kind.ts';
import { openStore } from '../../server/store/store.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings, settingNames } from '../../server/score/settings.ts';
import type { Network } from '../../server/network/network.ts';
import type { ScoreSettings } from '../../server/score/types.ts';
import { noStore, outcomeOf, startEngine, timeScore, type EngineOptions } from '../engine.ts';
import { families, randomNetworks, type Family } from '../random-networks.ts';
import { milliseconds, verdict, type Table, type Target } from '../report.ts';
import { median, spearman, spearmanInterval } from '../statistics.ts';

export interface ReliabilityOptions extends EngineOptions {
  /** Of the checkout: what is computed is kept in it, so that a run that was stopped goes on where it was. */
  readonly root: string;
  /** Of NAS-Bench-201; half as many of the other families. */
  readonly networks: number;
  /** These alone, and no sketch against the exact score. Absent: all. */
  readonly families?: readonly Family[] | undefined;
}

/** The first seeds of scores that have no draw in common. One pair of them alone repeats by chance: .79 to .92 where the mean is .87. */
const seeds = [0, 1_000_000, 2_000_000, 3_000_000] as const;

/** Networks of a family whose time is taken: what a score costs is known sooner than how far it repeats. */
const timed = 10;
const repetitions = 3;

const exact = namedSettings.paper;
const sketch: ScoreSettings = { ...exact, estimator: { kind: 'sketch', signs: 1 } };

/** How far a score's order repeats with other random numbers, and how far a sketch's is that of the exact score. */
export async function benchReliability(options: ReliabilityOptions): Promise<Table[]> {
  const engine = startEngine(options);
  try {
    const scorer = new Scorer(
      engine,
      openStore(scoreKind, { folder: join(options.root, 'out/bench-scores'), limit: 2 ** 31 }),
    );
    const entropies = async (what: string, networks: readonly Network[], settings: ScoreSettings) => {
      const values: number[] = [];
      for (const [index, network] of networks.entries()) {
        progress(`${what}: ${index + 1} of ${networks.length}`);
        const outcome = await outcomeOf(scorer, network, settings);
        // Random networks may have a spectrum of a single direction: it is as uneven as an entropy of 0.
        values.push(outcome.state === 'failed' ? 0 : outcome.vkdnw);
      }
      progress('');
      return values;
    };
    const timer = new Scorer(engine, noStore);

    const rows: string[][] = [];
    for (const family of options.families ?? families) {
      const networks = randomNetworks(
        family,
        family === 'NAS-Bench-201' ? options.networks : Math.ceil(options.networks / 2),
      );
      const costs = await meanTimes(timer, networks, namedSettings);
      for (const name of settingNames) {
        const draws: number[][] = [];
        for (const seed of seeds)
          draws.push(await entropies(`${family}, ${name}`, networks, { ...namedSettings[name], seed }));
        const rho = meanOfPairs(draws);
        rows.push([
          family,
          String(networks.length),
          name,
          correlation(rho, networks.length),
          milliseconds(costs[name]),
          (costs[name] / costs.paper).toFixed(2),
          targetsOf(family, name, rho, costs[name] / costs.paper)
            .map(verdict)
            .join('; '),
        ]);
      }
    }

    const repeated: Table = {
      title: 'Test-retest reliability: the order of random networks by independent scores',
      columns: [
        { title: 'family', align: 'left' },
        { title: 'networks', align: 'right' },
        { title: 'setting', align: 'left' },
        { title: 'Spearman (95 %)', align: 'right' },
        { title: 'mean time', align: 'right' },
        { title: 'of paper', align: 'right' },
        { title: 'target', align: 'left' },
      ],
      rows,
      notes: [
        `Spearman: mean over the ${pairs(seeds).length} pairs of ${seeds.length} independent scores; the interval is that of one pair.`,
        `Times: medians of ${repetitions}, the settings alternating; means over ${timed} of the networks at most.`,
      ],
    };
    if (options.families !== undefined) return [repeated];

    const networks = randomNetworks('NAS-Bench-201', 2 * options.networks);
    const costs = await meanTimes(timer, networks, { exact, sketch });
    const whole = await entropies('exact', networks, exact);
    const sketched = await entropies('sketch:1', networks, sketch);
    const rho = spearman(sketched, whole);
    const agreement: Table = {
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
          milliseconds(costs.exact),
          milliseconds(costs.sketch),
          verdict({ text: 'at least .95', met: rho !== undefined && rho >= 0.95 }),
        ],
      ],
    };
    return [repeated, agreement];
  } finally {
    await engine.dispose();
  }
}

/** Mean rank correlation over all pairs of independent scores. @returns undefined where all networks score alike */
function meanOfPairs(scores: readonly (readonly number[])[]): number | undefined {
  const rhos = pairs(scores).map(([a, b]) => spearman(a, b));
  const known = rhos.filter((rho) => rho !== undefined);
  return known.length < rhos.length ? undefined : known.reduce((sum, rho) => sum + rho, 0) / known.length;
}

function pairs<T>(values: readonly T[]): (readonly [T, T])[] {
  return values.flatMap((a, at) => values.slice(at + 1).map((b) => [a, b] as const));
}

/**
 * Milliseconds of a score by setting, nothing from the store: means over the first networks of medians over repetitions,
 * alternating, each with seeds of its own, since an engine keeps weights it has drawn.
 */
async function meanTimes<Name extends string>(
  scorer: Scorer,
  networks: readonly Network[],
  settings: Readonly<Record<Name, ScoreSettings>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(settings) as Name[];
  const chosen = networks.slice(0, timed);
  const times = new Map<string, number[]>();
  // The engine process starts with the first one.
  await timeScore(scorer, chosen[0]!, settings[names[0]!]);
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const [index, network] of chosen.entries()) {
      for (const name of names) {
        const key = `${index} ${name}`;
        const seed = 1000 * repetition;
        const time = await timeScore(scorer, network, { ...settings[name], seed });
        times.set(key, [...(times.get(key) ?? []), time]);
      }
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      chosen.reduce((sum, _, index) => sum + median(times.get(`${index} ${name}`)!), 0) / chosen.length,
    ]),
  ) as Record<Name, number>;
}

function targetsOf(family: Family, name: string, rho: number | undefined, ofPaper: number): Target[] {
  const atLeast = (least: number): Target => ({
    text: `at least ${least}`,
    met: rho !== undefined && rho >= least,
  });
  switch (name) {
    case 'live':
      return [atLeast(0.9)];
    case 'settled':
      if (family !== 'NAS-Bench-201') return [];
      return [atLeast(0.95), { text: 'costs no more than paper', met: ofPaper <= 1 }];
    default:
      return [];
  }
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
