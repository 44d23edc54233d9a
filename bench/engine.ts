import { readFileSync } from 'node:fs';
import process from 'node:process';
import { isLasting } from '../server/base/failure-reasons.ts';
import { engineModulePath } from '../server/cli/engine.ts';
import type { EngineChoice, EngineClient } from '../server/engine/engine.ts';
import { createEngineClient } from '../server/engine/process/supervisor.ts';
import type { Network } from '../server/network/network.ts';
import type { Scorer } from '../server/score/scorer.ts';
import type { Score, ScoreOutcome, ScoreSettings, SeedOutcome } from '../server/score/types.ts';
import type { Store } from '../server/store/store.ts';

export interface EngineOptions {
  readonly engine: EngineChoice;
  readonly threads: number;
}

export function startEngine({ engine, threads }: EngineOptions): EngineClient {
  return createEngineClient({
    choice: engine,
    threads,
    modulePath: engineModulePath(),
    timeLimit: 3_600_000,
  });
}

/** An engine, and how long it has been at passes: without drawing weights, and without making sessions. */
export function timedPasses(engine: EngineClient): {
  readonly engine: EngineClient;
  readonly milliseconds: () => number;
} {
  let sum = 0;
  return {
    engine: {
      prepare: () => {
        engine.prepare();
      },
      run: async (job, options) => {
        const result = await engine.run(job, options);
        sum += result.milliseconds.run;
        return result;
      },
      status: () => engine.status(),
      onStatus: (listener) => engine.onStatus(listener),
      restart: () => {
        engine.restart();
      },
      dispose: () => engine.dispose(),
    },
    milliseconds: () => sum,
  };
}

/** Every draw is computed: nothing is kept. */
export const noStore: Store<SeedOutcome> = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  clear: () => Promise.resolve({ entries: 0, bytes: 0 }),
};

/** A score, or the state of a spectrum without one. @throws Error for a network that could not be scored */
export async function outcomeOf(
  scorer: Scorer,
  network: Network,
  settings: ScoreSettings,
): Promise<ScoreOutcome> {
  const outcome = await scorer.score(network, settings);
  if (outcome.state === 'failed' && !isLasting(outcome.reason))
    throw new Error(`${network.name}: ${outcome.message}`);
  return outcome;
}

/** @throws Error for a network without a score */
export async function scoreOf(scorer: Scorer, network: Network, settings: ScoreSettings): Promise<Score> {
  const outcome = await scorer.score(network, settings);
  if (outcome.state === 'failed') throw new Error(`${network.name}: ${outcome.message}`);
  return outcome;
}

/** Milliseconds of a score from network to number (or to the state of a spectrum without one), building included. */
export async function timeScore(scorer: Scorer, network: Network, settings: ScoreSettings): Promise<number> {
  const started = performance.now();
  await outcomeOf(scorer, network, settings);
  return performance.now() - started;
}

/** Bytes a process is resident with, now and at most ever; only Linux keeps these numbers. */
export function residentBytes(
  pid: number | undefined,
): { readonly now: number; readonly peak: number } | undefined {
  if (pid === undefined || process.platform !== 'linux') {
    return undefined;
  }
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (field: string) =>
      1024 * Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  } catch {
    return undefined;
  }
}

/** Seconds that a process has had of processors, all its threads together; only Linux tells, in hundredths. */
export function processorSeconds(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  try {
    // The name of the program, in brackets, may have anything in it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}
