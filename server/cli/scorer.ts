import process from 'node:process';
import type { EngineClient } from '../engine/engine.ts';
import { ProxyScorer } from '../proxies/proxy-scorer.ts';
import { ProxyStore } from '../proxies/proxy-store.ts';
import { Insights } from '../score/insights.ts';
import { defaultStoreLimit, openStore } from '../score/open-store.ts';
import { Scorer } from '../score/scorer.ts';
import { engineModulePath, withEngine } from './engine.ts';
import type { ScoreFlags } from './score-options.ts';
import { styled } from './terminal.ts';

/**
 * Runs with a scorer over the store on this machine. Its engine starts with the first score that is not stored, and is
 * gone when `run` ends.
 */
export async function withScorer<T>(
  flags: ScoreFlags,
  run: (scorer: Scorer, engine: EngineClient, insights: Insights, proxies: ProxyScorer) => Promise<T>,
): Promise<T> {
  const { store, insights, engines, proxyEntries } = openStore({
    limit: flags.store ? defaultStoreLimit : 0,
    log: warn,
  });
  const source = { choice: flags.engine, modulePath: engineModulePath() };
  const expected = engines.expected(() => source);
  return await withEngine(flags, (engine) => {
    const scorer = new Scorer(engine, store, expected);
    const proxies = new ProxyScorer({ scorer, engine }, new ProxyStore(proxyEntries), expected);
    return run(scorer, engine, new Insights(engine, insights), proxies);
  });
}

function warn(line: string): void {
  process.stderr.write(`${styled(process.stderr, 'yellow', 'warning:')} ${line}\n`);
}
