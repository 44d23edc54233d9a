/** The little Markdown that hovers and score pages are made of. */

/** Text for a table cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
}

/** Inline code, also in a table cell. */
export function code(text: string): string {
  return `\`${cell(text).replaceAll('`', "'")}\``;
}

/** Cells up to this long are kept on one line. */
const shortCell = 24;

/** Hovers draw tables without space between the columns, and trim cells; what ends in a word joiner is not trimmed. */
const gap = '\u00a0\u00a0\u2060';

/** Cells are Markdown already: plain text goes through `cell`. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .map((text) => (text.length > shortCell ? text : text.replaceAll(' ', '\u00a0')))
      .join(`${gap} | `)} |`;
  return [line(header), `|${header.map(() => ' :--- |').join('')}`, ...rows.map(line)].join('\n');
}
