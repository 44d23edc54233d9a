import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A full folder is cut back to this much of its limit, so that the next entries need no eviction of their own. */
const keptShare = 0.9;

/** A temporary file this old (milliseconds) was left by a process that died. */
const abandonedAfter = 3_600_000;

export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** Time of the last use, milliseconds since 1970. */
  readonly used: number;
}

/**
 * Removes from a folder that holds more than `limit` bytes what was used longest ago; the entry used last stays. Several
 * processes may do so at once: they see the same order.
 */
export async function evict(folder: string, limit: number): Promise<void> {
  const files = await filesOf(folder);
  for (const { path } of files.filter(isAbandoned)) await orAbsent(unlink(path));
  const entries = files.filter((file) => !isTemporary(file)).sort((a, b) => b.used - a.used);
  if (totalOf(entries) <= limit) {
    return;
  }
  let kept = 0;
  for (const [index, { path, bytes }] of entries.entries()) {
    kept += bytes;
    if (index > 0 && kept > keptShare * limit) {
      await orAbsent(unlink(path));
    }
  }
}

/** The files of a folder; none when there is no such folder. */
export async function filesOf(folder: string): Promise<StoredFile[]> {
  const names = (await orAbsent(readdir(folder))) ?? [];
  const files = await Promise.all(
    names.map(async (name): Promise<StoredFile[]> => {
      const path = join(folder, name);
      const found = await orAbsent(stat(path));
      return found === undefined ? [] : [{ path, bytes: found.size, used: found.mtimeMs }];
    }),
  );
  return files.flat();
}

/** Bytes of files together. */
export function totalOf(files: readonly StoredFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

export function isTemporary({ path }: StoredFile): boolean {
  return path.endsWith('.tmp');
}

/** A temporary file that nobody is about to rename. */
export function isAbandoned(file: StoredFile): boolean {
  return isTemporary(file) && file.used < Date.now() - abandonedAfter;
}

/** Undefined when the file or its folder is not there. */
export async function orAbsent<T>(action: Promise<T>): Promise<T | undefined> {
  try {
    return await action;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
