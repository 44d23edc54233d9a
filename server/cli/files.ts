import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mostSourceBytes } from '../../grammar/limits.ts';
import { FileError, fileError } from '../base/file-error.ts';
import { countWhere } from '../base/bisect.ts';
import { readText } from '../base/read-file.ts';
import { sameUri } from '../base/uris.ts';
import { Project } from '../language/project.ts';
import type { Diagnostic, FileAnalysis, Unreadable } from '../language/analysis.ts';
import type { Location } from '../network/network.ts';
import type { Place, Position } from '../plot/picture.ts';
import { allFiles, fileMatcher, type FileFilter } from '../ranking/file-filter.ts';
import { documentWatch } from './document-watch.ts';
import { say } from './output.ts';
import { UsageError } from './terminal.ts';

/** Extension of architecture files. */
const extension = '.arch';

/** Files by name, each read and analysed at most once, imports too. */
export class Files {
  readonly #project = new Project({ read: (uri) => this.#read(uri) }, { watch: documentWatch });
  readonly #lineStarts = new Map<string, readonly number[]>();
  /** Texts that are no files, by the names and places they are given. */
  readonly #given: ReadonlyMap<string, string>;
  /** Why files could not be read, by uri: the analysis of such a file is one of nothing. */
  readonly #failures = new Map<string, FileError>();

  /** @param given texts by paths, which are read instead of what is there */
  constructor(given: ReadonlyMap<string, string> = new Map()) {
    this.#given = new Map([...given].map(([path, text]) => [uriOf(path), text]));
  }

  /** @throws FileError when the file cannot be read */
  analyse(path: string): FileAnalysis {
    const analysis = this.#project.analyse(uriOf(path));
    const failure = this.#failures.get(analysis.uri);
    if (failure !== undefined) throw new FileError(path, 'read', failure.kind, failure.reason);
    return analysis;
  }

  /** Those of the files that can be read; of the others it is said why not. */
  analyseReadable({ files, unreadable }: Listing): Readable {
    const failures: FileError[] = [...unreadable];
    const found = files.flatMap((path) => {
      try {
        return [{ path, analysis: this.analyse(path) }];
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        failures.push(error);
        return [];
      }
    });
    for (const { message } of failures) say(message);
    return { found, failed: failures.length };
  }

  /** The diagnostics of a file, and what the linter finds in the light of the files read so far. */
  lint({ uri }: FileAnalysis): readonly Diagnostic[] {
    return this.#project.lint(uri);
  }

  /** `file:line:column`, both from 1, the column in UTF-16 units as editors count. */
  place({ uri, span }: Location): string {
    const { line, character } = this.#position(uri, span.start);
    return `${shownPath(uri)}:${line + 1}:${character + 1}`;
  }

  rangeOf({ uri, span }: Location): Place {
    return { uri, start: this.#position(uri, span.start), end: this.#position(uri, span.end) };
  }

  #read(uri: string): string | Unreadable | undefined {
    return this.#given.get(uri) ?? readSource(uri, (failure) => this.#failures.set(uri, failure));
  }

  #position(uri: string, offset: number): Position {
    const starts = this.#startsOf(uri);
    const line = countWhere(starts, (start) => start <= offset) - 1;
    return { line, character: offset - starts[line]! };
  }

  #startsOf(uri: string): readonly number[] {
    let starts = this.#lineStarts.get(uri);
    if (starts === undefined) {
      const { text } = this.#project.analyse(uri);
      starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length)];
      this.#lineStarts.set(uri, starts);
    }
    return starts;
  }
}

/** As a `Project` spells it. */
function uriOf(path: string): string {
  return sameUri(pathToFileURL(resolve(path)).href);
}

/** The text of a file by its uri, as the language asks for it. @param onFailure called where it cannot be read */
export function readSource(
  uri: string,
  onFailure?: (failure: FileError) => void,
): string | Unreadable | undefined {
  try {
    return sourceText(fileURLToPath(uri));
  } catch (error) {
    const failure = fileError(uri, 'read', error);
    onFailure?.(failure);
    // An import of it is a diagnostic of the file that imports.
    return failure.kind === 'missing' ? undefined : { unreadable: failure.reason };
  }
}

/** @throws FileError */
export function sourceText(path: string): string {
  return readText(path, mostSourceBytes);
}

/** As short as it can be said from here. */
function shownPath(uri: string): string {
  if (!uri.startsWith('file:')) {
    return uri;
  }
  const path = fileURLToPath(uri);
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** What paths lead to. */
export interface Listing {
  readonly files: readonly string[];
  /** What is there and cannot be looked into: folders, and files whose names cannot be written. */
  readonly unreadable: readonly FileError[];
}

/** Files that were read, in their order. */
export interface Readable {
  readonly found: readonly { readonly path: string; readonly analysis: FileAnalysis }[];
  /** How many were not, folders among them. */
  readonly failed: number;
}

/**
 * Files as they are, folders as all architecture files below them, in order of their names; hidden folders and
 * node_modules left out.
 *
 * @param filter of the files of folders
 * @param links whether symbolic links to files are among those of folders
 * @throws UsageError for what does not exist, and when there is nothing at all
 */
export function expandPaths(
  paths: readonly string[],
  filter: FileFilter = allFiles,
  links: 'followed' | 'left out' = 'followed',
): Listing {
  const matches = fileMatcher(filter);
  const unreadable: FileError[] = [];
  const files = paths.flatMap((path) => {
    if (!isFolder(path)) return [path];
    const below = filesBelow(path, unreadable);
    return below
      .filter(({ isLink }) => links === 'followed' || !isLink)
      .map((file) => file.path)
      .filter((file) => matches(relative(path, file).split(sep).join('/')));
  });
  if (files.length === 0 && unreadable.length === 0) {
    throw new UsageError(`There is no ${extension} file in ${paths.join(', ')}.`);
  }
  return { files: [...new Set(files)], unreadable };
}

/** @throws UsageError for what does not exist; a link that leads nowhere does */
export function isFolder(path: string): boolean {
  try {
    return (statSync(path, { throwIfNoEntry: false }) ?? lstatSync(path)).isDirectory();
  } catch (error) {
    // A circle of links exists too.
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return false;
    throw new UsageError(fileError(path, 'read', error).message);
  }
}

interface Found {
  readonly path: string;
  readonly isLink: boolean;
}

function filesBelow(folder: string, unreadable: FileError[]): Found[] {
  let entries: Dirent<Buffer>[];
  try {
    entries = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    unreadable.push(fileError(folder, 'read', error));
    return [];
  }
  return entries
    .map((entry) => ({ entry, name: entry.name.toString() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ entry, name }): Found[] => {
      const path = join(folder, name);
      const isSource = name.endsWith(extension);
      if (entry.isDirectory() ? name.startsWith('.') || name === 'node_modules' : !isSource) return [];
      if (!isUtf8(entry.name)) {
        unreadable.push(new FileError(path, 'read', 'encoding', 'its name is not UTF-8. Rename it'));
        return [];
      }
      return entry.isDirectory() ? filesBelow(path, unreadable) : [{ path, isLink: entry.isSymbolicLink() }];
    });
}
