import process from 'node:process';
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { exitCode } from '../base/exit-codes.ts';
import { FileError } from '../base/file-error.ts';
import { registerCheck } from './commands/check.ts';
import { registerEngines } from './commands/engines.ts';
import { registerEvaluate } from './commands/evaluate.ts';
import { registerFormat } from './commands/format.ts';
import { registerImprove } from './commands/improve.ts';
import { registerLsp } from './commands/lsp.ts';
import { registerNew } from './commands/new.ts';
import { registerPlot } from './commands/plot.ts';
import { registerProxies } from './commands/proxies.ts';
import { registerRank } from './commands/rank.ts';
import { registerScore } from './commands/score.ts';
import { registerWhatIf } from './commands/what-if.ts';
import { guardOutput, print, say, sayLines } from './output.ts';
import { codeOf, styled, UsageError } from './terminal.ts';

/** The program `archlens`. Results go to stdout, everything else to stderr. */
async function main(): Promise<void> {
  const program = new Command('archlens')
    .description('See how trainable neural network architectures are, without training them.')
    .version(manifest.version)
    // Before the commands are added: they take it over.
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: (text) => {
        sayLines(text.trimEnd());
      },
    })
    .showHelpAfterError('(add --help for what can be given)');
  registerCheck(program);
  registerFormat(program);
  registerNew(program);
  registerScore(program);
  registerRank(program);
  registerWhatIf(program);
  registerImprove(program);
  registerPlot(program);
  registerEvaluate(program);
  registerProxies(program);
  registerEngines(program);
  registerLsp(program);

  guardOutput();
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** Says what is wrong where that has not been done yet. @returns the exit code */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    // Help and version end this way too.
    return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  }
  const prefix = `${styled(process.stderr, 'red', 'error:')} `;
  if (error instanceof UsageError || error instanceof FileError) {
    say(error.message, prefix);
    return error instanceof UsageError ? exitCode.usage : codeOf(error);
  }
  sayLines(error instanceof Error ? (error.stack ?? error.message) : String(error), prefix);
  return exitCode.fault;
}

void main();
