import { reasonOf } from '../../base/file-error.ts';
import { EntryFolder, type StoreSize } from './entry-folder.ts';
import { MemoryScoreStore, type ScoreStore, type SeedOutcome } from './store.ts';
import { formatOutcome, parseOutcome } from './stored-outcome.ts';

/**
 * Keeps results on disk, for all windows and for the command line, and those used last in memory as well. On a disk
 * that is full, read-only or broken a read is a miss and a write is left out; nothing else fails.
 */
export class DiskScoreStore implements ScoreStore {
  readonly #memory = new MemoryScoreStore();
  readonly #entries: EntryFolder;
  readonly #log: (line: string) => void;
  /** What has been said: every later result meets the same problems. */
  readonly #said = new Set<string>();

  /**
   * @param folder made when the first result is stored
   * @param limit bytes on disk
   */
  constructor(folder: string, limit: number, log: (line: string) => void = () => undefined) {
    this.#entries = new EntryFolder(folder, limit);
    this.#log = log;
  }

  async get(key: string): Promise<SeedOutcome | undefined> {
    const kept = await this.#memory.get(key);
    if (kept !== undefined) {
      return kept;
    }
    const value = await this.#attempt('read', this.#entries.read(key));
    if (value === undefined) {
      return undefined;
    }
    const outcome = parseOutcome(value);
    if (outcome === undefined) {
      await this.#attempt('repaired', this.#entries.remove(key));
      return undefined;
    }
    await this.#memory.set(key, outcome);
    return outcome;
  }

  async set(key: string, outcome: SeedOutcome): Promise<void> {
    await this.#memory.set(key, outcome);
    await this.#attempt('written', this.#entries.write(key, formatOutcome(outcome)));
  }

  async clear(): Promise<StoreSize> {
    await this.#memory.clear();
    return (await this.#attempt('cleared', this.#entries.clear())) ?? { entries: 0, bytes: 0 };
  }

  async #attempt<T>(what: string, action: Promise<T>): Promise<T | undefined> {
    try {
      return await action;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const kind = `${what} ${reasonOf(error)}`;
      if (!this.#said.has(kind))
        this.#log(`Stored scores could not be ${what}; they are kept in memory until that works: ${problem}`);
      this.#said.add(kind);
      return undefined;
    }
  }
}
