export type CsvCell = string | number | undefined;

/**
 * Comma-separated values as RFC 4180 has them, a line a row. A text that a spreadsheet would take for a formula (OWASP, "CSV
 * injection") gets an apostrophe in front and stays a text: names of files and messages come from others. Numbers stay numbers.
 */
export function csv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** What formulas start with, also in full width. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

function cell(value: CsvCell): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
