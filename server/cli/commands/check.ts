import process from 'node:process';
import type { Command } from 'commander';
import { plural } from '../../base/quantities.ts';
import { exitCode } from '../../base/exit-codes.ts';
import type { Diagnostic, FileAnalysis, Severity } from '../../language/analysis.ts';
import { isDiagnosticCode } from '../../language/check/codes.ts';
import { signalDiagnostics } from '../../language/check/no-signal.ts';
import { chosen, type SeverityChoice, type SeverityChoices } from '../../language/check/severities.ts';
import { expandPaths, Files } from '../files.ts';
import { print, say } from '../output.ts';
import { isStandardInput, readStandardInput, standardInput } from '../standard-input.ts';
import { styled, UsageError } from '../terminal.ts';
import { shown } from '../visible.ts';

const colours = {
  error: 'red',
  warning: 'yellow',
  info: 'blue',
  hint: 'gray',
} as const satisfies Record<Severity, string>;

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description(
      'print what is wrong or suspicious in architecture files; the exit code is 1 when there are errors, or files that cannot be read',
    )
    .argument('<files...>', 'files, or folders with .arch files; - for standard input')
    .option('--max-warnings <count>', 'exit with 1 also when there are more warnings than this', countOf)
    .option(
      '--severity <code=severity>',
      'show a code as error, warning, info or hint, or not at all (off); may be given several times',
      addSeverity,
      new Map<string, SeverityChoice>(),
    )
    .action(async (paths: string[], options: CheckOptions) => {
      await check(paths, options);
    });
}

interface CheckOptions {
  readonly maxWarnings?: number;
  readonly severity: SeverityChoices;
}

function countOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--max-warnings takes a whole number, not ${text}.`);
  return Number(text);
}

const choices: readonly SeverityChoice[] = ['error', 'warning', 'info', 'hint', 'off'];

function addSeverity(text: string, before: SeverityChoices): SeverityChoices {
  const [code = '', name = ''] = text.split('=');
  const choice = choices.find((each) => each === name.replace('information', 'info'));
  if (!isDiagnosticCode(code)) throw new UsageError(`--severity names ${code}: there is no such code.`);
  if (choice === undefined)
    throw new UsageError(`--severity of ${code} is ${name}: expected ${choices.join(', ')}.`);
  return new Map([...before, [code, choice]]);
}

async function check(
  paths: readonly string[],
  { maxWarnings = Infinity, severity }: CheckOptions,
): Promise<void> {
  const isGiven = isStandardInput(paths, 'checked');
  const files = isGiven ? new Files(new Map([[standardInput, await readStandardInput()]])) : new Files();
  // All are read first: what one of them imports is not unused in another.
  const { found, failed: unread } = files.analyseReadable(
    isGiven ? { files: [standardInput], unreadable: [] } : expandPaths(paths),
  );
  const diagnostics = found.flatMap(({ analysis }) =>
    chosen(diagnosticsOf(analysis, files), analysis, severity),
  );
  for (const diagnostic of diagnostics) {
    print(`${format(diagnostic, files)}\n`);
  }
  const count = (severity: Severity) => diagnostics.filter((each) => each.severity === severity).length;
  const errors = count('error');
  say(
    `${plural(found.length, 'file')}: ${plural(errors, 'error')}, ${plural(count('warning'), 'warning')}${unread > 0 ? `; ${unread} not read` : ''}`,
  );
  const failed = unread > 0 || errors > 0 || count('warning') > maxWarnings;
  process.exitCode = failed ? exitCode.failed : exitCode.ok;
}

/** What can be said of a file without scoring it, in the order of the text. */
function diagnosticsOf(analysis: FileAnalysis, files: Files): readonly Diagnostic[] {
  const linted = files.lint(analysis);
  const steps = signalDiagnostics(analysis, linted);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return [...linted, ...step.value].sort((a, b) => a.location.span.start - b.location.span.start);
}

/** `file:line:column severity code message`, related places below. */
function format({ severity, code, message, location, related }: Diagnostic, files: Files): string {
  const place = styled(process.stdout, 'bold', shown(files.place(location)));
  const kind = styled(process.stdout, colours[severity], severity);
  const lines = [`${place} ${kind} ${code} ${shown(message)}`];
  for (const each of related) {
    lines.push(`    ${shown(`${files.place(each.location)} ${each.message}`)}`);
  }
  return lines.join('\n');
}
