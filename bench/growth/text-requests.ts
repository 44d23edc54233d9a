import type { Position } from 'vscode-languageserver-protocol';

/** A question an editor asks about a document. */
export interface TextRequest {
  readonly name: string;
  readonly method: string;
  /** @param before answers to the questions before it, by their names */
  readonly params: (place: Place, before: ReadonlyMap<string, unknown>) => object;
}

/** Where the cursor is: at a name in the middle of a text. */
export interface Place {
  readonly uri: string;
  readonly position: Position;
  readonly end: Position;
  /** The first model of the text. */
  readonly model: string;
}

const options = { tabSize: 2, insertSpaces: true };
const at = ({ uri, position }: Place): object => ({ textDocument: { uri }, position });
const about = ({ uri }: Place): object => ({ textDocument: { uri } });
const aboutModel = ({ uri, model }: Place): object => ({ uri, model });
const all = ({ uri, end }: Place): { textDocument: object; range: object } => ({
  textDocument: { uri },
  range: { start: { line: 0, character: 0 }, end },
});

/**
 * Every request that the server answers about a text, but for those that compute scores or list what to compute
 * them of: alternatives take an analysis of the text each, up to a number of characters.
 */
export const textRequests: readonly TextRequest[] = [
  { name: 'symbols', method: 'textDocument/documentSymbol', params: about },
  { name: 'completion', method: 'textDocument/completion', params: at },
  {
    name: 'details of a completion',
    method: 'completionItem/resolve',
    params: (_, before) => {
      const { items = [] } = (before.get('completion') as { items?: object[] } | null) ?? {};
      return items[Math.floor(items.length / 2)] ?? { label: 'conv' };
    },
  },
  { name: 'hover', method: 'textDocument/hover', params: at },
  { name: 'signature help', method: 'textDocument/signatureHelp', params: at },
  { name: 'definition', method: 'textDocument/definition', params: at },
  { name: 'highlights', method: 'textDocument/documentHighlight', params: at },
  {
    name: 'references',
    method: 'textDocument/references',
    params: (place) => ({ ...at(place), context: { includeDeclaration: true } }),
  },
  { name: 'prepare rename', method: 'textDocument/prepareRename', params: at },
  {
    name: 'rename',
    method: 'textDocument/rename',
    params: (place) => ({ ...at(place), newName: 'Renamed' }),
  },
  { name: 'folding', method: 'textDocument/foldingRange', params: about },
  {
    name: 'selection',
    method: 'textDocument/selectionRange',
    params: ({ uri, position }) => ({ textDocument: { uri }, positions: [position] }),
  },
  { name: 'semantic tokens', method: 'textDocument/semanticTokens/full', params: about },
  {
    name: 'changed tokens',
    method: 'textDocument/semanticTokens/full/delta',
    params: (place, before) => ({
      ...about(place),
      previousResultId: (before.get('semantic tokens') as { resultId?: string } | null)?.resultId ?? '',
    }),
  },
  { name: 'tokens of a range', method: 'textDocument/semanticTokens/range', params: all },
  { name: 'inlay hints', method: 'textDocument/inlayHint', params: all },
  { name: 'lenses', method: 'textDocument/codeLens', params: about },
  {
    name: 'code actions',
    method: 'textDocument/codeAction',
    params: (place) => ({ ...all(place), context: { diagnostics: [] } }),
  },
  {
    name: 'all fixes',
    method: 'textDocument/codeAction',
    params: (place) => ({ ...all(place), context: { diagnostics: [], only: ['source.fixAll'] } }),
  },
  { name: 'links', method: 'textDocument/documentLink', params: about },
  { name: 'linked editing', method: 'textDocument/linkedEditingRange', params: at },
  { name: 'call hierarchy', method: 'textDocument/prepareCallHierarchy', params: at },
  { name: 'workspace symbols', method: 'workspace/symbol', params: () => ({ query: 'B' }) },
  {
    name: 'formatting',
    method: 'textDocument/formatting',
    params: (place) => ({ ...about(place), options }),
  },
  {
    name: 'formatting a range',
    method: 'textDocument/rangeFormatting',
    params: (place) => ({ ...all(place), options }),
  },
  {
    name: 'formatting on type',
    method: 'textDocument/onTypeFormatting',
    params: (place) => ({ ...at(place), ch: '}', options }),
  },
  ...hierarchy(),
  {
    name: 'model at the cursor',
    method: 'archlens/modelAt',
    params: ({ uri, position: { line } }) => ({ uri, line }),
  },
  { name: 'totals', method: 'archlens/modelTotals', params: aboutModel },
  { name: 'details of a score', method: 'archlens/scoreDetails', params: aboutModel },
  {
    name: 'insight',
    method: 'archlens/insight',
    params: (place) => ({ ...aboutModel(place), compute: false }),
  },
  { name: 'contributions', method: 'archlens/contributions', params: ({ uri }) => ({ uri }) },
  { name: 'picture', method: 'archlens/picture', params: aboutModel },
];

/** What is asked about what the call hierarchy found at the cursor. */
function hierarchy(): TextRequest[] {
  return ['incomingCalls', 'outgoingCalls'].map((method) => ({
    name: method === 'incomingCalls' ? 'incoming calls' : 'outgoing calls',
    method: `callHierarchy/${method}`,
    params: ({ uri, position }, before) => {
      const [found] = (before.get('call hierarchy') as object[] | null) ?? [];
      const range = { start: position, end: position };
      return { item: found ?? { name: 'M', kind: 5, uri, range, selectionRange: range } };
    },
  }));
}
