// Facts about the library itself, by name. Must not know what they mean.
import type { Db } from './open.ts';

export function getMeta(db: Db, name: string): string | null {
  return db.get(db.build.selectFrom('meta').select('value').where('name', '=', name))?.value ?? null;
}

export function setMeta(db: Db, name: string, value: string): void {
  db.run(
    db.build
      .insertInto('meta')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value })),
  );
}

/** The decision up to which the journal is known to hold everything. */
export function setJournalled(db: Db, seq: number): void {
  setMeta(db, 'journalled', String(seq));
}

export function journalled(db: Db): number {
  return Number(getMeta(db, 'journalled') ?? 0);
}

/** The film up to which the film journal is known to hold everything. */
export function setFilmsJournalled(db: Db, xray: number): void {
  setMeta(db, 'films-journalled', String(xray));
}

export function filmsJournalled(db: Db): number {
  return Number(getMeta(db, 'films-journalled') ?? 0);
}
