import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode } from '../base/exit-codes.ts';
import { readBytes } from '../base/read-file.ts';
import { limitFromEnvironment, Watchdog } from '../base/watchdog/watchdog.ts';
import { DocumentWatch } from '../language/watch.ts';
import { storeFolder } from '../store/store-folder.ts';

/** Seconds of processor time in which a server that answers is heard of; a keystroke takes milliseconds. */
const limit = 20;

/** Bytes of the file with digests; a longer one is begun anew. */
const longest = 2 ** 16;

/** The watchdog of a server, and the texts that it has ended servers for. */
export class ServerWatch {
  readonly #watchdog = new Watchdog({ limit: limitFromEnvironment(limit), exitCode: exitCode.fault });
  readonly documents = new DocumentWatch(this.#watchdog);

  /** @param fallback where the folder of the store cannot be written */
  initialize(fallback: string | undefined): void {
    const folder = storeFolder(fallback);
    if (folder === undefined) return;
    const journal = join(folder, 'left-alone');
    this.#watchdog.keepDigests(journal);
    this.documents.leaveAlone(digestsIn(journal));
  }

  start(): void {
    this.#watchdog.watchAlways();
  }
}

function digestsIn(journal: string): ReadonlySet<string> {
  try {
    if (statSync(journal).size > longest) rmSync(journal);
    const lines = readBytes(journal, longest).toString('latin1').split('\n');
    return new Set(lines.filter((line) => /^[0-9a-f]{64}$/.test(line)));
  } catch {
    // Mostly there is none.
    return new Set();
  }
}
