/**
 * Markdown that hovers, suggestions, pages and tooltips are made of. What comes from files gets into it through these
 * functions alone: as plain text (`plain`), as code (`code`, `fenced`) or, where people write Markdown themselves, as a
 * harmless part of it (`docMarkdown`). So nothing is loaded, run or drawn because a file says so.
 */

/** Characters that no line has, and those that some programs take for the end of one. */
const unprintable = /(?![\t\n])[\p{Cc}\u2028\u2029]/gu;

/** The text without control characters, its lines ended by \n. */
export function printable(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(unprintable, '\ufffd');
}

/** What makes links, pictures, HTML, tables and code out of text, wherever it stands. */
export const active = /[\\`[\]<~$|]|&(?=[#\w])|@(?=\w)|:(?=\/\/|-)|(?<=-):|(?<=www)\./gi;
const emphasis = /\*|(?<!\w)_|_(?!\w)/g;
const lineStart = /^(?:\d+(?=[.)](?: |$))|(?=[-+=#>]))/;

/** Text that is shown as it is, in one line. */
export function plain(text: string): string {
  return printable(text)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(active, '\\$&')
    .replaceAll(emphasis, '\\$&')
    .replace(lineStart, '$&\\');
}

/** Inline code, in one line. */
export function code(text: string): string {
  const line = printable(text).replaceAll(/\s+/g, ' ').trim().replaceAll('`', "'");
  return line === '' ? '' : `\`${line}\``;
}

/** A block of code, which nothing in it ends. */
export function fenced(text: string, language = 'arch'): string {
  const lines = printable(text);
  let longest = 2;
  for (const [run] of lines.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${lines}\n${fence}`;
}

/** Cells up to this long are kept on one line. */
const shortCell = 24;

/** Hovers draw tables without space between the columns, and trim cells; what ends in a word joiner is not trimmed. */
const gap = '\u00a0\u00a0\u2060';

/** Cells are Markdown already: plain text goes through `plain`. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .map(cell)
      .map((text) => (text.length > shortCell ? text : text.replaceAll(' ', '\u00a0')))
      .join(`${gap} | `)} |`;
  return [line(header), `|${header.map(() => ' :--- |').join('')}`, ...rows.map(line)].join('\n');
}

/** A bar ends a cell, even in code, unless a backslash escapes it; what two backslashes do differs among readers. */
function cell(markdown: string): string {
  return markdown
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(\\*)\|/g, (bar, before: string) =>
      before === '' ? '\\|' : before.length % 2 === 1 ? bar : `${before}\u2223`,
    );
}
