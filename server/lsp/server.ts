import process from 'node:process';
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  InlayHintRefreshRequest,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { Connection, InitializeParams, InitializeResult } from 'vscode-languageserver/node';
import { Checker } from './checker.ts';
import { CodeLenses } from './features/lenses/lens-feature.ts';
import { EditingFeatures, editingCapabilities } from './editing-features.ts';
import { EngineFeature } from './features/engine/engine-feature.ts';
import { foldingRanges } from './features/structure/folding.ts';
import { hover } from './features/hover/hover.ts';
import { inlayHints } from './features/hints/inlay-hints.ts';
import { languageCapabilities, LanguageFeatures } from './language-features.ts';
import { definition, highlights } from './features/navigation/navigation.ts';
import { documentSymbols } from './features/symbols/outline.ts';
import { PictureFeature } from './features/pictures/picture-feature.ts';
import { scoreModelCommand, showScoreCommand } from '../protocol/protocol.ts';
import type { InitializationOptions } from '../protocol/protocol.ts';
import { InsightFeature } from './features/insight/insight-feature.ts';
import { rankingCapabilities, RankingFeature } from './features/ranking/ranking-feature.ts';
import { ScoreFeature } from './features/scores/score-feature.ts';
import { Session } from './session.ts';
import { connect } from './transport.ts';
import { warmUp } from './warm-up.ts';
import { WhatIfFeature } from './features/what-if/what-if-feature.ts';

/** Serves until the client ends the connection: over node IPC or stdio, as the command line says. */
export function startServer(connection: Connection = connect()): void {
  const session = new Session(connection);
  const checker = new Checker(session);
  const ranking = new RankingFeature(session, () => {
    lenses.update();
  });
  const lenses = new CodeLenses(session, checker, (uri, model) => ranking.rankOf(uri, model));
  const engine = new EngineFeature(session);
  const scoring = new ScoreFeature(session, checker);
  const pictures = new PictureFeature(session, checker);
  const insights = new InsightFeature(session, checker);
  const whatIf = new WhatIfFeature(session, checker);
  const language = new LanguageFeatures(session);
  let client: InitializeParams | undefined;

  process.on('unhandledRejection', (reason) => {
    session.fail(`Unhandled: ${reason instanceof Error ? String(reason.stack) : String(reason)}`);
  });

  connection.onInitialize((params) => {
    client = params;
    session.settings.initialize(params);
    session.watch.initialize(
      (params.initializationOptions as InitializationOptions | undefined)?.storageFolder,
    );
    language.initialize(params);
    session.listsAlternatives =
      (params.initializationOptions as InitializationOptions | undefined)?.alternatives === true;
    session.documentation.initialize(
      (params.initializationOptions as InitializationOptions | undefined)?.explainCommand,
    );
    lenses.initialize(
      params.capabilities.workspace?.codeLens?.refreshSupport === true,
      (params.initializationOptions as InitializationOptions | undefined)?.panels === true,
    );
    return capabilities(params);
  });
  connection.onInitialized(() => {
    session.watch.start();
    session.background('Registering', async () => {
      await register(connection, client);
      language.followFolders(client);
      ranking.followFolders(client);
    });
    session.background('Reading the settings', () => engine.configure());
    session.background('Warming up', warmUp);
  });

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    session.documents.didOpen(uri, languageId, version, text);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    session.documents.didChange(uri, version, contentChanges);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    session.documents.didClose(uri);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) session.workspace.fileChanged(uri, type !== FileChangeType.Deleted);
    checker.filesChanged(changes.map(({ uri }) => uri));
    ranking.filesChanged();
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    session.background('Taking over the settings', async () => {
      session.settings.changed(settings);
      await engine.configure();
      await checker.settingsChanged();
      ranking.settingsChanged();
      lenses.refresh();
      if (client?.capabilities.workspace?.inlayHint?.refreshSupport === true)
        await connection.sendRequest(InlayHintRefreshRequest.type);
    });
  });

  connection.onCodeLens(
    session.guard('Code lens', null, ({ textDocument }) => lenses.answer(textDocument.uri)),
  );
  connection.onHover(
    session.guard('Hover', null, async ({ textDocument, position }) => {
      const opened = await checker.ready(textDocument.uri);
      return opened === undefined ? null : hover(session, opened, position);
    }),
  );
  connection.languages.inlayHint.on(
    session.guard('Inlay hints', null, async ({ textDocument: { uri }, range }) => {
      const opened = session.opened(uri);
      if (opened === undefined) return null;
      const settings = session.settings.of(uri) ?? (await session.settings.load(uri));
      return inlayHints(session, opened, range, settings.inlayHints);
    }),
  );
  connection.onDocumentSymbol(
    session.guard('Document symbols', null, ({ textDocument }) => {
      const opened = session.opened(textDocument.uri);
      return opened === undefined ? null : documentSymbols(opened);
    }),
  );
  connection.onFoldingRanges(
    session.guard('Folding', null, ({ textDocument }) => {
      const opened = session.opened(textDocument.uri);
      return opened === undefined ? null : foldingRanges(opened.document, opened.analysis.parse);
    }),
  );
  connection.onDefinition(
    session.guard('Definition', null, ({ textDocument, position }) => {
      const opened = session.opened(textDocument.uri);
      return opened === undefined ? null : definition(session, opened, position);
    }),
  );
  connection.onDocumentHighlight(
    session.guard('Highlights', null, ({ textDocument, position }) => {
      const opened = session.opened(textDocument.uri);
      return opened === undefined ? null : highlights(opened, position);
    }),
  );
  language.listen();
  new EditingFeatures(session).listen();
  scoring.listen();
  pictures.listen();
  ranking.listen();
  insights.listen();
  whatIf.listen();
  engine.listen();
  connection.listen();
}

function capabilities({ initializationOptions }: InitializeParams): InitializeResult {
  const options = initializationOptions as InitializationOptions | undefined;
  return {
    serverInfo: { name: 'archlens' },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeLensProvider: {},
      hoverProvider: true,
      inlayHintProvider: true,
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      definitionProvider: true,
      documentHighlightProvider: true,
      ...languageCapabilities,
      workspace: { ...languageCapabilities.workspace, ...rankingCapabilities },
      ...editingCapabilities,
      // A client with commands of its own would register them twice.
      ...(options?.clientCommands === true
        ? {}
        : { executeCommandProvider: { commands: [showScoreCommand, scoreModelCommand] } }),
    },
  };
}

async function register(connection: Connection, client: InitializeParams | undefined): Promise<void> {
  const workspace = client?.capabilities.workspace;
  if (workspace?.didChangeConfiguration?.dynamicRegistration === true)
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'archlens' });
  if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true)
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: '**/*.arch' }],
    });
}
