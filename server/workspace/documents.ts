import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { sameUri } from '../base/uris.ts';
import { differenceOf } from '../base/text-difference.ts';
import type { TextEdit } from '../base/text-edit.ts';

/** What has happened to an open document. */
export interface DocumentChange {
  readonly uri: string;
  readonly kind: 'opened' | 'changed' | 'closed';
  /** In the order in which they happened, each relative to the text after the one before. */
  readonly edits: readonly TextEdit[];
}

/** Open documents, kept in step with the editor change by change. Any spelling of a URI finds them. */
export class Documents {
  private readonly open = new Map<string, TextDocument>();
  private readonly listeners: ((change: DocumentChange) => void)[] = [];

  onChange(listener: (change: DocumentChange) => void): void {
    this.listeners.push(listener);
  }

  get(uri: string): TextDocument | undefined {
    return this.open.get(sameUri(uri));
  }

  /** Their own `uri` is spelled as the editor does. */
  all(): readonly TextDocument[] {
    return [...this.open.values()];
  }

  didOpen(uri: string, languageId: string, version: number, text: string): void {
    this.open.set(sameUri(uri), TextDocument.create(uri, languageId, version, text));
    this.tell({ uri, kind: 'opened', edits: [] });
  }

  /** Ignored for a document that is not open. */
  didChange(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
    let document = this.get(uri);
    if (document === undefined) return;
    const edits: TextEdit[] = [];
    for (const change of changes) {
      edits.push(editOf(document, change));
      document = TextDocument.update(document, [change], version);
    }
    this.open.set(sameUri(uri), document);
    this.tell({ uri, kind: 'changed', edits });
  }

  didClose(uri: string): void {
    if (this.open.delete(sameUri(uri))) this.tell({ uri, kind: 'closed', edits: [] });
  }

  private tell(change: DocumentChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

function editOf(document: TextDocument, change: TextDocumentContentChangeEvent): TextEdit {
  if (!('range' in change)) return replaced(document.getText(), change.text);
  const start = document.offsetAt(change.range.start);
  const end = document.offsetAt(change.range.end);
  return { start: Math.min(start, end), end: Math.max(start, end), length: change.text.length };
}

/** What really changed when the whole text was sent: all but the common beginning and end. */
function replaced(before: string, after: string): TextEdit {
  const { start, end, shift } = differenceOf(before, after);
  return { start, end, length: end - start + shift };
}
