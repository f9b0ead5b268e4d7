// Readers of a library and how much each has labelled.
import type { Db } from './open.ts';

export interface ReaderRow {
  id: number;
  key: string;
  name: string;
  person: number;
  labels: number;
  last_at: string | null;
}

export function listReaders(db: Db): ReaderRow[] {
  return db.all(
    db.build
      .selectFrom('readers')
      .leftJoin('events', (join) =>
        join.onRef('events.reader', '=', 'readers.key').on('events.why', 'in', ['read', 'import']),
      )
      .select((e) => [
        'readers.id',
        'readers.key',
        'readers.name',
        'readers.person',
        e.fn.count<number>('events.seq').as('labels'),
        e.fn.max('events.at').as('last_at'),
      ])
      .groupBy('readers.id')
      .orderBy('readers.id'),
  );
}

export interface Reader {
  id: number;
  key: string;
  name: string;
}

const columns = ['id', 'key', 'name'] as const;

export function findReader(db: Db, name: string): Reader | undefined {
  return db.get(db.build.selectFrom('readers').select(columns).where('name', '=', name));
}

export function getReader(db: Db, id: number): Reader | undefined {
  return db.get(db.build.selectFrom('readers').select(columns).where('id', '=', id));
}

export function readerNames(db: Db): Map<string, string> {
  const rows = db.all(db.build.selectFrom('readers').select(['key', 'name']));
  return new Map(rows.map((row) => [row.key, row.name]));
}

/** Adds a reader; `person` is false for tables and folders that gave labels. The key never changes afterwards. */
export function insertReader(db: Db, name: string, person: boolean, at: string): Reader {
  const taken = new Set(db.all(db.build.selectFrom('readers').select('key')).map((row) => row.key));
  let key = name;
  for (let n = 2; taken.has(key); n++) key = `${name}~${n}`;
  const { lastInsertRowid } = db.run(
    db.build.insertInto('readers').values({ key, name, person: person ? 1 : 0, created_at: at }),
  );
  return { id: lastInsertRowid, key, name };
}

export function renameReader(db: Db, id: number, name: string): void {
  db.run(db.build.updateTable('readers').set({ name }).where('id', '=', id));
}
