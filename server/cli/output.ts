import { fstatSync, writeSync } from 'node:fs';
import process from 'node:process';
import { exitCode } from '../base/exit-codes.ts';
import { reasonOf } from '../base/file-error.ts';
import { styled } from './terminal.ts';
import { shown, shownLines, shownStyled } from './visible.ts';

/** Prints results for people. What is no style of ours and no line break is shown, not sent to the terminal. */
export function print(text: string): void {
  write(shownStyled(text));
}

/** Prints results for programs, as they are; in a terminal as `print` does. */
export function printData(text: string): void {
  write(process.stdout.isTTY ? shownLines(text) : text);
}

/**
 * Says something besides the results: on standard error, in one line. Names of files may be in it.
 *
 * @param line without its end
 * @param prefix before it, as `styled` made it
 */
export function say(line: string, prefix = ''): void {
  process.stderr.write(`${prefix}${shown(line)}\n`);
}

/** The same of a text that has lines of its own: help, or the trace of a fault. */
export function sayLines(text: string, prefix = ''): void {
  process.stderr.write(`${prefix}${shownLines(text)}\n`);
}

/** To be called before anything is printed. */
export function guardOutput(): void {
  process.stdout.on('error', endWith);
  // What cannot be said changes no result.
  process.stderr.on('error', () => undefined);
}

function write(text: string): void {
  if (!isFile()) {
    process.stdout.write(text);
    return;
  }
  // Node writes to a file once: what a full disk does not take of it would be lost without an error.
  const bytes = Buffer.from(text);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(process.stdout.fd, bytes, written);
  } catch (error) {
    endWith(error as NodeJS.ErrnoException);
  }
}

function isFile(): boolean {
  try {
    const stats = fstatSync(process.stdout.fd);
    return stats.isFile() || (stats.isCharacterDevice() && !process.stdout.isTTY);
  } catch {
    return false;
  }
}

/** Nobody gets the results: there is nothing left to do. Engines end with this process. */
function endWith(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(exitCode.brokenPipe);
  try {
    writeSync(
      process.stderr.fd,
      `${styled(process.stderr, 'red', 'error:')} standard output cannot be written: ${reasonOf(error)}.\n`,
    );
  } catch {
    // Neither can this be said.
  }
  process.exit(exitCode.output);
}
