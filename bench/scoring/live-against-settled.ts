import { join } from 'node:path';
import { drawError } from '../../server/score/draw-error.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { scoreKind } from '../../server/score/store/score-kind.ts';
import { totals } from '../../server/network/totals.ts';
import { liveSettings } from '../../server/scoring/live-settings.ts';
import { openStore } from '../../server/store/store.ts';
import { startEngine, type EngineOptions } from '../engine.ts';
import { verdict, type Table } from '../report.ts';
import { zooNetworks } from './zoo-networks.ts';

/** Multiply-accumulates of a forward pass: images of costlier networks are made smaller. */
const mostMacs = 0.1e9;
/** Of networks that take no smaller images and cost more, two draws stand for four. */
const costly = 2e9;

/**
 * How far the live number of every classifier of the zoo lies from the settled one that it is a part of. The standard error of their
 * difference is that of live times √(1 − k / n), k of n draws being common.
 */
export async function benchLiveAgainstSettled(
  options: EngineOptions & { readonly root: string },
): Promise<Table[]> {
  const { root } = options;
  const engine = startEngine(options);
  try {
    // What is computed is kept, so that a run that was stopped goes on where it was.
    const store = openStore(scoreKind, { folder: join(root, 'out/bench-scores'), limit: 2 ** 31 });
    const scorer = new Scorer(engine, store);
    const rows: string[][] = [];
    let [within, without, smaller] = [0, 0, 0];
    const networks = zooNetworks(root, mostMacs);
    for (const { name, network, side, publishedSide } of networks) {
      if (side < publishedSide) smaller += 1;
      const size = totals(network);
      const seeds = size.macs > costly ? 2 : namedSettings.settled.seeds;
      const settled = await scorer.score(network, { ...namedSettings.settled, seeds });
      if (settled.state === 'failed') {
        without += 1;
        rows.push([name, String(side), '–', settled.reason, '', '']);
        continue;
      }
      const asked = liveSettings(size, network.classes, settled.settings);
      const draws = Math.min(asked.seeds, seeds - 1);
      const first = settled.seeds.slice(0, draws);
      const live = first.reduce((sum, { entropy }) => sum + entropy / draws, 0);
      const error = drawError(first.map(({ entropies }) => entropies))! * Math.sqrt(1 - draws / seeds);
      const ratio = Math.abs(live - settled.vkdnw) / error;
      if (ratio <= 2) within += 1;
      else
        rows.push([
          name,
          String(side),
          live.toFixed(3),
          settled.vkdnw.toFixed(3),
          error.toFixed(3),
          ratio.toFixed(1),
        ]);
    }
    const share = within / (networks.length - without);
    return [
      {
        title: 'The live number against the settled one that it is a part of: classifiers of the zoo',
        columns: [
          { title: 'beyond two standard errors, or without a number', align: 'left' },
          { title: 'side', align: 'right' },
          { title: 'live', align: 'right' },
          { title: 'settled', align: 'right' },
          { title: 'standard error of the difference', align: 'right' },
          { title: 'times', align: 'right' },
        ],
        rows,
        notes: [
          `${within} of ${networks.length - without} networks with a number within two standard errors; ${verdict({ text: 'at least 90 %', met: share >= 0.9 })}.`,
          `Images of ${smaller} networks are smaller than published, so that a forward pass takes some ${mostMacs / 1e9} billion multiply-accumulates. Networks above ${costly / 1e9} billion that take no smaller ones have one draw against two.`,
        ],
      },
    ];
  } finally {
    await engine.dispose();
  }
}
