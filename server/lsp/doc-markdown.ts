import { active, code, fenced, printable } from '../base/markdown.ts';

/**
 * A doc comment as Markdown of which nothing is loaded: it keeps emphasis, code, lists, headings and addresses that are
 * shown in full; pictures, links with a text of their own, HTML and tables are shown as they are written.
 *
 * It is written anew, so that every reader of Markdown sees the same code and text in it: code in a line by single
 * backticks, blocks of code at the margin, and everywhere else no character that could begin something active.
 */
export function docMarkdown(text: string): string {
  const lines = printable(text).split('\n');
  const result: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const fence = /^\s*(?:(`{3,})([^`]*)|(~{3,})(.*))$/.exec(lines[index]!);
    if (fence === null) {
      result.push(inline(lines[index]!));
      continue;
    }
    const [, ticks, ticksInfo, tildes, tildesInfo] = fence;
    const end = closing(lines, index + 1, (ticks ?? tildes)!);
    const language = /^\s*([\w+-]{0,30})/.exec(ticksInfo ?? tildesInfo ?? '')![1]!;
    result.push(fenced(lines.slice(index + 1, end).join('\n'), language));
    index = end;
  }
  return result.join('\n');
}

/** The line that ends a block of code; behind the last one where none does. */
function closing(lines: readonly string[], from: number, opening: string): number {
  for (let index = from; index < lines.length; index++) {
    const mark = lines[index]!.trim();
    if (mark.startsWith(opening) && mark === opening[0]!.repeat(mark.length)) return index;
  }
  return lines.length;
}

/** Escapes, runs of backticks and addresses: what is more than its characters. */
const parts = /\\[!-/:-@[-`{-~]|`+|\bhttps?:\/\/[\w.~:/?#@!$&'*+,;=%()-]+/gi;

function inline(line: string): string {
  const closers = runsOf(line);
  let result = '';
  let at = 0;
  parts.lastIndex = 0;
  for (let part = parts.exec(line); part !== null; part = parts.exec(line)) {
    const [text] = part;
    result += escaped(line.slice(at, part.index));
    at = part.index + text.length;
    if (text.startsWith('`')) {
      const close = nextFrom(closers.get(text.length), at);
      if (close === undefined) result += escaped(text);
      else {
        result += code(line.slice(at, close));
        at = close + text.length;
      }
    } else if (text.startsWith('\\')) result += text;
    else {
      const address = shownAddress(text);
      result += address === undefined ? escaped(text) : `<${address}>`;
      at = part.index + (address ?? text).length;
    }
    parts.lastIndex = at;
  }
  return result + escaped(line.slice(at));
}

/** Takes from the list, the last of which is the first place, those before `at`. */
function nextFrom(places: number[] | undefined, at: number): number | undefined {
  while (places !== undefined && places.length > 0 && places.at(-1)! < at) places.pop();
  return places?.at(-1);
}

/** Where the runs of backticks begin, by their lengths, the last one first. */
function runsOf(line: string): ReadonlyMap<number, number[]> {
  const runs = new Map<number, number[]>();
  for (const { 0: run, index } of [...line.matchAll(/`+/g)].reverse()) {
    const same = runs.get(run.length);
    if (same === undefined) runs.set(run.length, [index]);
    else same.push(index);
  }
  return runs;
}

/** An address without the punctuation of the sentence it stands in; none where there is no host. */
function shownAddress(text: string): string | undefined {
  const address = text.replace(text.includes('(') ? /[.,;:!?'*_]+$/ : /[.,;:!?'*_)]+$/, '');
  return /^https?:\/\/\w/i.test(address) ? address : undefined;
}

function escaped(text: string): string {
  return text.replaceAll(active, '\\$&');
}
