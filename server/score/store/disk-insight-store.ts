import * as v from 'valibot';
import { EntryFolder, type StoreSize } from './entry-folder.ts';
import type { InsightMeasurement } from '../insight/insight-measurement.ts';
import { MemoryInsightStore, type InsightStore } from './insight-store.ts';
import { engineInfo } from './stored-outcome.ts';

const finite = v.pipe(v.number(), v.finite());
const numbers = v.array(finite);
const estimate = v.object({ value: finite, se: v.exactOptional(finite) });

const measurement: v.GenericSchema<unknown, InsightMeasurement> = v.object({
  ops: v.array(
    v.object({
      share: estimate,
      bands: v.exactOptional(v.array(v.nullable(finite))),
      entropyEffect: v.exactOptional(estimate),
    }),
  ),
  whole: v.exactOptional(
    v.object({
      eigenvalues: numbers,
      deciles: numbers,
      normalisedDeciles: numbers,
      entropy: estimate,
      seedEntropies: v.array(v.object({ seed: finite, entropy: finite })),
      bandTrace: numbers,
    }),
  ),
  logits: v.object({ rms: finite, largest: finite, confidence: finite }),
  engine: engineInfo,
  milliseconds: finite,
});

/**
 * Keeps measurements on disk, and those used last in memory as well. Errors of the disk are not reported here: the score
 * store in the folder beside it reports them, and a measurement can be made again.
 */
export class DiskInsightStore implements InsightStore {
  readonly #memory = new MemoryInsightStore();
  readonly #entries: EntryFolder;

  /**
   * @param folder made when the first measurement is stored
   * @param limit bytes on disk
   */
  constructor(folder: string, limit: number) {
    this.#entries = new EntryFolder(folder, limit);
  }

  async get(key: string): Promise<InsightMeasurement | undefined> {
    const kept = await this.#memory.get(key);
    if (kept !== undefined) return kept;
    const parsed = v.safeParse(measurement, await attempt(this.#entries.read(key)));
    if (!parsed.success) return undefined;
    await this.#memory.set(key, parsed.output);
    return parsed.output;
  }

  async set(key: string, measured: InsightMeasurement): Promise<void> {
    await this.#memory.set(key, measured);
    await attempt(this.#entries.write(key, measured));
  }

  async clear(): Promise<StoreSize> {
    await this.#memory.clear();
    return (await attempt(this.#entries.clear())) ?? { entries: 0, bytes: 0 };
  }
}

async function attempt<T>(action: Promise<T>): Promise<T | undefined> {
  try {
    return await action;
  } catch {
    return undefined;
  }
}
