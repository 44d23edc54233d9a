import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDiagnosticCode } from '../../../language/check/codes.ts';

/** Where the entry of a diagnostic's code can be read; nowhere for codes without one. */
export class Documentation {
  #command: string | undefined;
  #file: string | undefined;

  /** @param command of a client that shows entries itself, called with the code; without it the shipped page is linked */
  initialize(command: string | undefined): void {
    this.#command = command;
    if (command !== undefined) return;
    const up = import.meta.filename.endsWith('.ts') ? '../../../..' : '..';
    const file = join(import.meta.dirname, up, 'docs', 'diagnostics.md');
    if (existsSync(file)) this.#file = pathToFileURL(file).href;
  }

  of(code: string): string | undefined {
    if (!isDiagnosticCode(code)) return undefined;
    if (this.#command !== undefined)
      return `command:${this.#command}?${encodeURIComponent(JSON.stringify([code]))}`;
    return this.#file === undefined ? undefined : `${this.#file}#${code}`;
  }
}
