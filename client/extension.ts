import * as vscode from 'vscode';
import { registerCodeLens } from './codelens/code-lens.ts';
import { registerCommands } from './commands/commands.ts';
import { registerContributions } from './decorations/contributions.ts';
import { registerExplain } from './diagnostics/explain.ts';
import { registerEngines } from './engines/choose-engine.ts';
import { registerEvaluation } from './evaluation/evaluation.ts';
import { registerRanking } from './ranking/ranking.ts';
import { LanguageServer } from './server/language-server.ts';
import { registerSpectrum } from './spectrum/spectrum.ts';
import { registerStatus } from './status/engine-status.ts';
import { registerWalkthrough } from './walkthrough/walkthrough.ts';
import { registerWhatIf } from './what-if/what-if.ts';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Archlens', { log: true });
  const server = new LanguageServer(
    context.asAbsolutePath('dist/server.cjs'),
    context.globalStorageUri.fsPath,
    log,
  );

  context.subscriptions.push(
    log,
    registerCommands(server, log),
    registerCodeLens(server),
    registerContributions(server),
    registerExplain(context.extensionUri),
    registerSpectrum(context, server),
    registerRanking(context, server),
    registerEvaluation(context),
    registerEngines(server, context, log),
    registerStatus(server),
    registerWhatIf(server),
    registerWalkthrough(context.extension.id),
    { dispose: () => server.dispose() },
  );
  await server.start();
}
