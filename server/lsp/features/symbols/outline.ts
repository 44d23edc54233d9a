import { SymbolKind } from 'vscode-languageserver/node';
import type { DocumentSymbol as LspSymbol } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DocumentSymbol } from '../../../language/analysis.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened } from '../../session.ts';

export const symbolKinds: Readonly<Record<DocumentSymbol['kind'], SymbolKind>> = {
  model: SymbolKind.Class,
  space: SymbolKind.Enum,
  block: SymbolKind.Function,
  cell: SymbolKind.Struct,
  let: SymbolKind.Constant,
  tensor: SymbolKind.Variable,
  edge: SymbolKind.Event,
};

/** Declarations, and in them values, named tensors and edges. */
export function documentSymbols({ document, analysis }: Opened): LspSymbol[] {
  return analysis.symbols().map((symbol) => lspSymbol(document, symbol));
}

function lspSymbol(document: TextDocument, symbol: DocumentSymbol): LspSymbol {
  const { name, detail, kind, span, selectionSpan, children } = symbol;
  return {
    name,
    detail,
    kind: symbolKinds[kind],
    range: rangeOf(document, span),
    selectionRange: rangeOf(document, selectionSpan),
    children: children.map((child) => lspSymbol(document, child)),
  };
}
