// A folder with a table: CSV or JSON with a row a film; columns are known by the names people give them.
import { basename } from 'node:path';
import { readTable, tableColumns } from '#core/imports/table.ts';
import type { Row, TableColumns } from '#core/imports/table.ts';
import { firstOf, many } from '#core/many.ts';
import type { FoundFile } from '#core/imports/scan.ts';
import { noClaim } from './layout.ts';
import type { Claim, ReadLayout } from './layout.ts';

export const readTableLayout: ReadLayout = (found, options) => {
  const candidates = options.table
    ? [{ absolute: options.table, path: basename(options.table) }]
    : found.tables.map(({ absolute, path }) => ({ absolute, path }));
  const reasons: string[] = [];
  for (const table of candidates) {
    // A folder holds many CSV and JSON files that are no tables; only one named by the user must be readable.
    const read = options.table ? readTable(table.absolute) : tryTable(table.absolute);
    if (!read) continue;
    const columns = tableColumns(read.columns);
    if (!columns.file) {
      reasons.push(`${table.path} has no column for the file name`);
      continue;
    }
    const { claims, lacking, repeated } = matchRows(found.films, read.rows, columns);
    if (claims.size === 0) {
      reasons.push(`no row of ${table.path} names a file that is there`);
      continue;
    }
    return {
      layout: 'table',
      sentence: `Layout: one folder with a table. ${fieldsOf(columns)} read from ${table.path}.`,
      reader: basename(table.path),
      labelColumn: columns.label,
      claimOf: (file) => claims.get(file.path) ?? noClaim,
      dropped: read.columns.filter((name) => !Object.values(columns).includes(name)),
      pseudonyms: columns.patient ? [columns.patient] : [],
      notes: notesOn(found.films.length - claims.size, found.films.length, lacking, repeated),
      tables: [table.path],
    };
  }
  return { why: reasons[0] ?? 'there is no CSV or JSON table with a row a film' };
};

function tryTable(path: string): ReturnType<typeof readTable> | null {
  try {
    return readTable(path);
  } catch {
    return null;
  }
}

interface Matched {
  /** By path of the film. */
  claims: Map<string, Claim>;
  /** Files that rows name and that are not there. */
  lacking: string[];
  /** Rows of a file that an earlier row names too. */
  repeated: number;
}

/** What does not fit between the table and the films. */
function notesOn(unnamed: number, films: number, lacking: string[], repeated: number): string[] {
  const notes: string[] = [];
  if (unnamed > 0) notes.push(`Not in the table: ${unnamed} of ${many(films, 'film')}.`);
  if (lacking.length > 0)
    notes.push(`Named in the table, but not there: ${many(lacking.length, 'film')} (${firstOf(lacking)}).`);
  if (repeated > 0) notes.push(`Named more than once in the table: ${many(repeated, 'film')}; the last row counts.`);
  return notes;
}

/** Rows find their file by relative path, else by name with or without its ending. */
function matchRows(films: FoundFile[], rows: Row[], columns: TableColumns): Matched {
  const byName = new Map<string, Row>();
  const taken = new Set<string>();
  let repeated = 0;
  for (const row of rows) {
    const name = (row[columns.file ?? ''] ?? '').replaceAll('\\', '/').replace(/^\.\//, '').toLowerCase();
    if (byName.has(name)) repeated++;
    if (name) byName.set(name, row);
  }
  const claims = new Map<string, Claim>();
  for (const { path } of films) {
    const whole = path.toLowerCase();
    const name = basename(whole);
    const tails = whole.split('/').map((_, i, parts) => parts.slice(i).join('/'));
    const key = [...tails, name.replace(/\.[^.]+$/, '')].find((key) => byName.has(key));
    const row = byName.get(key ?? '');
    if (!row || key === undefined) continue;
    claims.set(path, claimOf(row, columns));
    taken.add(key);
  }
  return { claims, lacking: [...byName.keys()].filter((name) => !taken.has(name)), repeated };
}

function claimOf(row: Row, columns: TableColumns): Claim {
  const value = (name: string | null) => (name && row[name]?.trim()) || null;
  return {
    value: value(columns.label) ?? '',
    patient: value(columns.patient),
    study: value(columns.study),
    bodyPart: value(columns.bodyPart),
    projection: value(columns.projection)?.toLowerCase() ?? null,
    laterality: value(columns.laterality)?.toLowerCase() ?? null,
    source: value(columns.source),
  };
}

function fieldsOf(columns: TableColumns): string {
  const names: [string, string | null][] = [
    ['label', columns.label],
    ['body part', columns.bodyPart],
    ['patient', columns.patient],
    ['study', columns.study],
    ['view', columns.projection],
    ['side', columns.laterality],
    ['source', columns.source],
  ];
  const known = ['file', ...names.filter(([, column]) => column).map(([name]) => name)];
  const last = known.pop() ?? '';
  const list = known.length > 0 ? `${known.join(', ')} and ${last} are` : `${last} is`;
  return list.charAt(0).toUpperCase() + list.slice(1);
}
