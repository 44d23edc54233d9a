import { accessSync, constants, mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../../base/cache-folder.ts';
import { DiskInsightStore } from './disk-insight-store.ts';
import { DiskScoreStore } from './disk-store.ts';
import { EntryFolder } from './entry-folder.ts';
import { EngineMemory } from './engine-memory.ts';
import { MemoryInsightStore, type InsightStore } from './insight-store.ts';
import { MemoryScoreStore, type ScoreStore } from './store.ts';

/** Bytes on disk by default: tens of thousands of draws. */
export const defaultStoreLimit = 256 * 2 ** 20;

/** Share of the limit for insights. */
const insightPart = 0.2;
/** Share of the limit for proxies, which are a number each. */
const proxyPart = 0.05;

export interface StoreOptions {
  /** Taken when the folder that editor and command line share cannot be written. */
  readonly fallback?: string;
  /** Bytes on disk; 0: results are kept in memory only. */
  readonly limit: number;
  readonly log?: (line: string) => void;
}

export interface OpenedStore {
  readonly store: ScoreStore;
  readonly insights: InsightStore;
  readonly engines: EngineMemory;
  /** For results of proxies; absent: they are kept in memory. */
  readonly proxyEntries: EntryFolder | undefined;
}

/** The store of this user, shared by all windows of all editors and the command line. */
export function openStore({ fallback, limit, log }: StoreOptions): OpenedStore {
  const folder = limit > 0 ? storeFolder(fallback) : undefined;
  return folder === undefined
    ? {
        store: new MemoryScoreStore(),
        insights: new MemoryInsightStore(),
        engines: new EngineMemory(),
        proxyEntries: undefined,
      }
    : {
        store: new DiskScoreStore(join(folder, 'scores'), (1 - insightPart - proxyPart) * limit, log),
        insights: new DiskInsightStore(join(folder, 'insights'), insightPart * limit),
        engines: new EngineMemory(join(folder, 'engines')),
        proxyEntries: new EntryFolder(join(folder, 'proxies'), proxyPart * limit),
      };
}

/** Whether there is a folder for the store, unless the caller wants none. */
export function hasStoreFolder(): boolean {
  return storeFolder(undefined) !== undefined;
}

/**
 * `$ARCHLENS_STORE` where it is an absolute path (any other value: no folder). Else `store` in the user's cache folder.
 */
export function storeFolder(fallback: string | undefined): string | undefined {
  const { ARCHLENS_STORE: given } = process.env;
  if (given !== undefined) {
    return isAbsolute(given) ? given : undefined;
  }
  const shared = join(cacheFolder(), 'store');
  return fallback === undefined || isWritable(shared) ? shared : fallback;
}

function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
