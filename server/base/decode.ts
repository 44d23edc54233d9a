import { isUtf8 } from 'node:buffer';
import { FileError } from './file-error.ts';

/** How to read a byte order mark: programs that write tables put one there, a source has none. */
export type ByteOrderMark = 'refused' | 'kept';

/**
 * The text of a file in UTF-8. Nothing is replaced: what is not UTF-8 is an error.
 *
 * @throws FileError of the kind `encoding`, with the offset of the first wrong byte
 */
export function decodeUtf8(bytes: Uint8Array, path: string, mark: ByteOrderMark = 'refused'): string {
  const refused = (reason: string): FileError => new FileError(path, 'read', 'encoding', reason);
  const wide = utf16Of(bytes);
  if (wide !== undefined) throw refused(`it is in ${wide}, not in UTF-8. Save it as UTF-8`);
  if (mark === 'refused' && startsWith(bytes, 0xef, 0xbb, 0xbf))
    throw refused('it starts with a byte order mark (bytes 0 to 2). Save it as UTF-8 without one');
  const offset = firstWrongByte(bytes);
  if (offset === undefined) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const line = lineOf(bytes, offset);
  const byte = bytes[offset]!.toString(16).toUpperCase().padStart(2, '0');
  throw refused(`it is not UTF-8: byte ${offset} is 0x${byte} (line ${line}). Save it as UTF-8`);
}

/** Offset of the first byte that no character of UTF-8 starts with or goes on with; undefined where all is UTF-8. */
export function firstWrongByte(bytes: Uint8Array): number | undefined {
  // Line by line: a line feed is a character of its own in UTF-8, and the slow search is in one line then.
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    if (!isUtf8(bytes.subarray(start, end))) return firstWrongIn(bytes, start, end);
    start = end;
  }
  return undefined;
}

function firstWrongIn(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (;;) {
    const length = [1, 2, 3, 4].find((each) => at + each <= end && isUtf8(bytes.subarray(at, at + each)));
    if (length === undefined) return at;
    at += length;
  }
}

/** The encoding that a byte order mark names, or that zeros in every other byte of the first characters speak for. */
function utf16Of(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, 0xff, 0xfe)) return 'UTF-16 LE';
  if (startsWith(bytes, 0xfe, 0xff)) return 'UTF-16 BE';
  const [a, b, c, d] = bytes;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'UTF-16 LE';
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return 'UTF-16 BE';
  return undefined;
}

function startsWith(bytes: Uint8Array, ...expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[index] === byte);
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < offset; at = bytes.indexOf(0x0a, at + 1)) line += 1;
  return line;
}
