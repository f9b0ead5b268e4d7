// Label events and the labels that stand. Must not decide anything: rows in, rows out.
import type { Db } from './open.ts';
import type { EventRow } from './tables.ts';

/** Variables SQLite takes in one statement, with room to spare. */
const CHUNK = 5000;

/** The newest event: its place in the order and its hash. */
export function lastEvent(db: Db): { seq: number; hash: string; at: string } | undefined {
  return db.get(db.build.selectFrom('events').select(['seq', 'hash', 'at']).orderBy('seq', 'desc').limit(1));
}

export function countEvents(db: Db): number {
  return db.get(db.build.selectFrom('events').select((e) => e.fn.countAll<number>().as('n')))?.n ?? 0;
}

/** Appends events and sets the labels that now stand; call inside `db.write`. */
export function insertEvents(db: Db, rows: EventRow[]): void {
  for (const row of rows) {
    db.run(db.build.insertInto('events').values(row));
    setStanding(db, row);
  }
}

function setStanding(db: Db, row: EventRow): void {
  const values = { label: row.after, reader: row.reader, at: row.at, seq: row.seq };
  db.run(
    db.build
      .insertInto('labels')
      .values({ xray_id: row.xray_id, ...values })
      .onConflict((conflict) => conflict.column('xray_id').doUpdateSet(values)),
  );
}

/** A label that stands other than it was decided: nulls where it, or any decision, is lacking. */
export interface StrayLabel {
  xray: number;
  file: string;
  stands: { label: string | null; reader: string; seq: number } | null;
  decided: EventRow | null;
}

/** Labels that are not what the last decision on their film says. */
export function strayLabels(db: Db): StrayLabel[] {
  const last = db.build
    .selectFrom('events')
    .select((e) => e.fn.max('seq').as('seq'))
    .groupBy('xray_id');
  const differing = db.build
    .selectFrom('events')
    .innerJoin('xrays', 'xrays.id', 'events.xray_id')
    .leftJoin('labels', 'labels.xray_id', 'events.xray_id')
    .select(['xrays.file', 'labels.label', 'labels.reader as by', 'labels.seq as place'])
    .selectAll('events')
    .where('events.seq', 'in', last)
    .where((e) =>
      e.or([
        e('labels.seq', 'is not', e.ref('events.seq')),
        e('labels.label', 'is not', e.ref('events.after')),
        e('labels.reader', 'is not', e.ref('events.reader')),
        e('labels.at', 'is not', e.ref('events.at')),
      ]),
    );
  const undecided = db.build
    .selectFrom('labels')
    .innerJoin('xrays', 'xrays.id', 'labels.xray_id')
    .select(['labels.xray_id as xray', 'xrays.file', 'labels.label', 'labels.reader', 'labels.seq'])
    .where('labels.xray_id', 'not in', db.build.selectFrom('events').select('xray_id'));
  return [
    ...db.all(differing).map(({ file, label, by, place, ...decided }) => ({
      xray: decided.xray_id,
      file,
      stands: by === null || place === null ? null : { label, reader: by, seq: place },
      decided,
    })),
    ...db.all(undecided).map(({ xray, file, ...stands }) => ({ xray, file, stands, decided: null })),
  ];
}

/** Makes labels what was decided last; call inside `db.write`. */
export function straighten(db: Db, strays: StrayLabel[]): void {
  for (const { xray, decided } of strays) {
    if (decided) setStanding(db, decided);
    else db.run(db.build.deleteFrom('labels').where('xray_id', '=', xray));
  }
}

/** The event that stands on each of the films; films without a decision are absent. */
export function standingEvents(db: Db, xrays: number[]): Map<number, EventRow> {
  const found = new Map<number, EventRow>();
  for (let i = 0; i < xrays.length; i += CHUNK) {
    const query = db.build
      .selectFrom('labels')
      .innerJoin('events', 'events.seq', 'labels.seq')
      .selectAll('events')
      .where('labels.xray_id', 'in', xrays.slice(i, i + CHUNK));
    for (const row of db.all(query)) found.set(row.xray_id, row);
  }
  return found;
}

export function eventsOfXray(db: Db, xray: number): EventRow[] {
  return db.all(db.build.selectFrom('events').selectAll().where('xray_id', '=', xray).orderBy('seq', 'desc'));
}

export function eventsOfAct(db: Db, act: number): EventRow[] {
  return db.all(db.build.selectFrom('events').selectAll().where('act', '=', act).orderBy('seq'));
}

export function eventsAfter(db: Db, seq: number, limit = 100_000): EventRow[] {
  return db.all(db.build.selectFrom('events').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit));
}

/** What a reader did after `afterSeq`, oldest first: one row an act, for the undo stack; `last` is its last event. */
export function actsOfReader(
  db: Db,
  reader: string,
  afterSeq: number,
): { act: number; why: string; reverts: number | null; last: number }[] {
  return db.all(
    db.build
      .selectFrom('events')
      .select((e) => ['act', 'why', 'reverts', e.fn.max('seq').as('last')])
      .where('reader', '=', reader)
      .where('seq', '>', afterSeq)
      .groupBy(['act', 'why', 'reverts'])
      .orderBy('act'),
  );
}

/** Key that names a film for good: the hash of its kept file and its frame. */
export function filmKeys(db: Db, xrays: number[]): Map<number, string> {
  const keys = new Map<number, string>();
  for (let i = 0; i < xrays.length; i += CHUNK) {
    const chunk = xrays.slice(i, i + CHUNK);
    const query = db.build.selectFrom('xrays').select(['id', 'sha256', 'frame']).where('id', 'in', chunk);
    for (const row of db.all(query)) keys.set(row.id, `${row.sha256}#${row.frame}`);
  }
  return keys;
}

/** Everyone who decided; `person` where anything but an import came from them. */
export function readersOfEvents(db: Db): { reader: string; person: boolean }[] {
  const rows = db.all(
    db.build
      .selectFrom('events')
      .select((e) => ['reader', e.fn.max(e.case().when('why', '=', 'import').then(0).else(1).end()).as('person')])
      .groupBy('reader')
      .orderBy((e) => e.fn.min('seq')),
  );
  return rows.map(({ reader, person }) => ({ reader, person: person === 1 }));
}
