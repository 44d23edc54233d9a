import { boundNames } from '../../../grammar/bound-names.ts';
import type { Body, Flow, Identifier, Item, SourceFile, Span, Statement } from '../../../grammar/syntax.ts';
import { inputsOf, isParametric, kindOf } from './templates.ts';

export type DeclaredKind =
  'model' | 'space' | 'block' | 'cell' | 'let' | 'parameter' | 'local let' | 'loop variable' | 'tensor';

/** A name and where the text declares it. */
export interface DeclaredName {
  readonly kind: DeclaredKind;
  readonly name: string;
  /** Of the name alone. */
  readonly span: Span;
  /** The top-level declaration it is, or stands in. */
  readonly item: Item;
}

const cache = new WeakMap<SourceFile, ReadonlyMap<number, DeclaredName>>();

/** Every name a file declares, at any depth, by the offset it starts at. */
export function declaredNames(file: SourceFile): ReadonlyMap<number, DeclaredName> {
  let names = cache.get(file);
  if (names === undefined) {
    names = collect(file);
    cache.set(file, names);
  }
  return names;
}

function collect(file: SourceFile): Map<number, DeclaredName> {
  const names = new Map<number, DeclaredName>();
  for (const item of file.items) {
    if (item.kind === 'import') continue;
    const add = (kind: DeclaredKind, { name, span }: Identifier): void => {
      if (name !== '') names.set(span.start, { kind, name, span, item });
    };
    add(kindOf(item), item.name);
    if (isParametric(item)) {
      for (const name of inputsOf(item)) add('tensor', name);
      for (const { name } of item.params) add('parameter', name);
    }
    const pending: Body[] = 'body' in item ? [item.body] : [];
    if (item.kind === 'cell' && item.definition.kind === 'edges')
      for (const { flow } of item.definition.edges) pending.push(...bodiesOf(flow));
    // A list of what is left to do: bodies nest as deep as the text likes.
    for (let body = pending.pop(); body !== undefined; body = pending.pop())
      for (const statement of body.statements) pending.push(...inside(statement, add));
  }
  return names;
}

/** Notes the names of a statement and gives the bodies in it. */
function inside(statement: Statement, add: (kind: DeclaredKind, name: Identifier) => void): readonly Body[] {
  switch (statement.kind) {
    case 'let':
      add('local let', statement.name);
      return [];
    case 'flow-statement':
      for (const name of boundNames(statement)) add('tensor', name);
      return bodiesOf(statement.flow);
    case 'repeat':
      if (statement.variable !== undefined) add('loop variable', statement.variable);
      return [statement.body];
    case 'for':
      for (const name of statement.pattern) add('loop variable', name);
      return [statement.body];
    case 'if':
      return statement.otherwise === undefined ? [statement.body] : [statement.body, statement.otherwise];
    case 'input':
    case 'classes':
    case 'constraint':
      return [];
  }
}

function bodiesOf({ elements }: Flow): readonly Body[] {
  return elements.flatMap((element) => {
    if (element.kind === 'parallel') return element.branches;
    if (element.kind !== 'residual') return [];
    return element.shortcut === undefined ? [element.body] : [element.body, element.shortcut];
  });
}
