import { countWhere } from '../../grammar/bisect.ts';
import type { Comment } from '../../grammar/syntax.ts';

/** Whether a diagnostic of a code that starts at an offset is turned off by a comment. */
export type Suppressed = (code: string, offset: number) => boolean;

/** `archlens: ignore code, code` and `archlens: ignore-file code, code`, as all there is in a comment. */
const directive =
  /^(?:\/\/|\/\*)\s*archlens:\s*(ignore|ignore-file)\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)\s*(?:\*\/)?$/;

/**
 * Comments that turn diagnostics off: behind something, for their own line; on a line of their own, for the next line
 * that is no comment; `ignore-file` anywhere, for the whole file.
 */
export function suppressionsOf(text: string, comments: readonly Comment[]): Suppressed {
  const everywhere = new Set<string>();
  const byLine = new Map<number, Set<string>>();
  let starts: readonly number[] | undefined;
  for (const { kind, span } of comments) {
    if (kind === 'doc') continue;
    const found = directive.exec(text.slice(span.start, span.end));
    if (found === null) continue;
    const codes = found[2]!.split(',').map((code) => code.trim());
    if (found[1] === 'ignore-file') {
      for (const code of codes) everywhere.add(code);
      continue;
    }
    starts ??= lineStarts(text);
    const line = lineAt(starts, span.start);
    const alone = text.slice(starts[line], span.start).trim() === '';
    const target = alone ? nextCodeLine(text, starts, comments, lineAt(starts, span.end) + 1) : line;
    const known = byLine.get(target) ?? new Set();
    byLine.set(target, known);
    for (const code of codes) known.add(code);
  }
  if (byLine.size === 0) return (code) => everywhere.has(code);
  const lines = starts ?? [];
  return (code, offset) => everywhere.has(code) || byLine.get(lineAt(lines, offset))?.has(code) === true;
}

/** The first line from `line` on that holds something else than a comment. */
function nextCodeLine(
  text: string,
  starts: readonly number[],
  comments: readonly Comment[],
  line: number,
): number {
  let next = line;
  for (; next < starts.length; next++) {
    const start = starts[next]!;
    const content = text.slice(start, starts[next + 1]);
    const first = start + content.length - content.trimStart().length;
    if (content.trim() !== '' && !comments.some(({ span }) => span.start <= first && first < span.end)) break;
  }
  return next;
}

function lineStarts(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length)];
}

function lineAt(starts: readonly number[], offset: number): number {
  return countWhere(starts, (start) => start <= offset) - 1;
}
