import { InlayHintRefreshRequest } from 'vscode-languageserver/node';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { inlayHints } from './inlay-hints.ts';

export function hintFeature(session: Session): Feature {
  const { connection, settings } = session;
  let canRefresh = false;
  return {
    capabilities: { inlayHintProvider: true },
    listen() {
      connection.languages.inlayHint.on(
        session.about('Inlay hints', async (opened, { textDocument: { uri }, range }) => {
          const { inlayHints: wanted } = settings.of(uri) ?? (await settings.load(uri));
          return inlayHints(session, opened, range, wanted);
        }),
      );
    },
    initialize({ capabilities }) {
      canRefresh = capabilities.workspace?.inlayHint?.refreshSupport === true;
    },
    async settingsChanged() {
      if (canRefresh) await connection.sendRequest(InlayHintRefreshRequest.type);
    },
  };
}
