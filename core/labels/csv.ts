// CSV as RFC 4180 writes it, safe to open in a spreadsheet: a cell that would be read as a formula is marked as text.
// `uncsvCell` takes the mark off again, so that export and import give back the same words.

const FORMULA = /^[\t\r\n ]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20|%]/;

/** One cell. A leading apostrophe marks text that would run, and text that begins with an apostrophe itself. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) || value.startsWith("'") ? `'${value}` : value;
  return /[",\r\n;\t]/.test(text) || text !== text.trim() || text === '' ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The words of a cell that `csvCell` wrote, after the CSV reader took off the quotes. */
export function uncsvCell(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text;
}

/** A whole table with a header, lines ended by CR LF. */
export function csv(columns: string[], rows: (string | number | boolean | null)[][]): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}
