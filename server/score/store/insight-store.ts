import type { StoreSize } from './entry-folder.ts';
import type { InsightMeasurement } from '../insight/insight-measurement.ts';

/** What was measured for insights, under its content address. */
export interface InsightStore {
  get(key: string): Promise<InsightMeasurement | undefined>;
  set(key: string, measurement: InsightMeasurement): Promise<void>;
  /** Forgets everything. @returns what was kept for longer than this process lives */
  clear(): Promise<StoreSize>;
}

/** Keeps the most recently used in memory. */
export class MemoryInsightStore implements InsightStore {
  readonly #capacity: number;
  /** In order of use, oldest first. */
  readonly #known = new Map<string, InsightMeasurement>();

  /** @param capacity measurements kept; one is about 50 kB. */
  constructor(capacity = 200) {
    this.#capacity = capacity;
  }

  get(key: string): Promise<InsightMeasurement | undefined> {
    const known = this.#known.get(key);
    if (known !== undefined) this.#touch(key, known);
    return Promise.resolve(known);
  }

  set(key: string, measurement: InsightMeasurement): Promise<void> {
    this.#touch(key, measurement);
    if (this.#known.size > this.#capacity) {
      const [oldest] = this.#known.keys();
      this.#known.delete(oldest!);
    }
    return Promise.resolve();
  }

  clear(): Promise<StoreSize> {
    this.#known.clear();
    return Promise.resolve({ entries: 0, bytes: 0 });
  }

  #touch(key: string, measurement: InsightMeasurement): void {
    this.#known.delete(key);
    this.#known.set(key, measurement);
  }
}
