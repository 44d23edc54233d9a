import type { Position, Range } from 'vscode-languageserver-protocol/node';

/** A place that a request is about. */
export interface Place {
  readonly uri: string;
  readonly position: Position;
  readonly range: Range;
  /** For what is asked by number. */
  readonly luck: number;
}

const options = { tabSize: 2, insertSpaces: true };
const document = ({ uri }: Place): object => ({ textDocument: { uri } });
const at = ({ uri, position }: Place): object => ({ textDocument: { uri }, position });
const within = ({ uri, range }: Place): object => ({ textDocument: { uri }, range });

const model = ({ uri, luck }: Place): object => ({
  uri,
  model: luck < 0.7 ? 'M' : luck < 0.85 ? 'A' : 'constructor',
});
const bare = (): object => ({});

/** Requests by method, with the parameters they take for a place. */
export const requests: Readonly<Record<string, (place: Place) => object>> = {
  'textDocument/hover': at,
  'textDocument/completion': (place) => ({
    ...at(place),
    context: place.luck < 0.5 ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter: '(' },
  }),
  'textDocument/signatureHelp': at,
  'textDocument/definition': at,
  'textDocument/references': (place) => ({ ...at(place), context: { includeDeclaration: place.luck < 0.5 } }),
  'textDocument/documentHighlight': at,
  'textDocument/documentSymbol': document,
  'textDocument/codeAction': (place) => ({ ...within(place), context: { diagnostics: [] } }),
  'textDocument/codeLens': document,
  'textDocument/documentLink': document,
  'textDocument/formatting': (place) => ({ ...document(place), options }),
  'textDocument/rangeFormatting': (place) => ({ ...within(place), options }),
  'textDocument/onTypeFormatting': (place) => ({ ...at(place), ch: place.luck < 0.5 ? '\n' : '}', options }),
  'textDocument/prepareRename': at,
  'textDocument/rename': (place) => ({ ...at(place), newName: newName(place.luck) }),
  'textDocument/foldingRange': document,
  'textDocument/selectionRange': (place) => ({
    ...document(place),
    positions: [place.position, place.range.start],
  }),
  'textDocument/prepareCallHierarchy': at,
  'textDocument/semanticTokens/full': document,
  'textDocument/semanticTokens/full/delta': (place) => ({
    ...document(place),
    previousResultId: String(Math.floor(10 * place.luck)),
  }),
  'textDocument/semanticTokens/range': within,
  'textDocument/inlayHint': within,
  'textDocument/linkedEditingRange': at,
  'workspace/symbol': ({ luck }) => ({ query: luck < 0.3 ? '' : newName(luck) }),
  'archlens/modelAt': ({ uri, position }) => ({ uri, line: position.line }),
  'archlens/scoreDetails': model,
  'archlens/scoreNow': (place) => (place.luck < 0.5 ? model(place) : { uri: place.uri }),
  'archlens/stopScoring': bare,
  'archlens/insight': model,
  'archlens/contributions': ({ uri }) => ({ uri }),
  'archlens/picture': model,
  'archlens/modelTotals': model,
  'archlens/alternatives/open': ({ uri, position }) => ({ uri, position }),
  'archlens/alternatives/close': ({ luck }) => ({ id: Math.floor(10 * luck) }),
  'archlens/improve': (place) => ({ ...model(place), steps: 2, budget: { maxParams: 1e6, maxMacs: 1e9 } }),
  'archlens/ranking/open': bare,
  'archlens/ranking/start': bare,
  'archlens/ranking/stop': bare,
  'archlens/ranking/mergeTasks': ({ luck }) => ({ merge: luck < 0.5 }),
  'archlens/ranking/score': ({ uri, luck }) => ({ ids: [JSON.stringify([uri, luck < 0.5 ? 'M' : 'A'])] }),
  'archlens/ranking/proxies': ({ luck }) => ({ names: luck < 0.5 ? [] : ['macs', 'naswot', 'constructor'] }),
};

export const methods = Object.keys(requests);

function newName(luck: number): string {
  const names = ['fresh_name', 'relu', 'constructor', '__proto__', 'x', 'M', '', 'é', 'model', 'A'];
  return names[Math.floor(luck * names.length)]!;
}
