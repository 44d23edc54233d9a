import type { Position } from 'vscode-languageserver-protocol';

/** A question an editor asks about a document. */
export interface TextRequest {
  readonly name: string;
  readonly method: string;
  /** @param before answers to the questions before it, by their names */
  readonly params: (place: Place, before: ReadonlyMap<string, unknown>) => object;
}

/** Where the cursor is: in the middle of a text, at the first letter of its line. */
export interface Place {
  readonly uri: string;
  readonly position: Position;
  readonly end: Position;
}

const options = { tabSize: 2, insertSpaces: true };
const at = ({ uri, position }: Place): object => ({ textDocument: { uri }, position });
const about = ({ uri }: Place): object => ({ textDocument: { uri } });
const all = ({ uri, end }: Place): { textDocument: object; range: object } => ({
  textDocument: { uri },
  range: { start: { line: 0, character: 0 }, end },
});

/** Every request that the server answers about a text. The first one waits for the analysis of what was typed. */
export const textRequests: readonly TextRequest[] = [
  { name: 'symbols after a keystroke', method: 'textDocument/documentSymbol', params: about },
  { name: 'completion', method: 'textDocument/completion', params: at },
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
];
