import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { FileError, fileError } from './file-error.ts';
import { kindOf } from './read-file.ts';

/**
 * Writes a file whole or not at all: to a temporary file beside it, which is flushed to the disk and then takes its name.
 * An error, a full disk or a kill leaves what was there before. Owner, group and permissions of an existing file stay.
 *
 * Nothing is written through a symbolic link: neither does the link become a file, nor does the file that it leads to
 * change under another name than its own. Devices, pipes and folders are refused too: none can be replaced whole.
 *
 * @throws FileError
 */
export function writeWhole(path: string, data: string | Uint8Array): void {
  try {
    replace(path, data, replaceable(path));
  } catch (error) {
    throw writeError(path, error);
  }
}

/**
 * Says before long work that its result could not be written; that it can be in the end, only writing tells.
 *
 * @throws FileError
 */
export function requireWritable(path: string): void {
  try {
    replaceable(path);
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw writeError(path, error);
  }
}

const endsInFolder = process.platform === 'win32' ? /[\\/]$/ : /\/$/;

/** What would be replaced; undefined where there is nothing. @throws FileError for what is no name of a file */
function replaceable(path: string): Stats | undefined {
  if (path === '') throw new FileError('""', 'written', 'missing', 'a name is needed');
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before !== undefined) requireReplaceable(path, before);
  else if (endsInFolder.test(path))
    throw new FileError(path, 'written', 'missing', 'a name that ends in / is of a folder. Name a file');
  return before;
}

/** @throws FileError for what can only be written in place, and an error of the system where writing is not allowed */
function requireReplaceable(path: string, stats: Stats): void {
  if (stats.isSymbolicLink())
    throw new FileError(
      path,
      'written',
      'link',
      `it is a link to ${readlinkSync(path)}, and nothing is written through links. Name that file`,
    );
  if (!stats.isFile()) throw new FileError(path, 'written', 'not-regular', `it is ${kindOf(stats)}`);
  // A rename asks the folder alone.
  accessSync(path, constants.W_OK);
}

function replace(path: string, data: string | Uint8Array, before: Stats | undefined): void {
  // Not made of the file's name, which may be as long as a name can be.
  const temporary = join(dirname(path), `.archlens-${randomUUID()}.tmp`);
  const file = openSync(temporary, 'wx', before === undefined ? 0o666 : 0o600);
  try {
    try {
      writeFileSync(file, data);
      if (before !== undefined) keepRights(file, before);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    allowed(() => {
      unlinkSync(temporary);
    });
    throw error;
  }
}

function keepRights(file: number, { uid, gid, mode }: Stats): void {
  const own = (user: number): boolean =>
    allowed(() => {
      fchownSync(file, user, gid);
    });
  const isSame = own(uid);
  // Only root gives files away: a file of another user that we may write becomes ours, in the group it was in.
  if (!isSame) own(-1);
  // What runs a program as its owner or group stays where both are the same.
  fchmodSync(file, mode & (isSame ? 0o7777 : 0o777));
}

function allowed(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

function writeError(path: string, error: unknown): FileError {
  // A file that is not there is made: only the folder can be missing.
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
    ? new FileError(path, 'written', 'missing', `there is no folder ${dirname(path)}`)
    : fileError(path, 'written', error);
}
