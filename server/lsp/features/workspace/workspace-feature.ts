import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';

/** Keeps up with open documents, and with folders and files of the workspace. */
export function workspaceFeature(session: Session): Feature {
  const { connection, documents, workspace } = session;
  return {
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
    listen() {
      connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
        documents.didOpen(uri, languageId, version, text);
      });
      connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
        documents.didChange(uri, version, contentChanges);
      });
      connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
        documents.didClose(uri);
      });
    },
    initialize({ capabilities, workspaceFolders }) {
      workspace.setFolders(workspaceFolders ?? []);
      workspace.watched = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    },
    initialized(client) {
      session.background('Registering', () => register(connection, client));
      if (client.capabilities.workspace?.workspaceFolders !== true) return;
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        workspace.changeFolders(added, removed);
      });
    },
    filesChanged(changes) {
      for (const { uri, type } of changes) workspace.fileChanged(uri, type !== FileChangeType.Deleted);
    },
  };
}

/** Asks for news of settings and files, where a client gives none unasked. */
async function register(connection: Connection, { capabilities }: InitializeParams): Promise<void> {
  const { workspace } = capabilities;
  if (workspace?.didChangeConfiguration?.dynamicRegistration === true)
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'archlens' });
  if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true)
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: '**/*.arch' }],
    });
}
