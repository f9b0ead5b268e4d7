// Writes the journals: what the database has and they lack, in its order, under its write lock, so that a line missing
// because another process was killed is made up for by whoever writes next. Must not change the database.
import { eventsAfter } from '#db/labels.ts';
import { filmsAfter, findFilm, marksOfFilm, newestFilm } from '#db/imports.ts';
import type { MarkRow } from '#db/imports.ts';
import { trashStates, xraysByIds } from '#db/xrays.ts';
import type { EventRow, XrayRow } from '#db/tables.ts';
import { eventHash } from '#core/labels/chain.ts';
import { readJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import type { OpenLibrary } from './open.ts';

/** A film as its journal keeps it. The fingerprint is base64. */
export interface FilmLine {
  film: Omit<XrayRow, 'fingerprint' | 'twin_group' | 'two_labels' | 'trashed_at' | 'import_id'> & {
    fingerprint: string;
  };
  marks: MarkRow[];
}

/** Films (hash#frame) put into the trash at a time, or taken out of it (null). */
export interface TrashLine {
  trashed: string[];
  at: string | null;
}

type Recorded = Pick<OpenLibrary, 'db' | 'paths' | 'labelJournal' | 'filmJournal'>;

const FILMS_PER_LINE = 500;

/** Row number up to which the film journal is known to be whole. */
const filmsUpTo = new WeakMap<Journal, number>();

/** Row number of the last film that was seen into the journal, with all before it. */
export function filmsWritten(filmJournal: Journal): number {
  return filmsUpTo.get(filmJournal) ?? 0;
}

/** Puts on the disk what the journals lack: films first, so that no decision is there without its film. */
export function journalNew(library: Recorded): void {
  const { db, filmJournal, labelJournal } = library;
  db.write(() => {
    filmJournal.write(lackingFilms(library).map((film) => filmLine(library, film)));
    filmsUpTo.set(filmJournal, newestFilm(db));
    labelJournal.write(lackingEvents(library));
  });
  // Waiting for the disk without the lock: whoever syncs next also syncs what another wrote before.
  filmJournal.sync();
  labelJournal.sync();
}

/** The same with all lines of both journals compared, not only the end. Inside a transaction of the caller. */
export function journalWhole(library: Recorded, filmLines: unknown[], eventLines: unknown[]): void {
  const { db, filmJournal, labelJournal } = library;
  filmJournal.append(filmsNotIn(filmsAfter(db, 0), filmLines).map((film) => filmLine(library, film)));
  filmsUpTo.set(filmJournal, newestFilm(db));
  labelJournal.append(eventsNotIn(eventsAfter(db, 0, Number.MAX_SAFE_INTEGER), eventLines));
}

/** Writes down films anew of which something else is known now; the last line about a film counts. */
export function journalChanged(library: Recorded, films: number[]): void {
  if (films.length === 0) return;
  library.db.write(() =>
    library.filmJournal.append(xraysByIds(library.db, films).map((film) => filmLine(library, film))),
  );
  journalTrash(library, films);
}

/** Writes down whether films are in the trash, as it stands now. */
export function journalTrash({ db, filmJournal }: Recorded, films: number[]): void {
  db.write(() => {
    const byTime = Map.groupBy(trashStates(db, films), ({ trashed_at }) => trashed_at);
    const lines = [...byTime].flatMap(([at, rows]) => trashLines(rows.map(keyOf), at));
    filmJournal.append(lines);
  });
}

export function keyOf({ sha256, frame }: { sha256: string; frame: number }): string {
  return `${sha256}#${frame}`;
}

function trashLines(keys: string[], at: string | null): TrashLine[] {
  const lines: TrashLine[] = [];
  for (let i = 0; i < keys.length; i += FILMS_PER_LINE) lines.push({ trashed: keys.slice(i, i + FILMS_PER_LINE), at });
  return lines;
}

function lackingFilms({ db, filmJournal, paths }: Recorded): (XrayRow & { id: number })[] {
  const known = filmsUpTo.get(filmJournal) ?? 0;
  if (newestFilm(db) <= known) return [];
  const last = filmJournal.lastOf((row) => {
    const { film } = row as Partial<FilmLine>;
    return film && findFilm(db, film.sha256, film.frame)?.id;
  });
  // Other lines may fill the end of the journal.
  if (last === undefined) return filmsNotIn(filmsAfter(db, known), readJournal(paths.filmJournal).rows);
  return filmsAfter(db, Math.max(last, known));
}

export function filmsNotIn(films: (XrayRow & { id: number })[], rows: unknown[]): (XrayRow & { id: number })[] {
  const there = new Set((rows as Partial<FilmLine>[]).flatMap(({ film }) => (film ? [keyOf(film)] : [])));
  return films.filter((film) => !there.has(keyOf(film)));
}

function lackingEvents({ db, labelJournal, paths }: Recorded): EventRow[] {
  const last = labelJournal.lastOf((row) => {
    const { seq, hash } = row as Partial<EventRow>;
    return typeof seq === 'number' && eventsAfter(db, seq - 1, 1)[0]?.hash === hash ? seq : undefined;
  });
  if (last !== undefined) return eventsAfter(db, last, Number.MAX_SAFE_INTEGER);
  return eventsNotIn(eventsAfter(db, 0, Number.MAX_SAFE_INTEGER), readJournal(paths.labelJournal).rows);
}

/** A line that was changed counts as lacking. */
export function eventsNotIn(events: EventRow[], rows: unknown[]): EventRow[] {
  const there = new Set((rows as EventRow[]).filter((row) => eventHash(row) === row.hash).map(({ hash }) => hash));
  return events.filter(({ hash }) => !there.has(hash));
}

/** What the journal is to say of a film. */
export function filmLine({ db }: Pick<Recorded, 'db'>, row: XrayRow & { id: number }): FilmLine {
  const { id, twin_group: _t, two_labels: _l, trashed_at: _d, import_id: _i, ...film } = row;
  const fingerprint = Buffer.from(row.fingerprint).toString('base64');
  return { film: { ...film, fingerprint }, marks: marksOfFilm(db, id) };
}
