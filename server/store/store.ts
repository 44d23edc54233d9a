import { LRUCache } from 'lru-cache';
import * as v from 'valibot';
import { reasonOf } from '../base/file-error.ts';
import { EntryFolder, type StoreSize } from './entry-folder.ts';

/** Values under content addresses: each key is the SHA-256 of all that its value depends on. */
export interface Store<T> {
  get(key: string): Promise<T | undefined>;
  set(key: string, value: T): Promise<void>;
  /** Forgets everything. @returns what was kept for longer than this process lives */
  clear(): Promise<StoreSize>;
}

/** A kind of value that is stored. */
export interface StoreKind<T> {
  /** In the plural, for messages: `scores`. */
  readonly name: string;
  /** Gives the value back from what `encode` made of it; what it does not pass counts as absent. */
  readonly schema: v.GenericSchema<unknown, T>;
  /** What is written, as JSON. Absent: the value itself. */
  readonly encode?: (value: T) => unknown;
  /** Values in memory: those used last. */
  readonly capacity: number;
}

export interface StorePlace {
  /** Made when the first value is stored. */
  readonly folder: string;
  /** Bytes on disk. */
  readonly limit: number;
  /** Told of problems with the disk, of each sort once. */
  readonly log?: (line: string) => void;
}

/** @param place on disk, for all windows and for the command line; absent: values are kept in memory only */
export function openStore<T extends object>(kind: StoreKind<T>, place?: StorePlace): Store<T> {
  return new KindStore(kind, place);
}

/** On a disk that is full, read-only or broken a read is a miss and a write is left out; nothing else fails. */
class KindStore<T extends object> implements Store<T> {
  readonly #kind: StoreKind<T>;
  readonly #memory: LRUCache<string, T>;
  readonly #entries: EntryFolder | undefined;
  readonly #log: ((line: string) => void) | undefined;
  /** What has been said: every later value meets the same problems. */
  readonly #said = new Set<string>();

  constructor(kind: StoreKind<T>, place?: StorePlace) {
    this.#kind = kind;
    this.#memory = new LRUCache({ max: kind.capacity });
    this.#entries = place === undefined ? undefined : new EntryFolder(place.folder, place.limit);
    this.#log = place?.log;
  }

  async get(key: string): Promise<T | undefined> {
    const kept = this.#memory.get(key);
    if (kept !== undefined) return kept;
    const read = await this.#attempt('read', this.#entries?.read(key));
    if (read === undefined) return undefined;
    const parsed = v.safeParse(this.#kind.schema, read);
    if (!parsed.success) {
      await this.#attempt('repaired', this.#entries?.remove(key));
      return undefined;
    }
    this.#memory.set(key, parsed.output);
    return parsed.output;
  }

  async set(key: string, value: T): Promise<void> {
    this.#memory.set(key, value);
    await this.#attempt('written', this.#entries?.write(key, this.#kind.encode?.(value) ?? value));
  }

  async clear(): Promise<StoreSize> {
    this.#memory.clear();
    return (await this.#attempt('cleared', this.#entries?.clear())) ?? { entries: 0, bytes: 0 };
  }

  async #attempt<R>(what: string, action: Promise<R> | undefined): Promise<R | undefined> {
    try {
      return await action;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const sort = `${what} ${reasonOf(error)}`;
      if (!this.#said.has(sort))
        this.#log?.(
          `Stored ${this.#kind.name} could not be ${what}; they are kept in memory until that works: ${problem}`,
        );
      this.#said.add(sort);
      return undefined;
    }
  }
}
