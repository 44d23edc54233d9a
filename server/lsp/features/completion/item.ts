import type { CompletionItemKind, TextEdit } from 'vscode-languageserver/node';

/** What a details request has to find again. */
export type Details =
  | { readonly of: 'op'; readonly name: string }
  | { readonly of: 'declaration'; readonly uri: string; readonly start: number }
  | { readonly of: 'keyword' | 'function'; readonly name: string };

/** Groups of a list, the most wanted first. */
export const ranks = {
  /** Continues the statement before: `else`, `shortcut`. */
  continuing: 0,
  /** What the place asks for. */
  expected: 1,
  /** Names of this body. */
  local: 2,
  /** Names of this file, and imported ones. */
  file: 3,
  op: 4,
  keyword: 5,
  snippet: 6,
  /** Ops that only move what is there: of `resi`, `residual` is meant more often than `resize`. */
  layout: 7,
  /** From another file, with the import. */
  foreign: 8,
  /** Legal words, but not for the tensor at hand. */
  unfitting: 9,
} as const;

/** A suggestion, before it is fitted to the word at the cursor. */
export interface Suggestion {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly rank: number;
  /** Behind the label: a signature. */
  readonly signature?: string;
  /** At the right: where it comes from, why it does not fit. */
  readonly description?: string;
  /** Inserted text; `snippet` has stops. Absent: the label. */
  readonly insert?: string;
  readonly snippet?: string;
  /** What is typed to find it; absent: the label. */
  readonly filter?: string;
  readonly documentation?: string;
  readonly details?: Details;
  readonly edits?: readonly TextEdit[];
  readonly preselect?: boolean;
  /** What comes after accepting it deserves suggestions of its own. */
  readonly again?: boolean;
}

/** `(16, 3x3)` of a snippet with its stops replaced by what they suggest. */
export function plainText(snippet: string): string {
  let text = snippet;
  for (let before = ''; before !== text;) {
    before = text;
    text = text
      .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, '$1')
      .replaceAll(/\$\{\d+:([^${}]*)\}/g, '$1')
      .replaceAll(/\$\{?\d+\}?/g, '');
  }
  return text.replaceAll('\\$', '$').replaceAll('\\}', '}');
}
