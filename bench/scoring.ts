import { readFileSync } from 'node:fs';
import process from 'node:process';
import { engineModulePath } from '../server/cli/engine.ts';
import type { EngineChoice, EngineClient } from '../server/engine/engine.ts';
import { createEngineClient } from '../server/engine/process/supervisor.ts';
import type { Network } from '../server/network/network.ts';
import { nasBench201 } from '../server/network/nasbench201.ts';
import { Scorer } from '../server/score/scorer.ts';
import { namedSettings } from '../server/score/settings.ts';
import type { ScoreStore } from '../server/score/store.ts';
import type { ScoreSettings } from '../server/score/types.ts';
import { milliseconds, type Measurement } from './report.ts';
import { summarise } from './statistics.ts';

const heaviest =
  '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|';

const exact = namedSettings.paper;
const sketch: ScoreSettings = { ...exact, estimator: { kind: 'sketch', signs: 1 } };

/** Every draw is computed: nothing is kept. */
const noStore: ScoreStore = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  clear: () => Promise.resolve({ entries: 0, bytes: 0 }),
};

/**
 * Time of a score of the heaviest NAS-Bench-201 network in a running engine, building included, and the most memory the
 * engine process ever held. The settings alternate, so that a slow moment of the machine meets all of them.
 */
export async function benchScoring(
  choice: EngineChoice,
  threads: number,
  repetitions: number,
): Promise<Measurement[]> {
  const engine = createEngineClient({ choice, threads, modulePath: engineModulePath() });
  try {
    const network = nasBench201(heaviest);
    const scorer = new Scorer(engine, noStore);
    const settings = { exact, sketch, live: namedSettings.live, settled: namedSettings.settled };
    const times: Record<keyof typeof settings, number[]> = { exact: [], sketch: [], live: [], settled: [] };
    const names = Object.keys(settings) as (keyof typeof settings)[];
    await time(scorer, network, sketch);
    for (let round = 0; round < repetitions; round++) {
      for (const name of names) {
        times[name].push(await time(scorer, network, settings[name]));
      }
    }
    const ratios = times.sketch.map((value, round) => value / times.exact[round]!);
    return [
      duration('exact, N 64, P 128', times.exact, 2500),
      duration('sketch:1, N 64, P 128', times.sketch),
      ratio('sketch:1 / exact', ratios),
      duration('live', times.live),
      duration('settled', times.settled),
      ...memory(engine),
    ];
  } finally {
    await engine.dispose();
  }
}

async function time(scorer: Scorer, network: Network, settings: ScoreSettings): Promise<number> {
  const started = performance.now();
  const outcome = await scorer.score(network, settings);
  if (outcome.state === 'failed') {
    throw new Error(`the benchmark has no score: ${outcome.message}`);
  }
  return performance.now() - started;
}

function duration(what: string, values: readonly number[], limit?: number): Measurement {
  const { median, p95, min, max, count } = summarise(values);
  return {
    what,
    median: milliseconds(median),
    p95: milliseconds(p95),
    range: `${milliseconds(min)} … ${milliseconds(max)}`,
    repetitions: count,
    ...(limit === undefined
      ? {}
      : { target: { text: `at most ${milliseconds(limit)}`, met: median <= limit } }),
  };
}

function ratio(what: string, values: readonly number[]): Measurement {
  const { median, p95, min, max, count } = summarise(values);
  return {
    what,
    median: median.toFixed(3),
    p95: p95.toFixed(3),
    range: `${min.toFixed(3)} … ${max.toFixed(3)}`,
    repetitions: count,
    target: { text: 'at most 0.25', met: median <= 0.25 },
  };
}

function memory(engine: EngineClient): Measurement[] {
  const bytes = peakResident(engine.status().pid);
  if (bytes === undefined) {
    return [{ what: 'peak memory of the engine process', median: 'not measured on this system' }];
  }
  return [
    {
      what: 'peak memory of the engine process',
      median: `${(bytes / 2 ** 20).toFixed(0)} MB`,
      target: { text: 'at most 500 MB', met: bytes <= 500 * 2 ** 20 },
    },
  ];
}

/** Most bytes a process was ever resident with; only Linux keeps that number. */
function peakResident(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') {
    return undefined;
  }
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
