// Every request of the language, for tests that ask them all.
import { expect } from 'vitest';
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
  CodeActionKind,
  CodeActionRequest,
  CompletionItemKind,
  CompletionRequest,
  CompletionResolveRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  LinkedEditingRangeRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SelectionRangeRequest,
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import type {
  CompletionList,
  Position,
  SemanticTokens,
  SemanticTokensDelta,
} from 'vscode-languageserver-protocol/node';
import { modelAt, scoreDetails } from '../../../server/protocol/protocol.ts';
import type { OpenDocument } from './client.ts';

type Request = (document: OpenDocument, position: Position) => Promise<unknown>;

const at = (document: OpenDocument, position: Position) => ({
  textDocument: { uri: document.uri },
  position,
});

const options = { tabSize: 2, insertSpaces: true };

/** A refusal with a reason is an answer. */
async function orRefused(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the editor has of a document, or has asked for. */
const tokensOf = new WeakMap<OpenDocument, Promise<SemanticTokens>>();

function fullTokens(document: OpenDocument): Promise<SemanticTokens> {
  const { client, uri } = document;
  const tokens = client.connection
    .sendRequest(SemanticTokensRequest.type, { textDocument: { uri } })
    .then((answer) => answer ?? { data: [] });
  tokensOf.set(document, tokens);
  return tokens;
}

/** How often the server has answered with what has changed. */
export const deltas = { count: 0 };

/** The tokens that a difference makes of the earlier ones, which must be those that the server gives in full. */
async function tokensDelta(document: OpenDocument): Promise<readonly number[]> {
  const { client, uri } = document;
  const earlier = await (tokensOf.get(document) ?? fullTokens(document));
  const answer = client.connection.sendRequest(SemanticTokensDeltaRequest.type, {
    textDocument: { uri },
    previousResultId: earlier.resultId ?? '',
  });
  // No edit comes between the two.
  const full = fullTokens(document);
  const delta = (await answer) ?? { data: [] };
  const { data } = await full;
  if ('edits' in delta && delta.edits.length > 0) deltas.count += 1;
  expect('edits' in delta ? withEdits(earlier.data, delta) : delta.data).toEqual(data);
  return data;
}

/** The edits are of one array: the last first, none moves another. */
function withEdits(data: readonly number[], { edits }: SemanticTokensDelta): readonly number[] {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (tokens, { start, deleteCount, data: added = [] }) => tokens.toSpliced(start, deleteCount, ...added),
      [...data],
    );
}

export const requests: Readonly<Record<string, Request>> = {
  hover: (document, position) =>
    document.client.connection.sendRequest(HoverRequest.type, at(document, position)),
  lenses: (document) => document.lenses(),
  hints: (document) => document.hints(),
  symbols: (document) =>
    document.client.connection.sendRequest(DocumentSymbolRequest.type, {
      textDocument: { uri: document.uri },
    }),
  folding: (document) =>
    document.client.connection.sendRequest(FoldingRangeRequest.type, { textDocument: { uri: document.uri } }),
  definition: (document, position) =>
    document.client.connection.sendRequest(DefinitionRequest.type, at(document, position)),
  highlights: (document, position) =>
    document.client.connection.sendRequest(DocumentHighlightRequest.type, at(document, position)),
  actions: (document, position) =>
    document.client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: { line: 0, character: 0 }, end: position },
      context: { diagnostics: [] },
    }),
  fixAll: (document) =>
    document.client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: { line: 0, character: 0 }, end: document.document.positionAt(document.text.length) },
      context: { diagnostics: [], only: [CodeActionKind.SourceFixAll] },
    }),
  model: (document, { line }) => document.client.connection.sendRequest(modelAt, { uri: document.uri, line }),
  details: (document) =>
    document.client.connection.sendRequest(scoreDetails, { uri: document.uri, model: 'M' }),
  completion: async (document, position) => {
    const { connection } = document.client;
    const list = (await connection.sendRequest(
      CompletionRequest.type,
      at(document, position),
    )) as CompletionList | null;
    // Other open files and what they export are no matter of this document; they count in the numbers to sort by.
    const items = (list?.items ?? []).filter(
      ({ additionalTextEdits, kind }) =>
        additionalTextEdits === undefined && kind !== CompletionItemKind.File,
    );
    const [first] = items;
    return [
      items.map(({ data: _, sortText: __, ...item }) => item),
      first === undefined
        ? null
        : (await connection.sendRequest(CompletionResolveRequest.type, first)).documentation,
    ];
  },
  signature: (document, position) =>
    document.client.connection.sendRequest(SignatureHelpRequest.type, at(document, position)),
  references: async (document, position) => {
    const found = await document.client.connection.sendRequest(ReferencesRequest.type, {
      ...at(document, position),
      context: { includeDeclaration: true },
    });
    return found?.map(({ range }) => range);
  },
  prepareRename: (document, position) =>
    orRefused(document.client.connection.sendRequest(PrepareRenameRequest.type, at(document, position))),
  rename: async (document, position) => {
    const answer = document.client.connection.sendRequest(RenameRequest.type, {
      ...at(document, position),
      newName: 'renamed',
    });
    return await orRefused(answer.then((edit) => Object.values(edit?.changes ?? {})));
  },
  workspaceSymbols: async (document) => {
    await document.client.connection.sendRequest(WorkspaceSymbolRequest.type, { query: 'a' });
    return null;
  },
  selections: (document, position) =>
    document.client.connection.sendRequest(SelectionRangeRequest.type, {
      textDocument: { uri: document.uri },
      positions: [position],
    }),
  tokens: async (document) => (await fullTokens(document)).data,
  tokensRange: async (document, position) => {
    const tokens = await document.client.connection.sendRequest(SemanticTokensRangeRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: { line: 0, character: 0 }, end: position },
    });
    return tokens?.data;
  },
  tokensDelta,
  links: (document) =>
    document.client.connection.sendRequest(DocumentLinkRequest.type, { textDocument: { uri: document.uri } }),
  calls: async (document, position) => {
    const { connection } = document.client;
    const items = await connection.sendRequest(CallHierarchyPrepareRequest.type, at(document, position));
    const [item] = items ?? [];
    if (item === undefined) return null;
    const incoming = await connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item });
    const outgoing = await connection.sendRequest(CallHierarchyOutgoingCallsRequest.type, { item });
    return [incoming?.map(({ fromRanges }) => fromRanges), outgoing?.map(({ fromRanges }) => fromRanges)];
  },
  linked: (document, position) =>
    document.client.connection.sendRequest(LinkedEditingRangeRequest.type, at(document, position)),
  format: (document) =>
    document.client.connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri: document.uri },
      options,
    }),
  formatRange: (document, position) =>
    document.client.connection.sendRequest(DocumentRangeFormattingRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: { line: 0, character: 0 }, end: position },
      options,
    }),
  formatTyped: (document, position) =>
    document.client.connection.sendRequest(DocumentOnTypeFormattingRequest.type, {
      ...at(document, position),
      ch: '\n',
      options,
    }),
};
