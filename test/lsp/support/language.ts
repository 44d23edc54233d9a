// Helpers for the language features: snippets with marks go in, what an editor would show or write comes out.
import { expect } from 'vitest';
import {
  CompletionRequest,
  CompletionResolveRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SignatureHelpRequest,
} from 'vscode-languageserver-protocol/node';
import type {
  CompletionItem,
  CompletionList,
  Location,
  Position,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { plainText } from '../../../server/lsp/features/completion/item.ts';
import type { OpenDocument, TestClient } from './client.ts';

let files = 0;

/** A document with the cursor at `‸`. */
export interface Placed {
  readonly document: OpenDocument;
  readonly position: Position;
}

export async function openAt(client: TestClient, source: string, file?: string): Promise<Placed> {
  const offset = source.indexOf('‸');
  if (offset === -1) throw new Error('There is no cursor in the snippet.');
  files += 1;
  const document = await client.open(file ?? `language-${files}.arch`, source.replace('‸', ''));
  return { document, position: document.document.positionAt(offset) };
}

export async function complete(
  { document, position }: Placed,
  trigger?: string,
): Promise<readonly CompletionItem[]> {
  const list = (await document.client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri: document.uri },
    position,
    context: trigger === undefined ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter: trigger },
  })) as CompletionList | null;
  return (list?.items ?? []).toSorted((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
}

export interface Completion {
  /** The first of those that begin with what is typed. */
  readonly first?: readonly string[];
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
  /** Accepting the first item of this label gives this text. */
  readonly accept?: readonly [label: string, text: string];
}

/** What an editor lists at `‸`: items whose filter text begins with the word before it. */
export async function expectCompletion(
  client: TestClient,
  source: string,
  { first = [], has = [], lacks = [], accept }: Completion,
  file?: string,
): Promise<readonly CompletionItem[]> {
  const placed = await openAt(client, source, file);
  const items = await complete(placed);
  const typed = (item: CompletionItem): string =>
    placed.document.document.getText({
      start: (item.textEdit as TextEdit).range.start,
      end: placed.position,
    });
  const listed = items.filter((item) => (item.filterText ?? item.label).startsWith(typed(item)));
  const labels = listed.map(({ label }) => label);
  expect(labels.slice(0, first.length), source).toEqual(first);
  expect(labels, source).toEqual(expect.arrayContaining([...has]));
  expect(
    labels.filter((label) => lacks.includes(label)),
    source,
  ).toEqual([]);
  if (accept !== undefined) {
    const item = listed.find(({ label }) => label === accept[0]);
    expect(item, `${accept[0]} among ${labels.join(', ')}`).toBeDefined();
    expect(accepted(placed.document, item!)).toBe(accept[1]);
  }
  await placed.document.close();
  return listed;
}

/** The text after accepting an item, snippets as they are inserted. */
export function accepted(document: OpenDocument, item: CompletionItem): string {
  const edit = item.textEdit as TextEdit;
  const newText = item.insertTextFormat === 2 ? plainText(edit.newText) : edit.newText;
  return TextDocument.applyEdits(document.document, [
    { ...edit, newText },
    ...(item.additionalTextEdits ?? []),
  ]);
}

export async function documentationOf(client: TestClient, item: CompletionItem): Promise<string> {
  const { documentation } = await client.connection.sendRequest(CompletionResolveRequest.type, item);
  return typeof documentation === 'object' ? documentation.value : (documentation ?? '');
}

/** The signature at `‸`, the parameter that is written in brackets: `conv([out], kernel, …)`. */
export async function expectSignature(
  client: TestClient,
  source: string,
  expected: string | null,
): Promise<void> {
  const { document, position } = await openAt(client, source);
  const help = await client.connection.sendRequest(SignatureHelpRequest.type, {
    textDocument: { uri: document.uri },
    position,
  });
  const signature = help?.signatures[0];
  const place = signature?.parameters?.[help?.activeParameter ?? -1]?.label as [number, number] | undefined;
  const text =
    signature === undefined
      ? null
      : place === undefined
        ? signature.label
        : `${signature.label.slice(0, place[0])}[${signature.label.slice(...place)}]${signature.label.slice(place[1])}`;
  expect(text, source).toBe(expected);
  await document.close();
}

/** Uses of the name at `‸`, as `file:line:column`, first line and column 1. */
export async function usesAt(
  { document, position }: Placed,
  includeDeclaration = true,
): Promise<readonly string[]> {
  const found: readonly Location[] =
    (await document.client.connection.sendRequest(ReferencesRequest.type, {
      textDocument: { uri: document.uri },
      position,
      context: { includeDeclaration },
    })) ?? [];
  return found
    .map(
      ({ uri, range: { start } }) =>
        `${uri.slice(uri.lastIndexOf('/') + 1)}:${start.line + 1}:${start.character + 1}`,
    )
    .sort();
}

/** The edits of a rename by URI, or why there is none. */
export async function renameAt(
  { document, position }: Placed,
  newName: string,
): Promise<Readonly<Record<string, TextEdit[]>> | string> {
  const { connection } = document.client;
  const at = { textDocument: { uri: document.uri }, position };
  try {
    await connection.sendRequest(PrepareRenameRequest.type, at);
    const edit: WorkspaceEdit | null = await connection.sendRequest(RenameRequest.type, { ...at, newName });
    return edit?.changes ?? {};
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Renaming the name at `‸` gives this text of the same file, or is refused with this message. */
export async function expectRename(
  client: TestClient,
  source: string,
  newName: string,
  expected: string | RegExp,
): Promise<void> {
  const placed = await openAt(client, source);
  const edits = await renameAt(placed, newName);
  if (typeof expected === 'string') {
    expect(edits, source).toBeTypeOf('object');
    const own = typeof edits === 'string' ? [] : (edits[placed.document.uri] ?? []);
    expect(TextDocument.applyEdits(placed.document.document, own)).toBe(expected);
  } else expect(edits, source).toMatch(expected);
  await placed.document.close();
}
