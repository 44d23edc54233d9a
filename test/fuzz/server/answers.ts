// What must hold for the answers of a language server, whatever was asked.
import type {
  Position,
  Range,
  SemanticTokens,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ensure } from '../target.ts';

/** The text of a document by its address; undefined for one that is not open. */
export type Documents = (uri: string) => TextDocument | undefined;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isPosition(value: unknown): value is Position {
  return isRecord(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number';
}

function isRange(value: unknown): value is Range {
  return isRecord(value) && isPosition(value['start']) && isPosition(value['end']);
}

function isInside({ line, character }: Position, document: TextDocument): boolean {
  if (!(Number.isInteger(line) && Number.isInteger(character) && line >= 0 && character >= 0)) return false;
  if (line >= document.lineCount) return false;
  const { line: same, character: clamped } = document.positionAt(document.offsetAt({ line, character }));
  // Behind the end of its line, a position is moved to it.
  return same === line && clamped === character;
}

/** Every range of an answer is within the document that it is of. */
export function ensureInside(method: string, answer: unknown, own: TextDocument, documents: Documents): void {
  const visit = (value: unknown, document: TextDocument | undefined): void => {
    if (!isRecord(value)) return;
    if (Array.isArray(value)) {
      for (const element of value as readonly unknown[]) visit(element, document);
      return;
    }
    if (isRange(value)) {
      if (document === undefined) return;
      const isSound =
        isInside(value.start, document) &&
        isInside(value.end, document) &&
        document.offsetAt(value.start) <= document.offsetAt(value.end);
      ensure(isSound, `A range of an answer to ${method} is outside its document.`, () => [
        value,
        document.getText().slice(0, 500),
      ]);
      return;
    }
    const uri = value['uri'] ?? value['targetUri'];
    const inner = typeof uri === 'string' ? (uri === own.uri ? own : documents(uri)) : document;
    for (const [field, child] of Object.entries(value)) {
      if (field === 'changes' && isRecord(child) && !Array.isArray(child))
        for (const [of, edits] of Object.entries(child)) visit(edits, of === own.uri ? own : documents(of));
      else visit(child, field === 'originSelectionRange' ? own : inner);
    }
  };
  visit(answer, own);
}

/** Tokens are in order, on lines that are there. */
export function ensureTokens(answer: unknown, document: TextDocument): void {
  if (!isRecord(answer) || !Array.isArray(answer['data'])) return;
  const { data } = answer as unknown as SemanticTokens;
  ensure(data.length % 5 === 0, 'Semantic tokens are not five numbers each.');
  let [line, character, end] = [0, 0, 0];
  for (let index = 0; index < data.length; index += 5) {
    const [lines, characters, length] = data.slice(index, index + 3) as [number, number, number];
    if (lines > 0) [character, end] = [0, 0];
    line += lines;
    character += characters;
    ensure(character >= end && length > 0, 'Semantic tokens overlap, or are empty.');
    end = character + length;
    ensure(isInside({ line, character: end }, document), 'A semantic token is outside its document.');
  }
}

/** The text after edits, which must not overlap. */
export function edited(document: TextDocument, edits: readonly TextEdit[], what: string): string {
  try {
    return TextDocument.applyEdits(document, [...edits]);
  } catch {
    ensure(false, `Edits of ${what} overlap.`, () => edits);
  }
}

/** Texts by address after an edit of several documents. */
export function applied(
  edit: WorkspaceEdit,
  documents: readonly TextDocument[],
  what: string,
): ReadonlyMap<string, string> {
  return new Map(
    documents.map((document) => [document.uri, edited(document, edit.changes?.[document.uri] ?? [], what)]),
  );
}
