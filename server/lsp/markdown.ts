/** The little Markdown that hovers and score pages are made of. */

/** Text for a table cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
}

/** Inline code, also in a table cell. */
export function code(text: string): string {
  return `\`${cell(text).replaceAll('`', "'")}\``;
}

/** Cells are Markdown already: plain text goes through `cell`. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
