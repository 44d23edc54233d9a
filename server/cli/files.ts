import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Project, type Diagnostic, type FileAnalysis } from '../language/analysis.ts';
import type { Location } from '../network/network.ts';
import type { Place, Position } from '../plot/picture.ts';
import { allFiles, fileMatcher, type FileFilter } from '../ranking/file-filter.ts';
import { UsageError } from './terminal.ts';

/** Extension of architecture files. */
const extension = '.arch';

/** Files by name, each analysed at most once, imports read from the disk. */
export class Files {
  readonly #project = new Project({ read: (uri) => read(uri) });
  readonly #lineStarts = new Map<string, readonly number[]>();

  /** @throws UsageError when the file cannot be read */
  analyse(path: string): FileAnalysis {
    try {
      readFileSync(path);
    } catch (error) {
      throw new UsageError(`${path} cannot be read: ${reasonOf(error)}.`);
    }
    return this.#project.analyse(pathToFileURL(resolve(path)).href);
  }

  /** The text of a file by its uri; undefined when it cannot be read. */
  read(uri: string): string | undefined {
    return read(uri);
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

  #position(uri: string, offset: number): Position {
    const starts = this.#startsOf(uri);
    let line = starts.length - 1;
    while (line > 0 && starts[line]! > offset) {
      line--;
    }
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

function read(uri: string): string | undefined {
  try {
    return readFileSync(fileURLToPath(uri), 'utf8');
  } catch {
    // An import of it is a diagnostic of the file that imports.
    return undefined;
  }
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

/**
 * Files as they are, folders as all architecture files below them, in order of their names; hidden folders and
 * node_modules left out.
 *
 * @param filter of the files of folders
 * @throws UsageError for what does not exist, and when nothing is left
 */
export function expandPaths(paths: readonly string[], filter: FileFilter = allFiles): string[] {
  const matches = fileMatcher(filter);
  const files = paths.flatMap((path) => {
    try {
      return statSync(path).isDirectory()
        ? filesBelow(path).filter((file) => matches(relative(path, file).split(sep).join('/')))
        : [path];
    } catch (error) {
      throw new UsageError(`${path} cannot be read: ${reasonOf(error)}.`);
    }
  });
  if (files.length === 0) {
    throw new UsageError(`There is no ${extension} file in ${paths.join(', ')}.`);
  }
  return [...new Set(files)];
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesBelow(path);
    }
    return entry.name.endsWith(extension) ? [path] : [];
  });
}

/** Why a file cannot be read, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'access is denied',
  };
  return reasons[code ?? ''] ?? String(error);
}
