import type { ServerCapabilities } from 'vscode-languageserver/node';
import { codeActionKinds, codeActions } from './features/code-actions/code-actions.ts';
import {
  formatDocument,
  formatRange,
  formatTyped,
  typedCharacters,
} from './features/formatting/formatting.ts';
import type { Session } from './session.ts';

export const editingCapabilities = {
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: {
    firstTriggerCharacter: typedCharacters[0],
    moreTriggerCharacter: [...typedCharacters.slice(1)],
  },
  codeActionProvider: { codeActionKinds: [...codeActionKinds] },
} satisfies ServerCapabilities;

/** What changes texts: formatting and code actions. */
export class EditingFeatures {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  listen(): void {
    const session = this.#session;
    const { connection } = session;
    connection.onDocumentFormatting(
      session.guard('Formatting', null, ({ textDocument }) => {
        const opened = session.opened(textDocument.uri);
        return opened === undefined ? null : formatDocument(opened);
      }),
    );
    connection.onDocumentRangeFormatting(
      session.guard('Formatting a range', null, ({ textDocument, range }) => {
        const opened = session.opened(textDocument.uri);
        return opened === undefined ? null : formatRange(opened, range);
      }),
    );
    connection.onDocumentOnTypeFormatting(
      session.guard('Formatting on type', null, ({ textDocument, position, ch }) => {
        const opened = session.opened(textDocument.uri);
        return opened === undefined ? null : formatTyped(opened, position, ch);
      }),
    );
    connection.onCodeAction(
      session.guard('Code actions', null, async (params) => {
        const opened = session.opened(params.textDocument.uri);
        return opened === undefined ? null : await codeActions(session, opened, params);
      }),
    );
  }
}
