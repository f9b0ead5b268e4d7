// Runs, their epochs, films, splits and the openings of judging films.
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Db } from './open.ts';
import type { Tables } from './tables.ts';

export type RunRow = Selectable<Tables['runs']>;

export interface RunFilm {
  xray_id: number;
  part: string;
  label: string;
  probability: number | null;
}

export function insertRun(db: Db, row: Omit<RunRow, 'id' | 'series_id'> & Partial<Pick<RunRow, 'series_id'>>): number {
  return db.run(db.build.insertInto('runs').values(row)).lastInsertRowid;
}

export function updateRun(db: Db, id: number, change: Partial<Omit<RunRow, 'id'>>): void {
  db.run(db.build.updateTable('runs').set(change).where('id', '=', id));
}

export function listRuns(db: Db): RunRow[] {
  return db.all(db.build.selectFrom('runs').selectAll().orderBy('id', 'desc'));
}

export function getRun(db: Db, id: number): RunRow | undefined {
  return db.get(db.build.selectFrom('runs').selectAll().where('id', '=', id));
}

/** Newest run that has a model. */
export function newestModel(db: Db): number | null {
  const query = db.build
    .selectFrom('runs')
    .select('id')
    .where('state', 'in', ['done', 'stopped'])
    .where('best_epoch', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1);
  return db.get(query)?.id ?? null;
}

export function insertEpoch(db: Db, run: number, epoch: number, row: string): void {
  db.run(db.build.insertInto('epochs').values({ run_id: run, epoch, row }));
}

export function deleteEpochsAfter(db: Db, run: number, epoch: number): void {
  db.run(db.build.deleteFrom('epochs').where('run_id', '=', run).where('epoch', '>', epoch));
}

export function epochsOf(db: Db, run: number): string[] {
  const query = db.build.selectFrom('epochs').select('row').where('run_id', '=', run).orderBy('epoch');
  return db.all(query).map((row) => row.row);
}

export function insertRunFilms(db: Db, run: number, films: RunFilm[]): void {
  for (const film of films) db.run(db.build.insertInto('run_films').values({ run_id: run, ...film }));
}

export function setProbabilities(db: Db, run: number, answers: { xray: number; probability: number }[]): void {
  for (const { xray, probability } of answers) {
    db.run(
      db.build.updateTable('run_films').set({ probability }).where('run_id', '=', run).where('xray_id', '=', xray),
    );
  }
}

export function runFilms(db: Db, run: number, part?: string): RunFilm[] {
  let query = db.build
    .selectFrom('run_films')
    .select(['xray_id', 'part', 'label', 'probability'])
    .where('run_id', '=', run)
    .orderBy('xray_id');
  if (part) query = query.where('part', '=', part);
  return db.all(query);
}

export interface Candidate {
  id: number;
  sha256: string;
  pixel_sha256: string;
  frame: number;
  media_type: string;
  patient: string | null;
  study: string | null;
  twin_group: number | null;
  body_part: string | null;
  source: string | null;
  synthetic: number;
  label: string | null;
  part: string | null;
}

/** Every film not in the trash with what a split needs to know; `part` as stored for this seed. */
export function candidates(db: Db, splitSeed: number): Candidate[] {
  return db.all(
    db.build
      .selectFrom('xrays as x')
      .leftJoin('labels as l', 'l.xray_id', 'x.id')
      .leftJoin('split_films as s', (join) => join.onRef('s.xray_id', '=', 'x.id').on('s.seed', '=', splitSeed))
      .select([
        'x.id',
        'x.sha256',
        'x.pixel_sha256',
        'x.frame',
        'x.media_type',
        'x.patient',
        'x.study',
        'x.twin_group',
        'x.body_part',
        'x.source',
        'x.synthetic',
        'l.label',
        's.part',
      ])
      .where('x.trashed_at', 'is', null)
      .orderBy('x.id'),
  );
}

export function storeSplit(db: Db, seed: number, films: { id: number; part: string }[]): void {
  for (const { id, part } of films) {
    db.run(
      db.build
        .insertInto('split_films')
        .values({ seed, xray_id: id, part })
        .onConflict((conflict) => conflict.columns(['seed', 'xray_id']).doUpdateSet({ part })),
    );
  }
}

export function insertOpening(
  db: Db,
  row: { at: string; run_id: number; seed: number; split_hash: string; series_id: number | null },
): void {
  db.run(db.build.insertInto('openings').values(row));
}

export function countOpenings(db: Db, seed: number): number {
  const query = db.build
    .selectFrom('openings')
    .select(sql<number>`count(*)`.as('n'))
    .where('seed', '=', seed);
  return db.get(query)?.n ?? 0;
}

/** Runs and imports that have an owner or say they are at work. */
export function unfinished(db: Db): {
  runs: { id: number; state: string; owner: number | null }[];
  imports: { id: number; owner: number | null }[];
} {
  const runs = db.all(
    db.build
      .selectFrom('runs')
      .select(['id', 'state', 'owner'])
      .where((e) => e.or([e('state', '=', 'running'), e('owner', 'is not', null)])),
  );
  const imports = db.all(db.build.selectFrom('imports').select(['id', 'owner']).where('state', '=', 'running'));
  return { runs, imports };
}
