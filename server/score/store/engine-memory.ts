import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { EngineChoice, EngineInfo } from '../../engine/engine.ts';
import { workerModule } from '../../engine/process/worker-module.ts';
import { engineInfo } from '../../engine/info-schema.ts';
import { openStore, type Store, type StoreKind, type StorePlace } from '../../store/store.ts';

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

const kind: StoreKind<EngineInfo> = { name: 'engines', schema: engineInfo, capacity: 100 };

/**
 * Remembers which engine the same choice led to before. Results are stored under the engine that made them; with this
 * they are found before an engine runs, and without starting one.
 */
export class EngineMemory {
  readonly #store: Store<EngineInfo>;

  /** @param place absent: for the life of this process only */
  constructor(place?: StorePlace) {
    this.#store = openStore(kind, place);
  }

  /** @param source asked each time: the choice may change */
  expected(source: () => EngineSource): ExpectedEngine {
    return { recall: () => this.recall(source()), learn: (info) => this.learn(source(), info) };
  }

  async recall(source: EngineSource): Promise<EngineInfo | undefined> {
    return await this.#store.get(keyOf(source));
  }

  async learn(source: EngineSource, info: EngineInfo): Promise<void> {
    const key = keyOf(source);
    if (!isDeepStrictEqual(await this.#store.get(key), info)) await this.#store.set(key, info);
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
