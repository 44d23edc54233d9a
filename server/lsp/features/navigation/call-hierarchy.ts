import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  Position,
  Range,
} from 'vscode-languageserver/node';
import type { Item } from '../../../../grammar/syntax.ts';
import { blockSignature } from '../../../language/values/arguments.ts';
import { around } from '../../../language/cursor/lookup.ts';
import { declaredNames } from '../../../language/names/declared-names.ts';
import type { DeclaredName } from '../../../language/names/declared-names.ts';
import { isParametric, kindOf } from '../../../language/names/templates.ts';
import type { Module } from '../../../language/names/meaning.ts';
import type { Location } from '../../../network/network.ts';
import { symbolKinds } from '../symbols/outline.ts';
import { rangeOf } from '../../ranges.ts';
import type { Opened, Session } from '../../session.ts';
import { declaredAt, nameAt, usesOf } from '../../uses.ts';
import { shownName } from '../../../language/names/shown-name.ts';

type Callable = Exclude<Item, { kind: 'import' | 'let' }>;

/** The block, cell, model or space that is named at a position. */
export function prepareCalls(
  session: Session,
  opened: Opened,
  position: Position,
): CallHierarchyItem[] | null {
  const found = nameAt(session, opened, position);
  const item = found === undefined ? undefined : callable(found.declared);
  return found === undefined || item === undefined ? null : [hierarchyItem(session, found.target.uri, item)];
}

/** Which declarations of the workspace use a block or cell, and where. */
export async function incomingCalls(
  session: Session,
  item: CallHierarchyItem,
): Promise<CallHierarchyIncomingCall[]> {
  const target = targetOf(session, item);
  if (target === undefined) return [];
  const callers = new Map<Callable, { readonly uri: string; readonly ranges: Range[] }>();
  for (const { uri, span } of await usesOf(session, target)) {
    const module = session.project.module(uri);
    const caller = around(module.parse.file.items, span.start);
    if (caller === undefined || !isCallable(caller) || caller.name.span.start === span.start) continue;
    const ranges = callers.get(caller)?.ranges ?? [];
    ranges.push(rangeOf(session.textOf(uri), span));
    callers.set(caller, { uri, ranges });
  }
  return [...callers].map(([caller, { uri, ranges }]) => ({
    from: hierarchyItem(session, uri, caller),
    fromRanges: ranges,
  }));
}

/** The blocks and cells a declaration uses. */
export function outgoingCalls(session: Session, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
  const target = targetOf(session, item);
  const caller = target === undefined ? undefined : callable(declaredAt(session, target));
  if (target === undefined || caller === undefined) return [];
  const callees = new Map<Callable, { readonly uri: string; readonly ranges: Range[] }>();
  for (const reference of session.project.module(target.uri).references) {
    const { span } = reference;
    if (span.start < caller.span.start || span.end > caller.span.end || span.start === caller.name.span.start)
      continue;
    const callee = callable(declaredAt(session, reference.target));
    if (callee === undefined) continue;
    const ranges = callees.get(callee)?.ranges ?? [];
    ranges.push(rangeOf(session.textOf(target.uri), span));
    callees.set(callee, { uri: reference.target.uri, ranges });
  }
  return [...callees].map(([callee, { uri, ranges }]) => ({
    to: hierarchyItem(session, uri, callee),
    fromRanges: ranges,
  }));
}

function isCallable(item: Item): item is Callable {
  return item.kind !== 'import' && item.kind !== 'let';
}

/** The declaration itself, not a name inside it. */
function callable(declared: DeclaredName | undefined): Callable | undefined {
  if (declared === undefined || !isCallable(declared.item)) return undefined;
  return declared.item.name.span.start === declared.span.start ? declared.item : undefined;
}

function hierarchyItem(session: Session, uri: string, item: Callable): CallHierarchyItem {
  const file = session.textOf(uri);
  return {
    name: shownName(item.name.name),
    kind: symbolKinds[kindOf(item)],
    detail: isParametric(item) && item.params.length > 0 ? blockSignature(item) : kindOf(item),
    uri: file.uri,
    range: rangeOf(file, item.span),
    selectionRange: rangeOf(file, item.name.span),
  };
}

/** The declaration an item stands for, found by name: its text may have moved since the editor got the item. */
function targetOf(session: Session, { uri, name }: CallHierarchyItem): Location | undefined {
  const module: Module = session.project.module(uri);
  for (const declared of declaredNames(module.parse.file).values())
    if (declared.name === name && callable(declared) !== undefined)
      return { uri: module.uri, span: declared.span };
  return undefined;
}
