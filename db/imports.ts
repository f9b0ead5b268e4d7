// Imports, what they refused, and the rows they brought.
import type { Db } from './open.ts';
import type { XrayRow } from './tables.ts';

export interface ImportRow {
  id: number;
  at: string;
  title: string;
  root: string;
  layout: string;
  state: string;
  owner: number | null;
  found: number;
  duplicates: number;
}

export interface RefusalRow {
  path: string;
  code: string;
  reason: string;
}

export interface MarkRow {
  kind: string;
  label: string | null;
  x: number;
  y: number;
  width: number;
  height: number;
  source: string;
}

export function insertImport(db: Db, row: Omit<ImportRow, 'id'>): number {
  return db.run(db.build.insertInto('imports').values(row)).lastInsertRowid;
}

export function updateImport(db: Db, id: number, change: Partial<Omit<ImportRow, 'id'>>): void {
  db.run(db.build.updateTable('imports').set(change).where('id', '=', id));
}

export function insertRefusals(db: Db, id: number, rows: RefusalRow[]): void {
  for (const row of rows) db.run(db.build.insertInto('refusals').values({ import_id: id, ...row }));
}

export function listImports(db: Db): ImportRow[] {
  return db.all(db.build.selectFrom('imports').selectAll().orderBy('id', 'desc'));
}

export function getImport(db: Db, id: number): ImportRow | undefined {
  return db.get(db.build.selectFrom('imports').selectAll().where('id', '=', id));
}

export function refusalsOf(db: Db, id: number): RefusalRow[] {
  return db.all(db.build.selectFrom('refusals').select(['path', 'code', 'reason']).where('import_id', '=', id));
}

/** Films of an import that are not in the trash, a row a label (null: none). */
export function labelsOfImport(db: Db, id: number): { label: string | null; films: number }[] {
  return db.all(
    db.build
      .selectFrom('xrays')
      .leftJoin('labels', 'labels.xray_id', 'xrays.id')
      .select((e) => ['labels.label', e.fn.countAll<number>().as('films')])
      .where('import_id', '=', id)
      .where('trashed_at', 'is', null)
      .groupBy('labels.label'),
  );
}

export function xrayIdsOfImport(db: Db, id: number): number[] {
  return db.all(db.build.selectFrom('xrays').select('id').where('import_id', '=', id)).map((row) => row.id);
}

export interface KnownFilm {
  id: number;
  sha256: string;
  source_sha256: string;
  pixel_sha256: string;
  frame: number;
  file: string;
  trashed_at: string | null;
  /** That stands. */
  label: string | null;
}

function knownFilms(db: Db) {
  return db.build
    .selectFrom('xrays')
    .leftJoin('labels', 'labels.xray_id', 'xrays.id')
    .select(['id', 'sha256', 'source_sha256', 'pixel_sha256', 'frame', 'file', 'trashed_at', 'labels.label']);
}

/** Films that came from a file of this hash, in order of frame. */
export function filmsOfSource(db: Db, sha256: string): KnownFilm[] {
  return db.all(knownFilms(db).where('source_sha256', '=', sha256).orderBy('frame'));
}

export function filmsOfPixels(db: Db, sha256: string): KnownFilm[] {
  return db.all(knownFilms(db).where('pixel_sha256', '=', sha256).orderBy('id'));
}

export function findFilm(db: Db, sha256: string, frame: number): KnownFilm | undefined {
  return db.get(knownFilms(db).where('sha256', '=', sha256).where('frame', '=', frame));
}

export function insertXray(db: Db, row: XrayRow): number {
  return db.run(db.build.insertInto('xrays').values(row)).lastInsertRowid;
}

/** What another import says of a film that is there already; takes it out of the trash. */
export function claimXray(db: Db, id: number, row: XrayRow): void {
  const { file, patient, study, study_date, body_part, projection, laterality, source, synthetic, import_id } = row;
  const claims = { file, patient, study, study_date, body_part, projection, laterality, source, synthetic, import_id };
  const change = { ...claims, imported_at: row.imported_at, trashed_at: null };
  db.run(db.build.updateTable('xrays').set(change).where('id', '=', id));
}

export function insertMarks(db: Db, xray: number, rows: MarkRow[]): void {
  for (const row of rows) db.run(db.build.insertInto('marks').values({ xray_id: xray, ...row }));
}

/** Fingerprints of all films, for finding near-duplicates. */
export function fingerprints(
  db: Db,
): { id: number; fingerprint: Uint8Array; pixel_sha256: string; twin_group: number | null }[] {
  return db.all(
    db.build
      .selectFrom('xrays')
      .select(['id', 'fingerprint', 'pixel_sha256', 'twin_group'])
      .where('trashed_at', 'is', null)
      .orderBy('id'),
  );
}

/** Changes whenever films come in, go to the trash or come back from it. */
export function filmsState(db: Db): string {
  const query = 'SELECT count(*), total(id), total(id * id) FROM xrays WHERE trashed_at IS NULL';
  return (db.raw.prepare(query).raw().get() as number[]).join(' ');
}

export function setTwinGroup(db: Db, xray: number, group: number | null): void {
  db.run(db.build.updateTable('xrays').set({ twin_group: group }).where('id', '=', xray));
}

/** Marks films whose pixels carry both labels, among the given films and their copies; clears where they no longer do. */
export function refreshTwoLabels(db: Db, xrays: number[]): void {
  db.raw
    .prepare(
      `UPDATE xrays SET two_labels = (
         SELECT count(DISTINCT l.label) > 1 FROM xrays t JOIN labels l ON l.xray_id = t.id
         WHERE t.pixel_sha256 = xrays.pixel_sha256 AND t.trashed_at IS NULL AND l.label IN ('fracture', 'whole'))
       WHERE pixel_sha256 IN (
         SELECT pixel_sha256 FROM xrays WHERE pixel_sha256 IN (
           SELECT pixel_sha256 FROM xrays WHERE id IN (SELECT value FROM json_each(?)))
         GROUP BY pixel_sha256 HAVING count(*) > 1)`,
    )
    .run(JSON.stringify(xrays));
}

/** One row a kept file, also of films in the trash: nothing is deleted, so all must be there. */
export function keptFiles(db: Db): { sha256: string; file: string }[] {
  return db.all(
    db.build
      .selectFrom('xrays')
      .select((e) => ['sha256', e.fn.min('file').as('file')])
      .groupBy('sha256')
      .orderBy('sha256'),
  );
}

/** Films with a higher row number, in its order, also those in the trash. */
export function filmsAfter(db: Db, id: number): (XrayRow & { id: number })[] {
  return db.all(db.build.selectFrom('xrays').selectAll().where('id', '>', id).orderBy('id'));
}

/** The highest row number; 0 where there is no film. */
export function newestFilm(db: Db): number {
  return db.get(db.build.selectFrom('xrays').select((e) => e.fn.max('id').as('id')))?.id ?? 0;
}

export function marksOfFilm(db: Db, xray: number): MarkRow[] {
  const columns = ['kind', 'label', 'x', 'y', 'width', 'height', 'source'] as const;
  return db.all(db.build.selectFrom('marks').select(columns).where('xray_id', '=', xray).orderBy('id'));
}
