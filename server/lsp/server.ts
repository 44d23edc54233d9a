import process from 'node:process';
import type { Connection } from 'vscode-languageserver/node';
import { Checker } from './checker.ts';
import { capabilitiesOf, type Feature } from './feature.ts';
import { codeActionFeature } from './features/code-actions/code-action-feature.ts';
import { completionFeature } from './features/completion/completion-feature.ts';
import { diagnosticFeature } from './features/diagnostics/diagnostic-feature.ts';
import { EngineFeature } from './features/engine/engine-feature.ts';
import { formattingFeature } from './features/formatting/formatting-feature.ts';
import { hintFeature } from './features/hints/hint-feature.ts';
import { hoverFeature } from './features/hover/hover-feature.ts';
import { InsightFeature } from './features/insight/insight-feature.ts';
import { LensFeature } from './features/lenses/lens-feature.ts';
import { navigationFeature } from './features/navigation/navigation-feature.ts';
import { PictureFeature } from './features/pictures/picture-feature.ts';
import { RankingFeature } from './features/ranking/ranking-feature.ts';
import { renameFeature } from './features/rename/rename-feature.ts';
import { ScoreFeature } from './features/scores/score-feature.ts';
import { SemanticTokenFeature } from './features/semantic-tokens/semantic-token-feature.ts';
import { signatureFeature } from './features/signature-help/signature-feature.ts';
import { structureFeature } from './features/structure/structure-feature.ts';
import { symbolFeature } from './features/symbols/symbol-feature.ts';
import { WhatIfFeature } from './features/what-if/what-if-feature.ts';
import { workspaceFeature } from './features/workspace/workspace-feature.ts';
import { zooFeature } from './features/zoo/zoo-feature.ts';
import { Session } from './session.ts';
import { connect } from './transport.ts';
import { warmUp } from './warm-up.ts';

/** All features, in the order in which they learn of settings and files: texts and the engine before what is made of them. */
function featuresOf(session: Session): readonly Feature[] {
  const checker = new Checker(session);
  const ranking = new RankingFeature(session);
  return [
    workspaceFeature(session),
    diagnosticFeature(session),
    new EngineFeature(session),
    checker,
    ranking,
    new LensFeature(session, checker, ranking),
    new ScoreFeature(session, checker),
    new PictureFeature(session, checker),
    new InsightFeature(session, checker),
    new WhatIfFeature(session, checker),
    completionFeature(session),
    signatureFeature(session),
    hoverFeature(session, checker, ranking),
    hintFeature(session),
    symbolFeature(session),
    structureFeature(session),
    navigationFeature(session),
    zooFeature(session),
    renameFeature(session),
    new SemanticTokenFeature(session),
    formattingFeature(session),
    codeActionFeature(session),
  ];
}

/** Serves until the client ends the connection: over node IPC or stdio, as the command line says. */
export function startServer(connection: Connection = connect()): void {
  const session = new Session(connection);
  const features = featuresOf(session);

  process.on('unhandledRejection', (reason) => {
    session.fail(`Unhandled: ${reason instanceof Error ? String(reason.stack) : String(reason)}`);
  });

  connection.onInitialize((client) => {
    session.initialize(client);
    for (const feature of features) feature.initialize?.(client);
    connection.onInitialized(() => {
      session.watch.start();
      for (const feature of features) feature.initialized?.(client);
      session.background('Warming up', warmUp);
    });
    return { serverInfo: { name: 'archlens' }, capabilities: capabilitiesOf(features, client) };
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const feature of features) feature.filesChanged?.(changes);
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    session.background('Taking over the settings', async () => {
      session.settings.changed(settings);
      for (const feature of features) await feature.settingsChanged?.();
    });
  });

  for (const feature of features) feature.listen?.();
  connection.listen();
}
