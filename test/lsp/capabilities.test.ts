// What the server offers, to every kind of client.
import { expect, test } from 'vitest';
import { TextDocumentSyncKind } from 'vscode-languageserver-protocol';
import type { ClientCapabilities, ServerCapabilities } from 'vscode-languageserver-protocol';
import { capabilitiesOf } from '../../server/lsp/feature.ts';
import type { InitializationOptions } from '../../server/protocol/protocol.ts';
import { TestClient, type StartOptions } from './support/client.ts';

const folders = { filters: [{ scheme: 'file', pattern: { glob: '**/*', matches: 'folder' } }] };

/** A client with commands of its own is offered no others. */
const offered = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  codeLensProvider: {},
  hoverProvider: true,
  inlayHintProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  definitionProvider: true,
  documentHighlightProvider: true,
  completionProvider: { triggerCharacters: ['(', '"', '/', '|', '~', ' '], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [')'] },
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  workspaceSymbolProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: {
    legend: {
      tokenTypes: ['class', 'enum', 'function', 'struct', 'variable', 'parameter', 'property', 'enumMember'],
      tokenModifiers: ['declaration', 'readonly', 'defaultLibrary'],
    },
    full: { delta: true },
    range: true,
  },
  documentLinkProvider: {},
  callHierarchyProvider: true,
  linkedEditingRangeProvider: true,
  workspace: {
    workspaceFolders: { supported: true, changeNotifications: true },
    fileOperations: { didRename: folders, didDelete: folders },
  },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: { firstTriggerCharacter: '}', moreTriggerCharacter: ['\n'] },
  codeActionProvider: {
    codeActionKinds: ['quickfix', 'refactor.extract', 'refactor.inline', 'refactor.rewrite', 'source.fixAll'],
  },
};

const commands = {
  executeCommandProvider: { commands: ['archlens.showScore', 'archlens.scoreModel', 'archlens.settle'] },
};

const able: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    fileOperations: { didRename: true, didDelete: true },
  },
  textDocument: { completion: { completionItem: { snippetSupport: true, insertReplaceSupport: true } } },
};

const everything: InitializationOptions = {
  clientCommands: true,
  panels: true,
  alternatives: true,
  explainCommand: 'archlens.explain',
};

const clients: readonly (readonly [what: string, client: StartOptions, expected: object])[] = [
  [
    'a client that can do nothing',
    { capabilities: {}, initializationOptions: {} },
    { ...offered, ...commands },
  ],
  [
    'one without folders and with commands',
    { capabilities: {}, folders: {}, initializationOptions: { clientCommands: true } },
    offered,
  ],
  ['one that can do everything', { capabilities: able, initializationOptions: everything }, offered],
  [
    'one that can do everything but has no commands',
    { capabilities: able, initializationOptions: { ...everything, clientCommands: false } },
    { ...offered, ...commands },
  ],
];

test.each(clients)('%s', async (_, options, expected) => {
  await using client = await TestClient.start(options);
  expect(client.initialized).toEqual({ serverInfo: { name: 'archlens' }, capabilities: expected });
});

test('what features offer of the workspace is put together', () => {
  const one: ServerCapabilities = {
    hoverProvider: true,
    workspace: { workspaceFolders: { supported: true } },
  };
  const other: ServerCapabilities = { workspace: { fileOperations: {} } };
  const client = { processId: null, rootUri: null, capabilities: {} };
  expect(capabilitiesOf([{ capabilities: one }, {}, { capabilities: () => other }], client)).toEqual({
    hoverProvider: true,
    workspace: { workspaceFolders: { supported: true }, fileOperations: {} },
  });
});
