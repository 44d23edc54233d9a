import { Delayed, DelayedByKey } from '../base/delayed.ts';
import { Pacer } from '../base/pacer.ts';
import { sameUri } from '../base/uris.ts';
import { blockingError } from '../language/check/model-errors.ts';
import { pathIn, RankingFolders, type RankingFolder } from './ranking-folders.ts';
import type { RankingHost } from './ranking-host.ts';
import type { RankingItems } from './ranking-items.ts';

/** Reading files gives way to other requests after so many milliseconds. */
const slice = 10;
/** Changes are gathered for so many milliseconds before files are looked through again. */
const settling = 200;
/** After an edit its file is looked at again so many milliseconds later: the checker has analysed it by then. */
const instant = 20;

interface Listeners {
  /** Items have changed, or whether files are looked through; called often. */
  readonly onChange: () => void;
  /** The items are what the files say. */
  readonly onListed: () => void;
}

/** Keeps the models of a ranking in step with the files of the workspace, once it has been asked to list them. */
export class RankingList {
  readonly #host: RankingHost;
  readonly #items: RankingItems;
  readonly #listeners: Listeners;
  readonly #folders: RankingFolders;
  /** The files that are ranked. */
  #files: ReadonlyMap<string, RankingFolder> = new Map();
  #wanted = false;
  #listing: Promise<void> | undefined;
  #listAgain = false;
  readonly #looking = new DelayedByKey();
  readonly #relisting = new Delayed(settling, () => {
    this.#host.background('Looking through the workspace', () => this.list());
  });

  constructor(host: RankingHost, items: RankingItems, listeners: Listeners) {
    this.#host = host;
    this.#items = items;
    this.#listeners = listeners;
    this.#folders = new RankingFolders(host);
    host.documents.onChange(({ uri }) => {
      this.#takeSoon(sameUri(uri));
      this.changed();
    });
  }

  /** Whether files are being looked through. */
  get isListing(): boolean {
    return this.#listing !== undefined;
  }

  /** Brings the items in step with the files, now and from now on; calls that come meanwhile are one more round. */
  async list(): Promise<void> {
    this.#wanted = true;
    if (this.#listing !== undefined) {
      this.#listAgain = true;
      await this.#listing;
      return;
    }
    this.#listing = (async () => {
      do await this.#listOnce();
      while (this.#takeListAgain());
    })().finally(() => {
      this.#listing = undefined;
      this.#listeners.onChange();
    });
    await this.#listing;
    this.#listeners.onListed();
  }

  /** Files or folders have changed, on the disk or in the editor. */
  changed(): void {
    if (this.#wanted) this.#relisting.start();
  }

  settingsChanged(): void {
    this.#folders.settingsChanged();
    this.changed();
  }

  #takeListAgain(): boolean {
    const again = this.#listAgain;
    this.#listAgain = false;
    return again;
  }

  async #listOnce(): Promise<void> {
    const files = await this.#filesToRank();
    this.#files = files;
    for (const uri of [...this.#items.files()]) if (!files.has(uri)) this.#items.remove(uri);
    const pacer = new Pacer(slice);
    for (const [uri, folder] of files) {
      this.#take(uri, folder);
      if (!pacer.isDue) continue;
      this.#listeners.onChange();
      await pacer.pause();
    }
  }

  async #filesToRank(): Promise<ReadonlyMap<string, RankingFolder>> {
    const { documents, workspace } = this.#host;
    const folders = await this.#folders.all();
    const files = new Map<string, RankingFolder>();
    if (folders.length === 0) {
      for (const document of documents.all()) {
        const uri = sameUri(document.uri);
        files.set(uri, await this.#folders.around(uri));
      }
      return files;
    }
    for (const uri of await workspace.onDisk()) {
      const folder = folders.find((candidate) => uri.startsWith(`${candidate.uri}/`));
      if (folder?.matches(pathIn(folder, uri)) === true) files.set(uri, folder);
    }
    return files;
  }

  /** An edit is not shown with the score of the text before: the list follows later, this file at once. */
  #takeSoon(uri: string): void {
    this.#looking.start(uri, instant, () => {
      this.#host.background('Looking at a file', () => {
        const folder = this.#files.get(uri);
        if (folder === undefined || this.#host.documents.get(uri) === undefined) return;
        this.#take(uri, folder);
        if (this.#items.changed) this.#listeners.onChange();
      });
    });
  }

  /** Takes over the models of a file as its text is now. */
  #take(uri: string, folder: RankingFolder): void {
    const analysis = this.#host.project.analyse(uri);
    const { score: settings } = folder.settings;
    const file = { uri, name: `${folder.prefix}${pathIn(folder, uri)}`, analysis, settings };
    if (this.#items.isCurrent(file)) return;
    const document = this.#host.textOf(uri);
    this.#items.update({
      ...file,
      lineOf: (offset) => document.positionAt(offset).line,
      errorOf: (model) => {
        const error = blockingError(analysis, model.span);
        if (error === undefined) return 'Something it uses has errors.';
        const line = document.positionAt(error.location.span.start).line + 1;
        return `Line ${line}: ${error.message}`;
      },
    });
  }
}
