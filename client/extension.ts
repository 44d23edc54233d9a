import * as vscode from 'vscode';
import { registerCodeLens } from './lenses/index.ts';
import { registerCommands } from './commands/index.ts';
import { registerContributions } from './contributions/index.ts';
import { registerDocumentation } from './documentation/index.ts';
import { registerEngines } from './engines/index.ts';
import { registerEvaluation } from './evaluation/index.ts';
import { LibraryDocuments } from './library/index.ts';
import { registerRanking } from './ranking/index.ts';
import { registerNewFile } from './new-file/index.ts';
import { LanguageServer } from './connection/language-server.ts';
import { registerSpectrum } from './spectrum/index.ts';
import { registerStatus } from './status/index.ts';
import { registerWalkthrough } from './walkthrough/index.ts';
import { registerWhatIf } from './what-if/index.ts';

/** The table of contents of the extension: each feature registers itself, by the `index.ts` of its folder. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Archlens', { log: true });
  const library = new LibraryDocuments(context.extensionUri);
  const server = new LanguageServer(
    context.asAbsolutePath('dist/server.cjs'),
    context.globalStorageUri.fsPath,
    log,
    library.uriConverters,
  );

  context.subscriptions.push(
    log,
    registerCommands(server, log),
    registerCodeLens(server),
    registerContributions(server),
    library.register(),
    registerDocumentation(context.extensionUri),
    registerSpectrum(context, server),
    registerRanking(context, server),
    registerEvaluation(context),
    registerNewFile(server),
    registerEngines(server, context, log),
    registerStatus(server),
    registerWhatIf(context, server),
    registerWalkthrough(context.extension.id),
    { dispose: () => server.dispose() },
  );
  await server.start();
}
