import { proxyNamed } from '../../../server/proxies/index.ts';
import { proxyKind } from '../../../server/proxies/proxy-kind.ts';
import { ProxyScorer } from '../../../server/proxies/proxy-scorer.ts';
import { Scorer } from '../../../server/score/scorer.ts';
import type { MeasuresProxies } from '../../../server/search/second-opinion.ts';
import type { ScoresNetworks } from '../../../server/search/what-if.ts';
import { openStore } from '../../../server/store/store.ts';
import type { EngineClient } from '../../../server/engine/engine.ts';

/** Scores and other scores on an engine, kept in memory. */
export function measurerOn(engine: EngineClient): ScoresNetworks & MeasuresProxies {
  const scorer = new Scorer(engine);
  const others = new ProxyScorer({ scorer, engine }, openStore(proxyKind));
  return {
    score: (network, settings, options) => scorer.score(network, settings, options),
    proxies: (network, names, settings, { signal = new AbortController().signal } = {}) =>
      others.measure(network, names.map(proxyNamed), { settings, signal }),
  };
}
