import type { Command } from 'commander';

export function registerLsp(program: Command): void {
  program
    .command('lsp')
    .description('start the language server for an editor')
    .requiredOption('--stdio', 'talk over standard input and output')
    .action(async () => {
      // Loaded on demand: the other commands start faster without it.
      const { startServer } = await import('../../lsp/server.ts');
      startServer();
    });
}
