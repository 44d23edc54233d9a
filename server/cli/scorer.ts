import process from 'node:process';
import type { EngineClient } from '../engine/engine.ts';
import { proxyNamed } from '../proxies/index.ts';
import { ProxyScorer } from '../proxies/proxy-scorer.ts';
import { Insights } from '../score/insight/insights.ts';
import type { EngineMemory, ExpectedEngine } from '../score/store/engine-memory.ts';
import { openStores, type Stores } from '../scoring/stores.ts';
import { defaultStoreLimit, hasStoreFolder } from '../store/store-folder.ts';
import { Scorer } from '../score/scorer.ts';
import type { MeasuresProxies } from '../search/second-opinion.ts';
import type { ScoresNetworks } from '../search/what-if.ts';
import { engineModulePath, openEngines, withEngine } from './engine.ts';
import { say } from './output.ts';
import type { ScoreFlags } from './score-options.ts';
import { styled } from './terminal.ts';

/** Runs with as many engine processes as asked for, each with a scorer of its own over the same store. */
export async function withScorers<T>(
  flags: ScoreFlags,
  count: number,
  run: (lanes: readonly { readonly scorer: Scorer; readonly engine: EngineClient }[]) => Promise<T>,
): Promise<T> {
  const { scores, engines } = openScores(flags);
  const expected = expectedEngine(flags, engines);
  const open = Array.from({ length: count }, () => openEngines(flags));
  try {
    return await run(open.map((engine) => ({ engine, scorer: new Scorer(engine, scores, expected) })));
  } finally {
    await Promise.all(open.map((engine) => engine.dispose()));
  }
}

/**
 * Runs with a scorer over the store on this machine. Its engine starts with the first score that is not stored, and is
 * gone when `run` ends.
 */
export async function withScorer<T>(
  flags: ScoreFlags,
  run: (scorer: Scorer, engine: EngineClient, insights: Insights, proxies: ProxyScorer) => Promise<T>,
): Promise<T> {
  const { scores, insights, proxies, engines } = openScores(flags);
  const expected = expectedEngine(flags, engines);
  return await withEngine(flags, (engine) => {
    const scorer = new Scorer(engine, scores, expected);
    const proxyScorer = new ProxyScorer({ scorer, engine }, proxies, expected);
    return run(scorer, engine, new Insights(engine, insights), proxyScorer);
  });
}

/** A scorer that has the other scores too. */
export function measurerOf(scorer: Scorer, proxies: ProxyScorer): ScoresNetworks & MeasuresProxies {
  return {
    score: (network, settings, options) => scorer.score(network, settings, options),
    proxies: (network, names, settings, { signal = new AbortController().signal, ...options } = {}) =>
      proxies.measure(network, names.map(proxyNamed), { settings, signal, ...options }),
  };
}

function openScores({ store }: ScoreFlags): Stores {
  return openStores({ limit: store ? defaultStoreLimit : 0, log: warn });
}

function expectedEngine({ engine }: ScoreFlags, engines: EngineMemory): ExpectedEngine {
  const source = { choice: engine, modulePath: engineModulePath() };
  return engines.expected(() => source);
}

/** What is kept of a command that is cut short, for `sayCancelled`. */
export function keptNote({ store }: ScoreFlags): string {
  return store && hasStoreFolder() ? 'What was scored is kept: the same command goes on from there.' : '';
}

function warn(line: string): void {
  say(line, `${styled(process.stderr, 'yellow', 'warning:')} `);
}
