import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';
import { documentSymbols } from './outline.ts';
import { workspaceSymbols } from './workspace-symbols.ts';

export function symbolFeature(session: Session): Feature {
  const { connection } = session;
  return {
    capabilities: { documentSymbolProvider: true, workspaceSymbolProvider: true },
    listen() {
      connection.onDocumentSymbol(session.about('Document symbols', (opened) => documentSymbols(opened)));
      connection.onWorkspaceSymbol(
        session.guard('Workspace symbols', [], ({ query }) => workspaceSymbols(session, query)),
      );
    },
  };
}
