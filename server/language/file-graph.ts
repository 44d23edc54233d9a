import { IncrementalParser } from '../../grammar/incremental/incremental.ts';
import { parse } from '../../grammar/parser.ts';
import type { ImportDecl, ParseResult } from '../../grammar/syntax.ts';
import { stronglyConnected } from '../base/graph.ts';
import { libraryText } from './library.ts';
import { resolveImportPath } from './names/import-path.ts';
import { linkModule, type ParsedFile, type ResolvedImport } from './names/link.ts';
import type { Module } from './names/meaning.ts';
import type { Unreadable } from './names/import-target.ts';
import { parsedAsNothing, type Watch } from './watch.ts';

/** Where texts come from: open documents first, else the disk. */
export interface FileSource {
  /** The text of a `file:` uri; `undefined` when there is none. */
  read(uri: string): string | Unreadable | undefined;
}

/**
 * Files and what they import, parsed and linked once. Import cycles are cut: every import that leads back to its own
 * file fails, in whatever order files are asked for.
 */
export class FileGraph {
  readonly #source: FileSource;
  readonly #watch: Watch;
  readonly #parsed = new Map<string, ParsedFile | Unreadable | undefined>();
  readonly #modules = new Map<string, Module>();
  /** By the uri of a linked file, its key. */
  readonly #keys = new Map<string, string>();
  readonly #importers = new Map<string, Set<string>>();
  readonly #parsers = new Map<string, IncrementalParser>();

  constructor(source: FileSource, watch: Watch) {
    this.#source = source;
    this.#watch = watch;
  }

  /** The linked file, or `undefined` when it cannot be read. */
  module(uri: string): Module | undefined {
    if (!this.#modules.has(uri)) this.#link(uri);
    return this.#modules.get(uri);
  }

  /** Equal as long as the text of a linked file and of all it imports is (`Watch.keyOf`); empty for one that cannot be read. */
  key(uri: string): string {
    return this.#keys.get(uri) ?? '';
  }

  /** The module of a file that cannot be read: that of an empty text. */
  empty(uri: string): Module {
    return linkModule({ uri, text: '', parse: parse(''), imports: [] }, () => undefined);
  }

  /**
   * Reads a file anew. Gives the uris whose analysis is out of date: the file and all that import it, directly or not;
   * none when the text is the same.
   */
  reload(uri: string): readonly string[] {
    const known = this.#parsed.get(uri);
    if (!this.#parsed.has(uri) || isSame(this.#read(uri), known)) return [];
    const affected = this.#dependents(uri);
    for (const each of affected) {
      this.#modules.delete(each);
      this.#keys.delete(each);
    }
    for (const { uri: imported } of importsOf(known)) {
      if (imported !== undefined) this.#importers.get(imported)?.delete(uri);
    }
    this.#parsed.delete(uri);
    return affected;
  }

  /** Names that the files read so far import from a file. */
  importedNames(uri: string): ReadonlySet<string> {
    const names = new Set<string>();
    for (const importer of this.#importers.get(uri) ?? []) {
      for (const { decl, uri: imported } of importsOf(this.#parsed.get(importer)))
        if (imported === uri) for (const { name } of decl.names) names.add(name);
    }
    return names;
  }

  #dependents(uri: string): readonly string[] {
    const found = new Set([uri]);
    for (const each of found) for (const importer of this.#importers.get(each) ?? []) found.add(importer);
    return [...found];
  }

  #file(uri: string): ParsedFile | Unreadable | undefined {
    if (this.#parsed.has(uri)) return this.#parsed.get(uri);
    const text = this.#read(uri);
    if (typeof text !== 'string') {
      this.#parsed.set(uri, text);
      this.#parsers.delete(uri);
      return text;
    }
    const result = this.#parse(uri, text);
    const imports = result.file.items.flatMap((item) =>
      item.kind === 'import' ? [resolveImport(item, uri)] : [],
    );
    const file: ParsedFile = { uri, text, parse: result, imports };
    this.#parsed.set(uri, file);
    for (const { uri: imported } of imports) {
      if (imported === undefined) continue;
      const importers = this.#importers.get(imported) ?? new Set();
      this.#importers.set(imported, importers.add(uri));
    }
    return file;
  }

  /** What comes with the program is there wherever texts come from. */
  #read(uri: string): string | Unreadable | undefined {
    return this.#source.read(uri) ?? libraryText(uri);
  }

  #parse(uri: string, text: string): ParseResult {
    const key = this.#watch.keyOf(text, []);
    if (this.#watch.isLeftAlone(key)) return parsedAsNothing(text);
    const parser = this.#parsers.get(uri) ?? new IncrementalParser();
    this.#parsers.set(uri, parser);
    return this.#watch.run(uri, key, () => parser.parse(text));
  }

  #link(root: string): void {
    const successors = (uri: string): string[] =>
      importsOf(this.#file(uri)).flatMap((each) =>
        each.uri === undefined || this.#modules.has(each.uri) ? [] : [each.uri],
      );
    for (const component of stronglyConnected([root], successors)) {
      const cyclic = new Set(component);
      for (const uri of component) {
        const file = this.#file(uri);
        if (file === undefined || 'unreadable' in file) continue;
        const key = this.#watch.keyOf(file.text, this.#keysOf(file, cyclic));
        this.#keys.set(uri, key);
        const read = this.#watch.isLeftAlone(key)
          ? { ...file, parse: parsedAsNothing(file.text), imports: [] }
          : file;
        const module = this.#watch.run(uri, key, () =>
          linkModule(read, (imported) => {
            if (cyclic.has(imported)) return 'cycle';
            return this.#modules.get(imported) ?? this.#absent(imported);
          }),
        );
        this.#modules.set(uri, module);
      }
    }
  }

  /** The keys of what a file imports. @param cyclic files that import one another, which have none yet: their texts alone */
  #keysOf({ imports }: ParsedFile, cyclic: ReadonlySet<string>): readonly string[] {
    return imports.flatMap(({ uri }) => {
      if (uri === undefined) return [];
      const file = this.#file(uri);
      if (file === undefined || 'unreadable' in file) return [''];
      return [cyclic.has(uri) ? this.#watch.keyOf(file.text, []) : this.key(uri)];
    });
  }

  /** Why a file without a module has none; undefined where it is not there. */
  #absent(uri: string): Unreadable | undefined {
    const file = this.#file(uri);
    return file !== undefined && 'unreadable' in file ? file : undefined;
  }
}

function importsOf(file: ParsedFile | Unreadable | undefined): readonly ResolvedImport[] {
  return file === undefined || 'unreadable' in file ? [] : file.imports;
}

function isSame(now: string | Unreadable | undefined, known: ParsedFile | Unreadable | undefined): boolean {
  if (known === undefined) return now === undefined;
  if ('unreadable' in known) return typeof now === 'object' && now.unreadable === known.unreadable;
  return now === known.text;
}

function resolveImport(decl: ImportDecl, importer: string): ResolvedImport {
  return decl.path.kind === 'missing' ? { decl } : { decl, ...resolveImportPath(decl.path, importer) };
}
