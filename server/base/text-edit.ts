/** The replacement of `[start, end)` of the old text by `length` characters. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/** Where a position of the old text is after an edit. A position inside the replaced text moves to its start. */
export function moved(offset: number, edit: TextEdit): number {
  if (offset < edit.start) return offset;
  if (offset >= edit.end) return offset + edit.length - (edit.end - edit.start);
  return edit.start;
}
