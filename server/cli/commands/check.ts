import process from 'node:process';
import type { Command } from 'commander';
import type { Diagnostic, Severity } from '../../language/analysis.ts';
import { expandPaths, Files } from '../files.ts';
import { exitCode, styled } from '../terminal.ts';

const colours = {
  error: 'red',
  warning: 'yellow',
  info: 'blue',
  hint: 'gray',
} as const satisfies Record<Severity, string>;

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('print what is wrong in architecture files; the exit code is 1 when there are errors')
    .argument('<files...>', 'files, or folders with .arch files')
    .action((paths: string[]) => {
      check(paths);
    });
}

function check(paths: readonly string[]): void {
  const files = new Files();
  const names = expandPaths(paths);
  const diagnostics = names.flatMap((name) => files.analyse(name).diagnostics);
  for (const diagnostic of diagnostics) {
    process.stdout.write(`${format(diagnostic, files)}\n`);
  }
  const count = (severity: Severity) => diagnostics.filter((each) => each.severity === severity).length;
  const errors = count('error');
  process.stderr.write(
    `${plural(names.length, 'file')}: ${plural(errors, 'error')}, ${plural(count('warning'), 'warning')}\n`,
  );
  process.exitCode = errors > 0 ? exitCode.failed : exitCode.ok;
}

/** `file:line:column severity code message`, related places below. */
function format({ severity, code, message, location, related }: Diagnostic, files: Files): string {
  const place = styled(process.stdout, 'bold', files.place(location));
  const kind = styled(process.stdout, colours[severity], severity);
  const lines = [`${place} ${kind} ${code} ${message}`];
  for (const each of related) {
    lines.push(`    ${files.place(each.location)} ${each.message}`);
  }
  return lines.join('\n');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
