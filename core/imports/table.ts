// Tables people bring: CSV, TSV, JSON or JSON lines with a row a film; columns known by their usual names.
// Must not interpret values.
import { readFileSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { uncsvCell } from '#core/labels/csv.ts';
import { Problem, toProblem } from '#core/problem.ts';

/** Column name -> text of the cell. */
export type Row = Record<string, string>;

export interface Table {
  columns: string[];
  rows: Row[];
}

/** A table larger than this is no table of films. */
const MAX_BYTES = 256 * 1024 * 1024;

export interface TableColumns {
  file: string | null;
  label: string | null;
  bodyPart: string | null;
  patient: string | null;
  study: string | null;
  source: string | null;
  projection: string | null;
  laterality: string | null;
}

const usualNames: Record<keyof TableColumns, string[]> = {
  file: ['file', 'file_name', 'filename', 'filestem', 'image', 'image_id', 'image_path', 'path', 'picture', 'name'],
  label: ['label', 'class', 'finding', 'diagnosis', 'fracture', 'fractured', 'fracture_visible', 'abnormal', 'answer'],
  bodyPart: ['body_part', 'bodypart', 'part', 'region', 'anatomy', 'body_region', 'site'],
  patient: ['patient', 'patient_id', 'patientid', 'subject', 'subject_id', 'case', 'case_id'],
  study: ['study', 'study_id', 'study_number', 'examination', 'exam', 'accession'],
  source: ['source', 'origin', 'collection', 'dataset', 'site_name', 'hospital'],
  projection: ['projection', 'view', 'view_position', 'plane'],
  laterality: ['laterality', 'side'],
};

/** Which column holds what, by name; null where there is none. */
export function tableColumns(columns: string[]): TableColumns {
  const plain = new Map(
    columns.map((name) => [
      name
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_'),
      name,
    ]),
  );
  const find = (names: string[]) => names.map((name) => plain.get(name)).find((name) => name !== undefined) ?? null;
  const found = Object.entries(usualNames).map(([field, names]) => [field, find(names)]);
  return Object.fromEntries(found) as TableColumns;
}

/** Reads a table whole. Throws TABLE_UNREADABLE. */
export function readTable(path: string): Table {
  const file = basename(path);
  try {
    if (statSync(path).size > MAX_BYTES) throw new Error('it is larger than 256 MB');
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    const ending = extname(path).toLowerCase();
    return ending === '.json' || ending === '.jsonl' ? fromJson(text, ending) : fromCsv(text, ending);
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown reason';
    const reason = toProblem(error)?.values['reason'] ?? said.replace(/\.$/, '');
    throw new Problem('TABLE_UNREADABLE', { file, reason }, { cause: error });
  }
}

function fromCsv(text: string, ending: string): Table {
  const first = text.slice(0, text.search(/\r?\n|$/));
  const count = (mark: string) => first.split(mark).length;
  const delimiter = ending === '.tsv' ? '\t' : ([',', ';', '\t'].sort((a, b) => count(b) - count(a))[0] ?? ',');
  const rows: string[][] = parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, trim: true });
  const columns = rows.shift() ?? [];
  if (columns.length === 0) throw new Error('it is empty');
  return { columns, rows: rows.map((cells) => rowOf(columns.map((name, i) => [name, uncsvCell(cells[i] ?? '')]))) };
}

function fromJson(text: string, ending: string): Table {
  const lines = ending === '.jsonl' ? text.split(/\r?\n/).filter(Boolean) : null;
  const parsed: unknown = lines ? lines.map((line) => JSON.parse(line) as unknown) : JSON.parse(text);
  const list = Array.isArray(parsed) ? parsed : firstList(parsed);
  if (!list) throw new Error('it holds no list of rows');
  const records = list.filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null);
  const columns = [...new Set(records.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown) =>
    value === null || value === undefined || typeof value === 'object'
      ? ''
      : String(value as string | number | boolean);
  return { columns, rows: records.map((row) => rowOf(columns.map((name) => [name, cell(row[name])]))) };
}

/** `{ "films": [ … ] }`: the one list inside. */
function firstList(parsed: unknown): unknown[] | null {
  if (typeof parsed !== 'object' || parsed === null) return null;
  return Object.values(parsed).find((value) => Array.isArray(value)) ?? null;
}

/** Columns may have any name, `__proto__` too: rows have no prototype. */
function rowOf(cells: [string, string][]): Row {
  const row = Object.create(null) as Row;
  for (const [name, value] of cells) row[name] = value;
  return row;
}
