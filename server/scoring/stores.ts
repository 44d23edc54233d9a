import { join } from 'node:path';
import { proxyKind, type StoredProxy } from '../proxies/proxy-kind.ts';
import type { InsightMeasurement } from '../score/insight/insight-measurement.ts';
import { EngineMemory } from '../score/store/engine-memory.ts';
import { insightKind } from '../score/store/insight-kind.ts';
import { scoreKind } from '../score/store/score-kind.ts';
import type { SeedOutcome } from '../score/types.ts';
import type { StoreSize } from '../store/entry-folder.ts';
import { storeFolder } from '../store/store-folder.ts';
import { openStore, type Store, type StorePlace } from '../store/store.ts';

/** Shares of the limit. A proxy is a number; an insight is ten times as large as a draw. */
const shares = { scores: 0.75, insights: 0.2, proxies: 0.05 };

/** Bytes for which engine a choice led to: some builds and choices, of 200 bytes each. */
const engineLimit = 2 ** 20;

export interface StoreOptions {
  /** Taken when the folder that editor and command line share cannot be written. */
  readonly fallback?: string;
  /** Bytes on disk; 0: results are kept in memory only. */
  readonly limit: number;
  readonly log?: (line: string) => void;
}

/** All that is kept of scoring: draws, insights, proxies, and which engine a choice led to. */
export interface Stores {
  readonly scores: Store<SeedOutcome>;
  readonly insights: Store<InsightMeasurement>;
  readonly proxies: Store<StoredProxy>;
  readonly engines: EngineMemory;
}

/** The stores of this user, shared by all windows of all editors and the command line. */
export function openStores({ fallback, limit, log }: StoreOptions): Stores {
  const root = limit > 0 ? storeFolder(fallback) : undefined;
  const place = (folder: string, bytes: number): StorePlace | undefined =>
    root === undefined ? undefined : { folder: join(root, folder), limit: bytes };
  const scores = place('scores', shares.scores * limit);
  return {
    // What is wrong with one folder is wrong with those beside it: it is said once.
    scores: openStore(scoreKind, scores && log ? { ...scores, log } : scores),
    insights: openStore(insightKind, place('insights', shares.insights * limit)),
    proxies: openStore(proxyKind, place('proxies', shares.proxies * limit)),
    engines: new EngineMemory(place('engines', engineLimit)),
  };
}

/** Removes all results. @returns what was on the disk */
export async function clearStores({ scores, insights, proxies }: Stores): Promise<StoreSize> {
  const removed = await Promise.all([scores.clear(), insights.clear(), proxies.clear()]);
  return {
    entries: removed.reduce((sum, { entries }) => sum + entries, 0),
    bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
