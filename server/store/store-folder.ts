import { accessSync, constants, mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../base/cache-folder.ts';

/** Bytes on disk by default: tens of thousands of draws. */
export const defaultStoreLimit = 256 * 2 ** 20;

/** Whether the environment leaves a folder for the store: not where `$ARCHLENS_STORE` names none. */
export function hasStoreFolder(): boolean {
  return storeFolder(undefined) !== undefined;
}

/**
 * `$ARCHLENS_STORE` where it is an absolute path (any other value: no folder). Else `store` in the user's cache folder.
 *
 * @param fallback taken where that cannot be written; absent: the cache folder in any case
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
