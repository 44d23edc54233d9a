import type { Diagnostic } from '../../../language/analysis.ts';
import type { Span } from '../../../../grammar/syntax.ts';
import { moved, type TextEdit } from '../../../base/text-edit.ts';

/** Diagnostics that are found some time after a text was checked, by document; they move with the text meanwhile. */
export class LateDiagnostics {
  readonly #found = new Map<string, readonly Diagnostic[]>();

  of(uri: string): readonly Diagnostic[] {
    return this.#found.get(uri) ?? [];
  }

  /** @returns whether they are others than before */
  set(uri: string, found: readonly Diagnostic[]): boolean {
    const before = JSON.stringify(this.of(uri));
    if (found.length === 0) this.#found.delete(uri);
    else this.#found.set(uri, found);
    return JSON.stringify(found) !== before;
  }

  edit(uri: string, edits: readonly TextEdit[]): void {
    const found = this.#found.get(uri);
    if (found === undefined) return;
    const place = ({ start, end }: Span): Span => ({
      start: edits.reduce(moved, start),
      end: edits.reduce(moved, end),
    });
    this.#found.set(
      uri,
      found.map((each) => ({ ...each, location: { ...each.location, span: place(each.location.span) } })),
    );
  }
}
