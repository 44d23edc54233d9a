import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { decodeUtf8, firstWrongByte } from '../../server/base/decode.ts';
import { FileError } from '../../server/base/file-error.ts';
import { readBytes, readBytesAsync, readText } from '../../server/base/read-file.ts';
import { cases } from '../support/property-runs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-base-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);

/** Both ways of reading say the same. */
async function errorOf(path: string, limit = 100): Promise<FileError> {
  const thrown = (read: () => unknown): unknown => {
    try {
      return read();
    } catch (error) {
      return error;
    }
  };
  const first = thrown(() => readBytes(path, limit));
  const second = await readBytesAsync(path, limit).catch((error: unknown) => error);
  expect(first).toBeInstanceOf(FileError);
  expect(second).toEqual(first);
  return first as FileError;
}

describe('reading within bounds', () => {
  it('gives all bytes up to the limit, none above', async () => {
    writeFileSync(at('a'), Buffer.alloc(100, 7));
    expect(readBytes(at('a'), 100)).toEqual(Buffer.alloc(100, 7));
    expect(await readBytesAsync(at('a'), 100)).toEqual(Buffer.alloc(100, 7));
    writeFileSync(at('empty'), '');
    expect(readBytes(at('empty'), 0)).toHaveLength(0);
    const error = await errorOf(at('a'), 99);
    expect(error).toMatchObject({ kind: 'too-large', path: at('a') });
    expect(error.message).toBe(`${at('a')} cannot be read: it has 100 bytes; at most 99 are read.`);
  });

  it('says what is no regular file, without waiting for it', async () => {
    expect(await errorOf(folder)).toMatchObject({ kind: 'not-regular', reason: 'it is a folder' });
    if (process.platform === 'win32') return;
    expect((await errorOf('/dev/zero')).reason).toBe('it is a device, not a regular file');
    symlinkSync('/dev/zero', at('zero'));
    expect((await errorOf(at('zero'))).kind).toBe('not-regular');
    execFileSync('mkfifo', [at('pipe')]);
    expect((await errorOf(at('pipe'))).reason).toBe('it is a pipe, not a regular file');
  });

  it.skipIf(process.platform !== 'linux')('reads no endless file that calls itself empty', async () => {
    expect((await errorOf('/proc/self/maps')).reason).toContain('has grown');
  });

  it('says what is not there, and where a link leads', async () => {
    expect((await errorOf(at('none'))).reason).toBe('there is no such file');
    writeFileSync(at('file'), '');
    expect((await errorOf(join(at('file'), 'below'))).kind).toBe('missing');
    if (process.platform === 'win32') return;
    symlinkSync('me@host.1:2', at('.#lock'));
    expect((await errorOf(at('.#lock'))).reason).toBe('it is a link to me@host.1:2, which is not there');
    symlinkSync('circle', at('circle'));
    expect((await errorOf(at('circle'))).reason).toBe('its links lead in a circle');
  });

  it('reads text in UTF-8 alone', () => {
    writeFileSync(at('a'), 'café 🎉');
    expect(readText(at('a'), 100)).toBe('café 🎉');
    writeFileSync(at('a'), Buffer.from('// caf\xe9', 'latin1'));
    expect(() => readText(at('a'), 100)).toThrow('byte 6 is 0xE9 (line 1)');
  });
});

describe('decoding', () => {
  const reason = (bytes: readonly number[]): string => {
    try {
      decodeUtf8(Uint8Array.from(bytes), 'f');
      return 'none';
    } catch (error) {
      return (error as FileError).reason;
    }
  };

  it('tells what has another encoding', () => {
    expect(reason([0xff, 0xfe, 0x61, 0x00])).toBe('it is in UTF-16 LE, not in UTF-8. Save it as UTF-8');
    expect(reason([0xfe, 0xff, 0x00, 0x61])).toContain('UTF-16 BE');
    expect(reason([0x61, 0x00, 0x62, 0x00])).toContain('UTF-16 LE');
    expect(reason([0x00, 0x61, 0x00, 0x62])).toContain('UTF-16 BE');
    expect(reason([0xef, 0xbb, 0xbf, 0x61])).toContain('byte order mark');
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), 'f', 'kept')).toBe('\ufeffa');
  });

  it('counts lines to the wrong byte', () => {
    expect(reason([0x61, 0x0a, 0x0a, 0xc3])).toContain('byte 3 is 0xC3 (line 3)');
  });

  test('finds the first wrong byte of any bytes', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        const offset = firstWrongByte(bytes);
        const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
        if (offset === undefined) {
          expect(Buffer.from(strict.decode(bytes))).toEqual(bytes);
          return;
        }
        // All before is text, and nothing behind mends what is there.
        expect(Buffer.from(strict.decode(bytes.subarray(0, offset)))).toEqual(bytes.subarray(0, offset));
        expect(() => strict.decode(bytes)).toThrow();
        const loose = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(offset));
        expect(loose.startsWith('\ufffd')).toBe(true);
      }),
      cases(2000),
    );
  });
});
