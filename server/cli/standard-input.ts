import process from 'node:process';
import { mostSourceBytes } from '../../grammar/limits.ts';
import { decodeUtf8 } from '../base/decode.ts';
import { FileError } from '../base/file-error.ts';
import { formatInteger } from '../base/quantities.ts';
import { UsageError } from './terminal.ts';

/** What messages call it. */
export const standardInput = 'standard input';

/** Whether `-` is asked for. @param done what the command does with it. @throws UsageError where files are, too */
export function isStandardInput(paths: readonly string[], done: 'checked' | 'formatted'): boolean {
  if (!paths.includes('-')) return false;
  if (paths.length > 1) throw new UsageError(`Standard input (-) is ${done} alone, without other files.`);
  return true;
}

/** @throws FileError as for a file */
export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostSourceBytes)
      throw new FileError(
        standardInput,
        'read',
        'too-large',
        `it has more than ${formatInteger(mostSourceBytes)} bytes`,
      );
    chunks.push(chunk);
  }
  return decodeUtf8(Buffer.concat(chunks), standardInput);
}
