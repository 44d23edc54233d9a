import type { InitializeParams, ServerCapabilities } from 'vscode-languageserver/node';
import { completionTriggers, Completions } from './features/completion/completion.ts';
import { incomingCalls, outgoingCalls, prepareCalls } from './features/navigation/call-hierarchy.ts';
import { documentLinks } from './features/navigation/document-links.ts';
import { linkedEditing } from './features/rename/linked-editing.ts';
import { references } from './features/navigation/references.ts';
import { prepareRename, rename } from './features/rename/rename.ts';
import { selectionRanges } from './features/structure/selection-ranges.ts';
import { SemanticTokensFeature, semanticTokensLegend } from './features/semantic-tokens/semantic-token-feature.ts';
import type { Opened, Session } from './session.ts';
import { signatureHelp, signatureTriggers } from './features/signature-help/signature-help.ts';
import { workspaceSymbols } from './features/symbols/workspace-symbols.ts';

/** What `LanguageFeatures` answers. */
export const languageCapabilities: ServerCapabilities = {
  completionProvider: { triggerCharacters: [...completionTriggers], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: [...signatureTriggers], retriggerCharacters: [')'] },
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  workspaceSymbolProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: { legend: semanticTokensLegend, full: { delta: true }, range: true },
  documentLinkProvider: {},
  callHierarchyProvider: true,
  linkedEditingRangeProvider: true,
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** Requests of the language itself: answered from the texts, whatever the engine is doing. */
export class LanguageFeatures {
  readonly #session: Session;
  readonly #completions: Completions;

  constructor(session: Session) {
    this.#session = session;
    this.#completions = new Completions(session);
  }

  initialize(params: InitializeParams): void {
    this.#completions.initialize(params);
    const { workspace } = this.#session;
    workspace.setFolders(params.workspaceFolders ?? []);
    workspace.watched = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  }

  /** Once the client is ready: follows the folders of the workspace, where the client tells which come and go. */
  followFolders(client: InitializeParams | undefined): void {
    const { connection, workspace } = this.#session;
    if (client?.capabilities.workspace?.workspaceFolders !== true) return;
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      workspace.changeFolders(added, removed);
    });
  }

  listen(): void {
    listenToLanguageRequests(this.#session, this.#completions);
  }
}

function listenToLanguageRequests(session: Session, completions: Completions): void {
  const { connection } = session;
  const tokens = new SemanticTokensFeature(session);

  /** Answers null about a document that is not open. */
  const about = <P extends { readonly textDocument: { readonly uri: string } }, R>(
    feature: string,
    answer: (opened: Opened, params: P) => R | Promise<R>,
  ) =>
    session.guard<P, R | null>(feature, null, async (params) => {
      const opened = session.opened(params.textDocument.uri);
      return opened === undefined ? null : await answer(opened, params);
    });

  connection.onCompletion(about('Completion', (opened, params) => completions.answer(opened, params)));
  connection.onCompletionResolve((item, token) =>
    session.guard('Completion details', item, () => completions.resolve(item))(item, token),
  );
  connection.onSignatureHelp(
    about('Signature help', (opened, { position }) => signatureHelp(session, opened, position)),
  );
  connection.onReferences(about('References', (opened, params) => references(session, opened, params)));
  connection.onPrepareRename(
    about('Rename', (opened, { position }) => prepareRename(session, opened, position)),
  );
  connection.onRenameRequest(
    about('Rename', (opened, { position, newName }) => rename(session, opened, position, newName)),
  );
  connection.onWorkspaceSymbol(
    session.guard('Workspace symbols', [], ({ query }) => workspaceSymbols(session, query)),
  );
  connection.onSelectionRanges(
    about('Selection ranges', (opened, { positions }) => selectionRanges(opened, positions)),
  );
  connection.languages.semanticTokens.on(about('Semantic tokens', (opened) => tokens.full(opened)));
  connection.languages.semanticTokens.onDelta(
    about('Semantic tokens', (opened, { previousResultId }) => tokens.delta(opened, previousResultId)),
  );
  connection.languages.semanticTokens.onRange(
    about('Semantic tokens', (opened, { range }) => tokens.range(opened, range)),
  );
  connection.onDocumentLinks(about('Links', (opened) => documentLinks(opened)));
  connection.languages.callHierarchy.onPrepare(
    about('Call hierarchy', (opened, { position }) => prepareCalls(session, opened, position)),
  );
  connection.languages.callHierarchy.onIncomingCalls(
    session.guard('Incoming calls', [], ({ item }) => incomingCalls(session, item)),
  );
  connection.languages.callHierarchy.onOutgoingCalls(
    session.guard('Outgoing calls', [], ({ item }) => outgoingCalls(session, item)),
  );
  connection.languages.onLinkedEditingRange(
    about('Linked editing', (opened, { position }) => linkedEditing(session, opened, position)),
  );
}
