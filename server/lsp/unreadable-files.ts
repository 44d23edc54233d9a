import { DiagnosticSeverity, type Connection } from 'vscode-languageserver/node';

const atStart = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Files of the workspace that are there and cannot be read: each has a diagnostic of its own that says why. */
export class UnreadableFiles {
  readonly #connection: Connection;
  readonly #reasons = new Map<string, string>();
  readonly #shown = new Map<string, string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @param reason absent: it can be read, or is not there */
  note(uri: string, reason?: string): void {
    if (reason === undefined) this.#reasons.delete(uri);
    else this.#reasons.set(uri, reason);
  }

  /** Sends what has changed since. @param isOpen an open document has diagnostics of its own */
  async publish(isOpen: (uri: string) => boolean): Promise<void> {
    for (const uri of [...this.#shown.keys()].filter((each) => !this.#reasons.has(each))) {
      this.#shown.delete(uri);
      if (!isOpen(uri)) await this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    }
    for (const [uri, reason] of this.#reasons) {
      if (this.#shown.get(uri) === reason) continue;
      this.#shown.set(uri, reason);
      await this.#connection.sendDiagnostics({
        uri,
        diagnostics: [
          {
            source: 'archlens',
            severity: DiagnosticSeverity.Warning,
            message: `This file cannot be read: ${reason}.`,
            range: atStart,
          },
        ],
      });
    }
  }
}
