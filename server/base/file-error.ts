/**
 * What kind of thing is wrong with a file; `dangling` is a link to what is not there, `system` all that has no kind of its own
 * here.
 */
export type FileErrorKind =
  'missing' | 'dangling' | 'not-regular' | 'too-large' | 'encoding' | 'link' | 'denied' | 'full' | 'system';

/** A file that cannot be read or written. `message` is a sentence that names the file. */
export class FileError extends Error {
  readonly path: string;
  readonly action: 'read' | 'written';
  readonly kind: FileErrorKind;
  /** Why, as the end of a sentence without its full stop: `there is no such file`. */
  readonly reason: string;

  constructor(path: string, action: 'read' | 'written', kind: FileErrorKind, reason: string) {
    super(`${path} cannot be ${action}: ${reason}.`);
    this.name = 'FileError';
    this.path = path;
    this.action = action;
    this.kind = kind;
    this.reason = reason;
  }
}

const reasons = new Map<string, readonly [FileErrorKind, string]>([
  ['ENOENT', ['missing', 'there is no such file']],
  ['EISDIR', ['not-regular', 'it is a folder']],
  ['ENXIO', ['not-regular', 'it is not a regular file']],
  ['ENOTDIR', ['missing', 'a part of its path is not a folder']],
  ['ELOOP', ['system', 'its links lead in a circle']],
  ['ENAMETOOLONG', ['system', 'its name is too long']],
  ['EACCES', ['denied', 'access is denied']],
  ['EPERM', ['denied', 'access is denied']],
  ['EROFS', ['denied', 'the disk is read-only']],
  ['ENOSPC', ['full', 'the disk is full']],
  ['EDQUOT', ['full', 'your share of the disk is used up']],
  ['EFBIG', ['full', 'it would be larger than the system allows']],
  ['EMFILE', ['system', 'too many files are open']],
  ['ENFILE', ['system', 'too many files are open']],
  ['EIO', ['system', 'the disk reports an error']],
]);

/** What the file system threw, in words; a `FileError` as it is. */
export function fileError(path: string, action: 'read' | 'written', error: unknown): FileError {
  if (error instanceof FileError) return error;
  const [kind, reason] = reasons.get((error as NodeJS.ErrnoException).code ?? '') ?? [
    'system',
    saidBy(error),
  ];
  return new FileError(path, action, kind, reason);
}

/** Why, as the end of a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof FileError) return error.reason;
  return reasons.get((error as NodeJS.ErrnoException).code ?? '')?.[1] ?? saidBy(error);
}

function saidBy(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
