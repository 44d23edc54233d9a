import { readFileSync, writeFileSync } from 'node:fs';
import { text as streamText } from 'node:stream/consumers';
import process from 'node:process';
import type { Command } from 'commander';
import { formatChanges, format as formatted } from '../../../grammar/format/format.ts';
import { parse } from '../../../grammar/parser.ts';
import { exitCode } from '../../base/exit-codes.ts';
import { expandPaths } from '../files.ts';
import { print, printData, say } from '../output.ts';
import { UsageError } from '../terminal.ts';
import { shown } from '../visible.ts';

interface FormatOptions {
  readonly check?: true;
}

export function registerFormat(program: Command): void {
  program
    .command('format')
    .description('write architecture files in the style of the language; what does not parse stays as it is')
    .argument('<files...>', 'files, or folders with .arch files; - for standard input')
    .option(
      '--check',
      'write nothing, name the files that are not formatted and exit with 1 when there are any',
    )
    .action(async (paths: string[], options: FormatOptions) => {
      await format(paths, options);
    });
}

async function format(paths: readonly string[], { check }: FormatOptions): Promise<void> {
  if (paths.includes('-')) {
    if (paths.length > 1) throw new UsageError('Standard input (-) is formatted alone, without other files.');
    const given = await streamText(process.stdin);
    if (check !== true) printData(formatted(given));
    else if (formatted(given) !== given) report('standard input');
    return;
  }
  const names = expandPaths(paths);
  let changed = 0;
  for (const name of names) {
    const text = read(name);
    const parsed = parse(text);
    if (parsed.problems.length > 0)
      say(`${shown(name)}: left as it is where it has syntax errors (see archlens check)`);
    if (formatChanges(text, parsed).length === 0) continue;
    changed++;
    if (check === true) report(name);
    else {
      write(name, formatted(text));
      print(`${shown(name)}\n`);
    }
  }
  const what = check === true ? 'not formatted' : 'formatted';
  say(`${names.length} file${names.length === 1 ? '' : 's'}, ${changed} ${what}`);
}

function report(name: string): void {
  print(`${shown(name)}\n`);
  process.exitCode = exitCode.failed;
}

function read(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

function write(name: string, text: string): void {
  try {
    writeFileSync(name, text);
  } catch (error) {
    throw new UsageError(
      `${name} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
