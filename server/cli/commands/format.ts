import process from 'node:process';
import type { Command } from 'commander';
import { formatChanges, format as formatted } from '../../../grammar/format/format.ts';
import { parse } from '../../../grammar/parser.ts';
import { exitCode } from '../../base/exit-codes.ts';
import { FileError } from '../../base/file-error.ts';
import { writeWhole } from '../../base/write-file.ts';
import { documentWatch } from '../document-watch.ts';
import { expandPaths, sourceText } from '../files.ts';
import { print, printData, say } from '../output.ts';
import { isStandardInput, readStandardInput, standardInput } from '../standard-input.ts';
import { codeOf } from '../terminal.ts';
import { shown } from '../visible.ts';

interface FormatOptions {
  readonly check?: true;
}

export function registerFormat(program: Command): void {
  program
    .command('format')
    .description('write architecture files in the style of the language; what does not parse stays as it is')
    .argument(
      '<files...>',
      'files, or folders with .arch files, of which links are left out; - for standard input',
    )
    .option(
      '--check',
      'write nothing, name the files that are not formatted and exit with 1 when there are any',
    )
    .action(async (paths: string[], options: FormatOptions) => {
      await format(paths, options);
    });
}

async function format(paths: readonly string[], { check }: FormatOptions): Promise<void> {
  if (isStandardInput(paths, 'formatted')) {
    const given = await readStandardInput();
    const written = documentWatch.run(standardInput, documentWatch.keyOf(given, []), () => formatted(given));
    if (check !== true) printData(written);
    else if (written !== given) report(standardInput);
    return;
  }
  const { files, unreadable } = expandPaths(paths, undefined, 'left out');
  for (const error of unreadable) fail(error);
  let read = 0;
  let changed = 0;
  for (const name of files) {
    try {
      if (formatFile(name, check === true)) changed++;
      read++;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      fail(error);
    }
  }
  const what = check === true ? 'not formatted' : 'formatted';
  const others = files.length - read + unreadable.length;
  say(
    `${read} file${read === 1 ? '' : 's'}, ${changed} ${what}${others > 0 ? `; ${others} left alone` : ''}`,
  );
}

/** @returns whether it was not formatted. @throws FileError where it cannot be read, or written; it is as it was then */
function formatFile(name: string, isCheck: boolean): boolean {
  const text = sourceText(name);
  const { problems, isFormatted, after } = documentWatch.run(
    shown(name),
    documentWatch.keyOf(text, []),
    () => {
      const parsed = parse(text);
      const changed = formatChanges(text, parsed).length > 0;
      return { problems: parsed.problems, isFormatted: !changed, after: changed ? formatted(text) : text };
    },
  );
  if (problems.length > 0) say(`${name}: left as it is where it has syntax errors (see archlens check)`);
  if (isFormatted) return false;
  if (isCheck) {
    report(name);
  } else {
    writeWhole(name, after);
    print(`${shown(name)}\n`);
  }
  return true;
}

/** The others are formatted all the same. */
function fail(error: FileError): void {
  say(error.message);
  const isDisk = codeOf(error) === exitCode.output;
  process.exitCode = isDisk ? exitCode.output : (process.exitCode ?? exitCode.failed);
}

function report(name: string): void {
  print(`${shown(name)}\n`);
  process.exitCode ??= exitCode.failed;
}
