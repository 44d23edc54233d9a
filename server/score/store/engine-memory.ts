import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import * as v from 'valibot';
import type { EngineChoice, EngineInfo } from '../../engine/engine.ts';
import { workerModule } from '../../engine/process/worker-module.ts';
import { EntryFolder } from './entry-folder.ts';
import { engineInfo } from './stored-outcome.ts';

/** What decides which engine will run: the user's choice, and the build of the engine process. */
export interface EngineSource {
  readonly choice: EngineChoice;
  readonly modulePath: string;
}

/** Recalls, and learns, which engine the current choice and build lead to. */
export interface ExpectedEngine {
  recall(): Promise<EngineInfo | undefined>;
  learn(info: EngineInfo): Promise<void>;
}

/** Entries are about 200 bytes; a few builds and choices fit by far (bytes). */
const limit = 2 ** 20;

/**
 * Remembers which engine the same choice led to before. Results are stored under the engine that made them; with this
 * they are found before an engine runs, and without starting one.
 */
export class EngineMemory {
  readonly #entries: EntryFolder | undefined;
  readonly #known = new Map<string, EngineInfo>();

  /** @param folder absent: for the life of this process only */
  constructor(folder?: string) {
    this.#entries = folder === undefined ? undefined : new EntryFolder(folder, limit);
  }

  /** @param source asked each time: the choice may change */
  expected(source: () => EngineSource): ExpectedEngine {
    return { recall: () => this.recall(source()), learn: (info) => this.learn(source(), info) };
  }

  async recall(source: EngineSource): Promise<EngineInfo | undefined> {
    const key = keyOf(source);
    const known = this.#known.get(key);
    if (known !== undefined || this.#entries === undefined) {
      return known;
    }
    try {
      const parsed = v.safeParse(engineInfo, await this.#entries.read(key));
      if (!parsed.success) {
        return undefined;
      }
      this.#known.set(key, parsed.output);
      return parsed.output;
    } catch {
      // An unreadable folder counts as empty; the score store reports it.
      return undefined;
    }
  }

  async learn(source: EngineSource, info: EngineInfo): Promise<void> {
    const key = keyOf(source);
    if (JSON.stringify(this.#known.get(key)) === JSON.stringify(info)) {
      return;
    }
    this.#known.set(key, info);
    try {
      await this.#entries?.write(key, info);
    } catch {
      // Known for the life of this process; the score store reports the folder.
    }
  }
}

function keyOf({ choice, modulePath }: EngineSource): string {
  const build = [modulePath, workerModule(modulePath)].flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return [found?.size, found?.mtimeMs];
  });
  return createHash('sha256')
    .update(JSON.stringify([choice, ...build]))
    .digest('hex');
}
