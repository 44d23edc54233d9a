// What the server says and asks unasked, as the client of the tests takes it.
import {
  CodeLensRefreshRequest,
  ConfigurationRequest,
  InlayHintRefreshRequest,
  LogMessageNotification,
  PublishDiagnosticsNotification,
  RegistrationRequest,
} from 'vscode-languageserver-protocol/node';
import type { ProtocolConnection, PublishDiagnosticsParams } from 'vscode-languageserver-protocol/node';
import type { EngineStatus } from '../../../server/engine/engine.ts';
import { engineStatus, scores as scoresNews } from '../../../server/protocol/protocol.ts';
import type { ScoresParams } from '../../../server/protocol/protocol.ts';

/** The section `archlens`. */
export type Section = Readonly<Record<string, unknown>>;

/** What a client keeps of it. */
export interface Listener {
  readonly log: string[];
  readonly diagnostics: Map<string, PublishDiagnosticsParams>;
  readonly scores: Map<string, ScoresParams>;
  readonly registered: string[];
  lensRefreshes: number;
  engine: EngineStatus | undefined;
  /** The settings that hold for a file or folder. */
  settingsOf(uri: string | undefined): Section;
  /** The server has said something. */
  wake(): void;
}

/** @param first the settings until there is a client */
export function listen(
  connection: ProtocolConnection,
  client: () => Listener | undefined,
  first: Section,
): void {
  connection.onRequest(ConfigurationRequest.type, ({ items }) =>
    items.map(({ scopeUri }) => client()?.settingsOf(scopeUri) ?? first),
  );
  connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    client()?.registered.push(...registrations.map(({ method }) => method));
  });
  connection.onRequest(CodeLensRefreshRequest.type, () => {
    const known = client();
    if (known !== undefined) known.lensRefreshes += 1;
    known?.wake();
  });
  connection.onRequest(InlayHintRefreshRequest.type, () => {
    client()?.wake();
  });
  connection.onNotification(LogMessageNotification.type, ({ message }) => {
    client()?.log.push(message);
  });
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    client()?.diagnostics.set(params.uri, params);
    client()?.wake();
  });
  connection.onNotification(scoresNews, (params) => {
    client()?.scores.set(params.uri, params);
    client()?.wake();
  });
  connection.onNotification(engineStatus, (status) => {
    const known = client();
    if (known !== undefined) known.engine = status;
    known?.wake();
  });
}
