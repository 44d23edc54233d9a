import { boundNames } from '../../../grammar/bound-names.ts';
import type { Body, InstanceDecl, Item, SourceFile, Span } from '../../../grammar/syntax.ts';
import { blockSignature } from '../values/arguments.ts';
import { expressionText } from '../../../grammar/print/expression.ts';

/** A node of the outline. */
export interface DocumentSymbol {
  readonly name: string;
  readonly kind: 'model' | 'space' | 'block' | 'cell' | 'let' | 'tensor' | 'edge';
  /** Signature, value or number of edges. */
  readonly detail: string;
  readonly span: Span;
  /** The name alone. */
  readonly selectionSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

/** The outline of a file: its declarations, and inside them lets, named tensors and edges. */
export function documentSymbols(file: SourceFile): DocumentSymbol[] {
  return file.items.flatMap((item) => {
    const symbol = itemSymbol(item);
    return symbol === undefined ? [] : [symbol];
  });
}

function itemSymbol(item: Item): DocumentSymbol | undefined {
  if (item.kind === 'import' || item.name.name === '') return undefined;
  const base = { name: item.name.name, span: item.span, selectionSpan: item.name.span };
  switch (item.kind) {
    case 'let':
      return { ...base, kind: 'let', detail: expressionText(item.value, 60), children: [] };
    case 'block':
      return { ...base, kind: 'block', detail: blockSignature(item), children: bodySymbols(item.body) };
    case 'cell': {
      const { definition } = item;
      if (definition.kind !== 'edges') return { ...base, kind: 'cell', detail: 'genotype', children: [] };
      const children = definition.edges.map((edge): DocumentSymbol => ({
        name: `${expressionText(edge.from, 40)} -> ${edge.to.value}`,
        kind: 'edge',
        detail: '',
        span: edge.span,
        selectionSpan:
          edge.from.span.start <= edge.to.span.end
            ? { start: edge.from.span.start, end: edge.to.span.end }
            : edge.span,
        children: [],
      }));
      return {
        ...base,
        kind: 'cell',
        detail: `${children.length} ${children.length === 1 ? 'edge' : 'edges'}`,
        children,
      };
    }
    case 'instance':
      return { ...base, kind: 'model', detail: instanceText(item), children: [] };
    case 'model':
    case 'space': {
      const input = item.body.statements.find((statement) => statement.kind === 'input');
      const shape = input === undefined ? '' : expressionText(input.shape, 30);
      const parameters = item.kind === 'model' && item.params.length > 0 ? blockSignature(item) : '';
      const detail = parameters === '' ? shape : parameters;
      return { ...base, kind: item.kind, detail, children: bodySymbols(item.body) };
    }
  }
}

/** `ResNet([3, 4, 6, 3], Bottleneck)` */
function instanceText({ of: { callee, called, args } }: InstanceDecl): string {
  return called ? expressionText({ kind: 'call', callee, args }, 60) : callee.name;
}

/** Lets and named tensors at any depth of a body, in the order of the text. */
function bodySymbols(root: Body): DocumentSymbol[] {
  const symbols: DocumentSymbol[] = [];
  const pending: Body[] = [root];
  for (let body = pending.pop(); body !== undefined; body = pending.pop()) {
    const inner: Body[] = [];
    for (const statement of body.statements) {
      switch (statement.kind) {
        case 'let':
          if (statement.name.name === '') break;
          symbols.push({
            name: statement.name.name,
            kind: 'let',
            detail: expressionText(statement.value, 60),
            span: statement.span,
            selectionSpan: statement.name.span,
            children: [],
          });
          break;
        case 'flow-statement':
          for (const { name, span } of boundNames(statement)) {
            if (name === '') continue;
            symbols.push({
              name,
              kind: 'tensor',
              detail: '',
              span: statement.names === undefined ? statement.span : span,
              selectionSpan: span,
              children: [],
            });
          }
          for (const element of statement.flow.elements) {
            if (element.kind === 'residual') {
              inner.push(element.body, ...(element.shortcut === undefined ? [] : [element.shortcut]));
            } else if (element.kind === 'parallel') inner.push(...element.branches);
          }
          break;
        case 'repeat':
        case 'for':
          inner.push(statement.body);
          break;
        case 'if':
          inner.push(statement.body, ...(statement.otherwise === undefined ? [] : [statement.otherwise]));
          break;
        case 'input':
        case 'classes':
        case 'constraint':
          break;
      }
    }
    pending.push(...inner);
  }
  return symbols.sort((a, b) => a.span.start - b.span.start);
}
