import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { decodeUtf8 } from '../base/decode.ts';
import { FileError, type FileErrorKind } from '../base/file-error.ts';
import { readBytesAsync } from '../base/read-file.ts';
import { evict, filesOf, isAbandoned, isTemporary, orAbsent, totalOf } from './eviction.ts';

/** What `EntryFolder.clear` took away, or a folder holds. */
export interface StoreSize {
  readonly entries: number;
  readonly bytes: number;
}

/** Keys are spread evenly over so many folders, each of which keeps to its share of the limit on its own. */
const shards = 16;

/** A shard is measured after so much of its share was written by this process, and cut back to this much of it. */
const slack = 1 / 16;

/** Bytes of an entry that are read: the largest have a hundredth of it. */
const mostBytes = 64 * 2 ** 20;

/** A use is noted when the last note is this old (milliseconds). */
const useInterval = 60_000;

/**
 * JSON values under SHA-256 keys, one file each, for several processes at once. A file appears whole or not at all
 * (written beside its place, then renamed); what was damaged later does not match its checksum, is removed, and counts as
 * absent. Over the limit, what was used longest ago goes.
 */
export class EntryFolder {
  readonly #root: string;
  readonly #shardLimit: number;
  /** Bytes this process wrote to a shard since it last measured it. */
  readonly #written = new Map<string, number>();

  /** @param limit bytes of all entries together; kept within a few percent. */
  constructor(root: string, limit: number) {
    this.#root = root;
    this.#shardLimit = limit / shards;
  }

  /** @throws an error of the file system, unless the entry is merely absent */
  async read(key: string): Promise<unknown> {
    const path = this.#path(key);
    try {
      const value = decode(decodeUtf8(await readBytesAsync(path, mostBytes), path), key);
      if (value !== undefined) {
        await noteUse(path);
        return value;
      }
    } catch (error) {
      if (!(error instanceof FileError) || !isDamage(error)) throw error;
      if (error.kind === 'missing') return undefined;
    }
    await this.remove(key);
    return undefined;
  }

  /** @throws an error of the file system; nothing is left behind then */
  async write(key: string, value: unknown): Promise<void> {
    const path = this.#path(key);
    const text = encode(value, key);
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.#shard(key), { recursive: true, mode: 0o700 });
      // Not flushed to the disk: what a power cut tears apart fails its checksum.
      await writeFile(temporary, text);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      // On Windows a file that another process reads cannot be replaced. It has this key, and so this value.
      if (!isTaken(error) || !existsSync(path)) {
        throw error;
      }
    }
    await this.#account(this.#shard(key), text.length);
  }

  async remove(key: string): Promise<void> {
    await orAbsent(unlink(this.#path(key)));
  }

  /** Takes everything away but what other processes are writing. @returns the entries that were there */
  async clear(): Promise<StoreSize> {
    const files = (await Promise.all((await this.#shards()).map(filesOf))).flat();
    const entries = files.filter((file) => !isTemporary(file));
    for (const { path } of [...entries, ...files.filter(isAbandoned)]) await orAbsent(unlink(path));
    this.#written.clear();
    return { entries: entries.length, bytes: totalOf(entries) };
  }

  async #shards(): Promise<string[]> {
    const names = (await orAbsent(readdir(this.#root))) ?? [];
    return names.filter((name) => /^[0-9a-f]$/.test(name)).map((name) => join(this.#root, name));
  }

  #shard(key: string): string {
    return join(this.#root, key.slice(0, 1));
  }

  #path(key: string): string {
    return join(this.#shard(key), `${key}.json`);
  }

  async #account(shard: string, bytes: number): Promise<void> {
    // Other processes write too: before the first measurement the size is unknown.
    const written = (this.#written.get(shard) ?? Infinity) + bytes;
    if (written < slack * this.#shardLimit) {
      this.#written.set(shard, written);
      return;
    }
    this.#written.set(shard, 0);
    await evict(shard, this.#shardLimit);
  }
}

/** The time of the last change is the time of the last use. Where it cannot be set, entries go in the order they came. */
async function noteUse(path: string): Promise<void> {
  const now = Date.now();
  try {
    if (now - (await stat(path)).mtimeMs > useInterval) {
      await utimes(path, now / 1000, now / 1000);
    }
  } catch {
    // Another process removed it, or the folder is read-only.
  }
}

const entrySchema = v.object({ key: v.string(), value: v.unknown() });

function encode(value: unknown, key: string): string {
  const json = JSON.stringify({ key, value });
  return `${checksum(json)}\n${json}\n`;
}

/** @returns undefined for anything but what `encode` wrote for this key */
function decode(text: string, key: string): unknown {
  const [sum, json, rest] = text.split('\n', 3);
  if (json === undefined || rest !== '' || sum !== checksum(json)) {
    return undefined;
  }
  const entry = v.safeParse(entrySchema, parsed(json));
  return entry.success && entry.output.key === key ? entry.output.value : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const damages: ReadonlySet<FileErrorKind> = new Set([
  'missing',
  'dangling',
  'not-regular',
  'too-large',
  'encoding',
]);

/** What is no entry, for good: an error of the disk may pass. */
function isDamage({ kind }: FileError): boolean {
  return damages.has(kind);
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isTaken(error: unknown): boolean {
  return ['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '');
}
