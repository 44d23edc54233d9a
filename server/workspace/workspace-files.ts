import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { Pacer } from '../base/pacer.ts';
import { URI, Utils } from 'vscode-uri';
import type { Module } from '../language/names/meaning.ts';
import type { Project } from '../language/project.ts';
import { parsedUri, sameUri } from '../base/uris.ts';
import type { Documents } from './documents.ts';

/** A folder of the workspace. */
interface WorkspaceFolder {
  readonly uri: string;
}

/** Folders that hold no sources. */
const skipped = new Set(['node_modules', 'dist', 'out', 'build', 'target', '__pycache__']);

/** Limits that keep a workspace as large as a disk harmless. */
const mostFolders = 20_000;
const mostFiles = 5000;

/** Without a file watcher the disk is read again after so many milliseconds. */
const unwatchedAge = 2000;

/** Reading and linking files gives way to other requests after so many milliseconds. */
const slice = 15;

/** The `.arch` files of all workspace folders, of the folders of open files, and what these import. */
export class WorkspaceFiles {
  readonly #documents: Documents;
  readonly #project: Project;
  #roots: string[] = [];
  /** On the disk, by folder that was read; a folder of an open file is read without those below it. */
  readonly #found = new Map<string, Set<string>>();
  #reading: Promise<void> | undefined;
  #readAt = 0;
  /** The editor says which files come and go. */
  watched = false;

  constructor(documents: Documents, project: Project) {
    this.#documents = documents;
    this.#project = project;
  }

  setFolders(folders: readonly WorkspaceFolder[]): void {
    this.#roots = folders.map(({ uri }) => sameUri(uri));
    this.#found.clear();
    this.#reading = undefined;
  }

  changeFolders(added: readonly WorkspaceFolder[], removed: readonly WorkspaceFolder[]): void {
    const gone = new Set(removed.map(({ uri }) => sameUri(uri)));
    const kept = this.#roots.filter((uri) => !gone.has(uri)).map((uri) => ({ uri }));
    this.setFolders([...kept, ...added]);
  }

  /** Their uris. */
  get folders(): readonly string[] {
    return this.#roots;
  }

  /** What is on the disk below the workspace folders, open or not. */
  async onDisk(): Promise<readonly string[]> {
    await this.#read(true);
    return [...new Set(this.#roots.flatMap((root) => [...(this.#found.get(root) ?? [])]))];
  }

  /** The disk has changed in ways that no watcher of files tells of: a folder was moved, or is gone. */
  rescan(): void {
    this.#found.clear();
    this.#reading = undefined;
  }

  /** A file on the disk has come, changed or gone. */
  fileChanged(uri: string, exists: boolean): void {
    const file = sameUri(uri);
    for (const [folder, files] of this.#found) {
      if (!exists) files.delete(file);
      else if (file.startsWith(`${folder}/`)) files.add(file);
    }
  }

  /** What is known without reading the disk again; starts reading where nothing is known yet. */
  known(): readonly string[] {
    void this.#read(false);
    const files = new Set(this.#documents.all().map(({ uri }) => sameUri(uri)));
    for (const found of this.#found.values()) for (const file of found) files.add(file);
    return [...files];
  }

  /** Whether `known` lacks files that are still being looked for. */
  get incomplete(): boolean {
    return this.#reading !== undefined;
  }

  /** All files with their names resolved, imported ones outside the folders too. Leaves time for other requests. */
  async modules(): Promise<readonly Module[]> {
    await this.#read(true);
    const modules = new Map<string, Module>();
    const pending = [...this.known()];
    const pacer = new Pacer(slice);
    for (let uri = pending.pop(); uri !== undefined; uri = pending.pop()) {
      if (modules.has(uri)) continue;
      const module = this.#project.module(uri);
      modules.set(uri, module);
      pending.push(...module.imports);
      if (pacer.isDue) await pacer.pause();
    }
    return [...modules.values()];
  }

  /** @param fresh read again what may have changed unnoticed */
  async #read(fresh: boolean): Promise<void> {
    const roots = this.#roots.filter((uri) => parsedUri(uri)?.scheme === 'file');
    const wanted = [...roots, ...this.#loneFolders(roots)];
    const stale = fresh && !this.watched && performance.now() - this.#readAt > unwatchedAge;
    if (this.#reading === undefined && (stale || wanted.some((folder) => !this.#found.has(folder)))) {
      const reading = this.#readFolders(wanted, new Set(roots)).finally(() => {
        if (this.#reading === reading) this.#reading = undefined;
      });
      this.#reading = reading;
    }
    await this.#reading;
  }

  /** Folders of open files that lie in no workspace folder. */
  #loneFolders(roots: readonly string[]): readonly string[] {
    const folders = new Set<string>();
    for (const { uri } of this.#documents.all()) {
      const parsed = parsedUri(uri);
      if (parsed?.scheme !== 'file') continue;
      const folder = Utils.dirname(parsed).toString();
      if (!roots.some((root) => `${folder}/`.startsWith(`${root}/`))) folders.add(folder);
    }
    return [...folders];
  }

  async #readFolders(folders: readonly string[], deep: ReadonlySet<string>): Promise<void> {
    const read = await Promise.all(
      folders.map(async (folder) => [folder, await archFiles(folder, deep.has(folder))] as const),
    );
    if (!this.watched) for (const uri of this.known()) this.#project.invalidate(uri);
    this.#found.clear();
    for (const [folder, files] of read) this.#found.set(folder, files);
    this.#readAt = performance.now();
  }
}

async function archFiles(root: string, deep: boolean): Promise<Set<string>> {
  const files = new Set<string>();
  const pending = [URI.parse(root)];
  for (let read = 0; pending.length > 0 && read < mostFolders && files.size < mostFiles; read++) {
    const folder = pending.shift()!;
    for (const entry of await entries(folder.fsPath)) {
      const uri = Utils.joinPath(folder, entry.name);
      if (entry.isDirectory()) {
        if (deep && !entry.name.startsWith('.') && !skipped.has(entry.name)) pending.push(uri);
      } else if (entry.name.endsWith('.arch')) files.add(uri.toString());
    }
  }
  return files;
}

/** Nothing for a folder that cannot be read. */
async function entries(path: string): Promise<readonly Dirent[]> {
  return await readdir(path, { withFileTypes: true }).catch(() => []);
}
