import process from 'node:process';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { noStore, residentBytes, startEngine, timeScore, type EngineOptions } from '../engine.ts';
import { randomNetworks } from '../random-networks.ts';
import { measurementTable, megabytes, milliseconds, type Measurement, type Table } from '../report.ts';
import { summarise } from '../statistics.ts';

export interface RankingOptions extends EngineOptions {
  readonly networks: number;
}

/** Many different networks one after another: time of each, and whether memory stays what it was. */
export async function benchRanking(options: RankingOptions): Promise<Table[]> {
  const networks = randomNetworks('NAS-Bench-201', options.networks);
  const engine = startEngine(options);
  try {
    const scorer = new Scorer(engine, noStore);
    const times: number[] = [];
    /** From a tenth of the way on. */
    const memory: number[] = [];
    const settled = Math.floor(networks.length / 10);
    for (const [index, network] of networks.entries()) {
      times.push(await timeScore(scorer, network, namedSettings.live));
      if (index >= settled - 1) memory.push(memoryNow(engine.status().pid));
    }
    return [
      measurementTable(`A ranking of ${networks.length} random NAS-Bench-201 networks, live setting`, [
        perNetwork(times),
        ...flatness(memory),
      ]),
    ];
  } finally {
    await engine.dispose();
  }
}

function perNetwork(times: readonly number[]): Measurement {
  const { median, p95, min, max, count } = summarise(times);
  const mean = times.reduce((sum, time) => sum + time, 0) / count;
  return {
    what: `time of a network (mean ${milliseconds(mean)})`,
    median: milliseconds(median),
    p95: milliseconds(p95),
    range: `${milliseconds(min)} … ${milliseconds(max)}`,
    repetitions: count,
    target: { text: 'mean at most 250 ms', met: mean <= 250 },
  };
}

/** Bytes of this process and the engine's. */
function memoryNow(engine: number | undefined): number {
  return process.memoryUsage.rss() + (residentBytes(engine)?.now ?? 0);
}

function flatness(memory: readonly number[]): Measurement[] {
  const part = Math.max(1, Math.floor(memory.length / 10));
  const [early, late] = [summarise(memory.slice(0, part)).median, summarise(memory.slice(-part)).median];
  const change = late / early - 1;
  const { min, max, median, p95 } = summarise(memory);
  return [
    {
      what: `memory, both processes (from ${megabytes(early)} after a tenth to ${megabytes(late)} at the end)`,
      median: megabytes(median),
      p95: megabytes(p95),
      range: `${megabytes(min)} … ${megabytes(max)}`,
      target: { text: 'changes by at most 10 %', met: Math.abs(change) <= 0.1 },
    },
  ];
}
