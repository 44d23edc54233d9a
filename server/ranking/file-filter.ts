import picomatch from 'picomatch';

/** Which files of a folder take part. Globs, relative to the folder, with `/`. */
export interface FileFilter {
  /** Empty: all. */
  readonly include: readonly string[];
  /** Files, or folders with all that is in them. */
  readonly exclude: readonly string[];
}

export const allFiles: FileFilter = { include: [], exclude: [] };

/** @returns whether the file of a path relative to the folder, written with `/`, takes part */
export function fileMatcher({ include, exclude }: FileFilter): (path: string) => boolean {
  const included = include.length === 0 ? () => true : picomatch([...include], { dot: true });
  const excluded = exclude.length === 0 ? () => false : picomatch([...exclude], { dot: true });
  return (path) => included(path) && !withFolders(path).some((part) => excluded(part));
}

/** `a/b/c.arch`, `a/b`, `a` */
function withFolders(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}
