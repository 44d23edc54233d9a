import { readFileSync } from 'node:fs';
import GithubSlugger from 'github-slugger';

/** A link of a page: `](target)`, and the line it is on, from 1. */
export interface PageLink {
  readonly target: string;
  readonly line: number;
}

/** The lines of a page, those of fenced code empty. */
function proseLines(text: string): readonly string[] {
  let fence: string | undefined;
  return text.split(/\r?\n/).map((line) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (fence === undefined) {
      fence = mark;
      return mark === undefined ? line : '';
    }
    if (mark?.startsWith(fence) === true) fence = undefined;
    return '';
  });
}

/** What GitHub and VS Code call the headings of a page in links: `#vkdnw_single`. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  return new Set(
    proseLines(text).flatMap((line) => {
      const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
      if (heading === undefined) return [];
      // The slug is of what is shown: without the marks of code, emphasis and links.
      return [slugger.slug(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, ''))];
    }),
  );
}

/** Links and pictures outside code. */
export function linksOf(text: string): readonly PageLink[] {
  return proseLines(text).flatMap((line, index) =>
    [...line.replace(/`[^`]*`/g, '').matchAll(/\]\(<?([^()\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(([, target]) => ({
      target: target!,
      line: index + 1,
    })),
  );
}

const known = new Map<string, ReadonlySet<string>>();

/** The same of a file, read once. @throws the error of the file system where there is none */
export function anchorsOfFile(path: string): ReadonlySet<string> {
  let anchors = known.get(path);
  if (anchors === undefined) known.set(path, (anchors = anchorsOf(readFileSync(path, 'utf8'))));
  return anchors;
}
