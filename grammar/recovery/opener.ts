import type { IToken, TokenType } from 'chevrotain';

/** A bracket that is open. */
export interface Opener {
  readonly token: IToken;
  readonly close: TokenType;
  /** What the bracket holds, for messages. */
  readonly what: string;
  /** Of the construct a brace belongs to. */
  readonly keyword: TokenType | undefined;
  /** Column of the first token of the line the construct starts in. */
  readonly indent: number;
  /** Inserted, and reported then. */
  readonly inserted: boolean;
  /** Where in the output a line starts that cannot belong to the group. */
  breakAt?: number;
}
