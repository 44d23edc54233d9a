import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

/**
 * Makes a folder for what only this user's programs may write, such as code that is run: with the rights 0700. It is no good,
 * nor is its parent, where it belongs to somebody else, where others may write in it, or where it is a link.
 *
 * @returns whether it is there and good
 */
export function makeOwnFolder(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return isOwn(dirname(path)) && isOwn(path);
  } catch {
    return false;
  }
}

function isOwn(path: string): boolean {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return false;
  // Windows has no such bits; the folders of a user are the user's there.
  return process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o022) === 0);
}
