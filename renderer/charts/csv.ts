// Tables as CSV files (RFC 4180): every digit of a number, and no cell that a spreadsheet would run.
// Must not round.
import type { Cell, Table } from './figure.ts';

/** One row a line, names of the columns first, lines ended by CRLF. */
export function csvFile({ columns, rows }: Pick<Table, 'rows'> & { columns: readonly { name: string }[] }): string {
  return [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/**
 * A number is written so that reading it gives the same number. Words that begin like a formula get an apostrophe in
 * front, which spreadsheets take as "this is text" (OWASP, CSV injection); those that hold a comma, a quote or a line end
 * are quoted.
 */
export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
