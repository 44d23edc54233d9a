// What the server says and asks unasked, as the client of the tests takes it.
import {
  CodeLensRefreshRequest,
  ConfigurationRequest,
  InlayHintRefreshRequest,
  LogMessageNotification,
  PublishDiagnosticsNotification,
  RegistrationRequest,
} from 'vscode-languageserver-protocol/node';
import type { ProtocolConnection } from 'vscode-languageserver-protocol/node';
import { engineStatus, scores as scoresNews } from '../../../server/protocol/protocol.ts';
import type { Section, TestClient } from './client.ts';

/** @param first the settings until there is a client */
export function listen(
  connection: ProtocolConnection,
  client: () => TestClient | undefined,
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
