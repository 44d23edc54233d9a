import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { formatInteger } from './quantities.ts';
import { decodeUtf8, type ByteOrderMark } from './decode.ts';
import { FileError, fileError } from './file-error.ts';

const flagsOf = constants as Partial<typeof constants>;

/** Without waiting: a pipe would be opened only when somebody writes to it. Windows knows neither flag, nor such pipes. */
const readFlags = constants.O_RDONLY | (flagsOf.O_NONBLOCK ?? 0) | (flagsOf.O_NOCTTY ?? 0);

/**
 * Reads a regular file whole. Anything else (folder, device, pipe, socket) is refused, and so is what is larger than
 * `limit`: neither time nor memory go to it, whatever it says of its own size.
 *
 * @param limit bytes
 * @throws FileError
 */
export function readBytes(path: string, limit: number): Buffer {
  try {
    const file = openSync(path, readFlags);
    try {
      const buffer = bufferFor(path, fstatSync(file), limit);
      let length = 0;
      for (;;) {
        const read = readSync(file, buffer, length, buffer.length - length, null);
        if (read === 0) return buffer.subarray(0, length);
        length += read;
        requireRoom(path, buffer, length);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw readError(path, error);
  }
}

/** As `readBytes`, while other work goes on. */
export async function readBytesAsync(path: string, limit: number): Promise<Buffer> {
  try {
    const file = await open(path, readFlags);
    try {
      const buffer = bufferFor(path, await file.stat(), limit);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
        if (bytesRead === 0) return buffer.subarray(0, length);
        length += bytesRead;
        requireRoom(path, buffer, length);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readError(path, error);
  }
}

/**
 * The text of a regular file in UTF-8.
 *
 * @param limit bytes
 * @throws FileError
 */
export function readText(path: string, limit: number, mark?: ByteOrderMark): string {
  return decodeUtf8(readBytes(path, limit), path, mark);
}

/** For all bytes of a file and one more, which shows whether it has grown. @throws FileError */
function bufferFor(path: string, stats: Stats, limit: number): Buffer {
  if (!stats.isFile()) throw new FileError(path, 'read', 'not-regular', `it is ${kindOf(stats)}`);
  if (stats.size > limit)
    throw new FileError(
      path,
      'read',
      'too-large',
      `it has ${formatInteger(stats.size)} bytes; at most ${formatInteger(limit)} are read`,
    );
  return Buffer.allocUnsafe(stats.size + 1);
}

function requireRoom(path: string, buffer: Buffer, length: number): void {
  if (length === buffer.length)
    throw new FileError(path, 'read', 'system', 'it has grown while it was read. Try again');
}

/** What something that is no regular file is, in words. */
export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe, not a regular file';
  if (stats.isSocket()) return 'a socket, not a regular file';
  return 'a device, not a regular file';
}

function readError(path: string, error: unknown): FileError {
  const found = fileError(path, 'read', error);
  const target = found.kind === 'missing' ? targetOf(path) : undefined;
  if (target === undefined) return found;
  return new FileError(path, 'read', 'dangling', `it is a link to ${target}, which is not there`);
}

/** What a path itself leads to, where it is a symbolic link. */
function targetOf(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}
