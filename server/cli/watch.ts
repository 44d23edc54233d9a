import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Delayed } from '../base/delayed.ts';
import { isFolder } from './files.ts';

/** Changes that come this close together (milliseconds) are one: editors write a file in several steps. */
const quiet = 150;

export interface Changes {
  /** Resolves when an architecture file has changed since the last call; to false when the signal has ended it. */
  next(): Promise<boolean>;
  close(): void;
}

/** Watches files, and folders with all below them. @throws UsageError for what does not exist */
export function watchPaths(paths: readonly string[], signal: AbortSignal): Changes {
  let changed = false;
  let wake: (() => void) | undefined;
  const settling = new Delayed(quiet, () => {
    changed = true;
    wake?.();
  });
  const notice = (): void => {
    settling.restart();
  };
  const watchers = paths.map((path): FSWatcher => {
    if (isFolder(path))
      return watch(path, { recursive: true }, (_, name) => {
        // Folders are told without what is in them.
        if (name === null || !basename(name).includes('.') || name.endsWith('.arch')) notice();
      });
    // Editors replace files: the folder knows of the new one.
    return watch(dirname(path), (_, name) => {
      if (name === null || name === basename(path)) notice();
    });
  });
  // What is gone, or closed to us, is said when it is ranked.
  for (const watcher of watchers) watcher.on('error', notice);
  const onAbort = (): void => {
    wake?.();
  };
  signal.addEventListener('abort', onAbort);
  return {
    next: async () => {
      await new Promise<void>((resolve) => {
        wake = () => {
          if (changed || signal.aborted) resolve();
        };
        wake();
      });
      changed = false;
      return !signal.aborted;
    },
    close: () => {
      settling.cancel();
      signal.removeEventListener('abort', onAbort);
      for (const watcher of watchers) watcher.close();
    },
  };
}
