// Series of runs: what they are of, who is at them, and what their runs say together.
import type { Selectable } from 'kysely';
import type { RunRow } from './runs.ts';
import type { Db } from './open.ts';
import type { Tables } from './tables.ts';

export type SeriesRow = Selectable<Tables['series']>;

export function insertSeries(db: Db, row: Omit<SeriesRow, 'id'>): number {
  return db.run(db.build.insertInto('series').values(row)).lastInsertRowid;
}

export function updateSeries(
  db: Db,
  id: number,
  change: Partial<Pick<SeriesRow, 'owner' | 'checking' | 'test'>>,
): void {
  db.run(db.build.updateTable('series').set(change).where('id', '=', id));
}

export function listSeries(db: Db): SeriesRow[] {
  return db.all(db.build.selectFrom('series').selectAll().orderBy('id', 'desc'));
}

export function getSeries(db: Db, id: number): SeriesRow | undefined {
  return db.get(db.build.selectFrom('series').selectAll().where('id', '=', id));
}

/** Its runs in the order they were begun. */
export function runsOfSeries(db: Db, id: number): RunRow[] {
  return db.all(db.build.selectFrom('runs').selectAll().where('series_id', '=', id).orderBy('id'));
}

/** Series that have an owner. */
export function unfinishedSeries(db: Db): { id: number; owner: number | null }[] {
  return db.all(db.build.selectFrom('series').select(['id', 'owner']).where('owner', 'is not', null));
}

export function insertSeriesFilms(db: Db, id: number, answers: { xray: number; probability: number }[]): void {
  for (const { xray, probability } of answers)
    db.run(db.build.insertInto('series_films').values({ series_id: id, xray_id: xray, probability }));
}

export function seriesFilms(db: Db, id: number): Map<number, number> {
  const query = db.build.selectFrom('series_films').select(['xray_id', 'probability']).where('series_id', '=', id);
  return new Map(db.all(query).map(({ xray_id: xray, probability }) => [xray, probability]));
}
