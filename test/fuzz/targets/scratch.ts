import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder that is made when it is needed, and removed at the end. */
export class Scratch {
  #folder: string | undefined;

  get folder(): string {
    if (this.#folder === undefined) {
      const made = mkdtempSync(join(tmpdir(), 'archlens-fuzz-'));
      this.#folder = made;
      process.once('exit', () => {
        rmSync(made, { recursive: true, force: true });
      });
    }
    return this.#folder;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  clear(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}
