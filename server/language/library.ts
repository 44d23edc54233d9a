import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mostSourceBytes } from '../../grammar/limits.ts';
import { readText } from '../base/read-file.ts';
import { sameUri } from '../base/uris.ts';

/** What imports of a library begin with: `archlens:blocks`. */
export const libraryScheme = 'archlens:';

const folder = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../..' : '..', 'library');

/** Files that come with the program, by the paths that import them from any folder. */
export const libraries: ReadonlyMap<string, string> = new Map(
  ['blocks'].map((name) => [
    `${libraryScheme}${name}`,
    sameUri(pathToFileURL(join(folder, `${name}.arch`)).href),
  ]),
);

const paths: ReadonlyMap<string, string> = new Map([...libraries].map(([path, uri]) => [uri, path]));

/** The path by which a file is imported that comes with the program; undefined for other files. */
export function libraryPath(uri: string): string | undefined {
  return paths.get(uri);
}

/** The text of a file that comes with the program; undefined for other files, and where the installation has lost it. */
export function libraryText(uri: string): string | undefined {
  if (!paths.has(uri)) return undefined;
  try {
    return readText(fileURLToPath(uri), mostSourceBytes);
  } catch {
    return undefined;
  }
}

let declared: ReadonlyMap<string, string> | undefined;

/** The path that a block of this name is imported from; undefined where none that comes with the program has it. */
export function libraryWith(name: string): string | undefined {
  declared ??= new Map(
    [...libraries].flatMap(([path, uri]) =>
      Array.from((libraryText(uri) ?? '').matchAll(/^block (\w+)/gm), ([, block]) => [block!, path] as const),
    ),
  );
  return declared.get(name);
}
