// Brings database and journals to the same state after a crash: what one has and the other lacks is copied over.
// Must not change or drop anything that is in either.
import {
  countEvents,
  eventsAfter,
  insertEvents,
  lastEvent,
  readersOfEvents,
  straighten,
  strayLabels,
} from '#db/labels.ts';
import { filmsAfter, findFilm, insertMarks, insertXray, refreshTwoLabels } from '#db/imports.ts';
import { filmsJournalled, journalled, setFilmsJournalled, setJournalled } from '#db/meta.ts';
import { findReader, insertReader, readerNames } from '#db/readers.ts';
import { setTrashed } from '#db/xrays.ts';
import type { EventRow } from '#db/tables.ts';
import { regroupTwins } from '#core/imports/twins.ts';
import { firstOf, many } from '#core/many.ts';
import { CHAIN_START, eventHash } from '#core/labels/chain.ts';
import { readJournal } from './journal.ts';
import type { OpenLibrary } from './open.ts';
import { strayInWords } from './stray-labels.ts';
import { eventsNotIn, filmsNotIn, filmsWritten, journalTrash, journalWhole, keyOf } from './record.ts';
import type { FilmLine, TrashLine } from './record.ts';

/**
 * Returns what was mended, in sentences; nothing when both agree. `replaced`: the database is a backup or new, so the
 * journals know better what lies in the trash.
 */
export function reconcile(library: OpenLibrary, replaced: boolean): string[] {
  const { db, paths } = library;
  const { films, events, lostFilms, lost, beyond, strays } = db.write(() => {
    const filmLines = readJournal(paths.filmJournal).rows as (FilmLine | TrashLine)[];
    const eventLines = readJournal(paths.labelJournal).rows as EventRow[];
    const ids = bringBackFilms(library, filmLines);
    const brought = bringBackEvents(library, eventLines);
    bringBackReaders(library);
    const strays = strayLabels(db);
    straighten(db, strays);
    refreshTwoLabels(db, [...ids, ...strays.map(({ xray }) => xray)]);
    // What was decided last may be missing because the program was ended just then; what was written once, may not.
    const known = eventsAfter(db, 0, journalled(db));
    const lost = eventsNotIn(known, eventLines);
    const lostFilms = filmsNotIn(filmsAfter(db, 0), filmLines).filter(({ id }) => id <= filmsJournalled(db));
    journalWhole(library, filmLines, eventLines);
    reconcileTrash(library, filmLines, replaced);
    const last = countEvents(db);
    return {
      films: ids.length,
      events: brought,
      lost: lost.map(({ seq }) => String(seq)),
      lostFilms: lostFilms.map(({ file }) => file),
      beyond: new Set(eventLines.map(({ seq }) => seq).filter((seq) => seq > last)).size,
      strays,
    };
  });
  if (films > 0) regroupTwins(library);
  const notices = strays.map((stray) => `${strayInWords(stray)} It was set right.`);
  if (films > 0) notices.push(`${many(films, 'film was', 'films were')} brought back from the film journal.`);
  if (events > 0) notices.push(`${many(events, 'decision was', 'decisions were')} brought back from the journal.`);
  if (lostFilms.length > 0) notices.push(writtenAgain(lostFilms, 'film', 'films.ndjson'));
  if (lost.length > 0) notices.push(writtenAgain(lost, 'decision', 'labels.ndjson'));
  if (beyond > 0)
    notices.push(
      `Left where found: ${many(beyond, 'line')} of labels.ndjson that ${beyond === 1 ? 'does' : 'do'} not join the record.`,
    );
  return notices;
}

function writtenAgain(lost: string[], noun: string, journal: string): string {
  return `Missing from ${journal} and written there again: ${many(lost.length, noun)} (${firstOf(lost)}).`;
}

/** Notes that the journals hold what the database holds, so that one cut later is told from a sudden end. */
export function noteJournalled({ db, filmJournal, labelJournal }: OpenLibrary): void {
  const head = lastEvent(db);
  const last = labelJournal.lastOf((row) => (row as Partial<EventRow>).hash);
  if (head && head.hash === last && journalled(db) < head.seq) db.write(() => setJournalled(db, head.seq));
  const films = filmsWritten(filmJournal);
  if (filmsJournalled(db) < films) db.write(() => setFilmsJournalled(db, films));
}

function bringBackFilms({ db }: OpenLibrary, lines: (FilmLine | TrashLine)[]): number[] {
  const ids: number[] = [];
  const byFilm = new Map(lines.flatMap((line) => ('film' in line ? [[keyOf(line.film), line] as const] : [])));
  for (const line of byFilm.values()) {
    if (findFilm(db, line.film.sha256, line.film.frame)) continue;
    const fingerprint = Buffer.from(line.film.fingerprint, 'base64');
    const derived = { twin_group: null, two_labels: 0, trashed_at: null, import_id: null };
    const id = insertXray(db, { ...line.film, ...derived, fingerprint });
    insertMarks(db, id, line.marks);
    ids.push(id);
  }
  return ids;
}

/** Appends to the database what the journal has beyond its end, as far as the chain holds. */
function bringBackEvents({ db }: OpenLibrary, lines: EventRow[]): number {
  const head = lastEvent(db);
  let previous = head?.hash ?? CHAIN_START;
  const byPlace = Map.groupBy(lines, ({ seq }) => seq);
  const missing: EventRow[] = [];
  for (let seq = (head?.seq ?? 0) + 1; ; seq++) {
    const event = byPlace
      .get(seq)
      ?.findLast((line) => line.previous_hash === previous && eventHash(line) === line.hash);
    if (!event) break;
    const xray = findFilm(db, event.film.split('#')[0] ?? '', Number(event.film.split('#')[1] ?? 0));
    if (!xray) break;
    missing.push({ ...event, xray_id: xray.id });
    previous = event.hash;
  }
  insertEvents(db, missing);
  return missing.length;
}

/** Readers that stand in decisions only: their key is the name they came with. */
function bringBackReaders({ db, now }: OpenLibrary): void {
  const known = readerNames(db);
  for (const { reader, person } of readersOfEvents(db)) {
    if (!known.has(reader) && !findReader(db, reader)) insertReader(db, reader, person, now().toISOString());
  }
}

/** Where they differ the database is right, except when it was replaced: then the last line about a film is. */
function reconcileTrash(library: OpenLibrary, lines: (FilmLine | TrashLine)[], replaced: boolean): void {
  const { db } = library;
  const written = new Map<string, string | null>();
  for (const line of lines) if ('trashed' in line) for (const key of line.trashed) written.set(key, line.at);
  const differing = filmsAfter(db, 0).filter((film) => (written.get(keyOf(film)) ?? null) !== film.trashed_at);
  if (!replaced) {
    journalTrash(
      library,
      differing.map(({ id }) => id),
    );
    return;
  }
  const said = differing.filter((film) => written.has(keyOf(film)));
  const byTime = Map.groupBy(said, (film) => written.get(keyOf(film)) ?? null);
  for (const [at, films] of byTime) {
    const ids = films.map(({ id }) => id);
    setTrashed(db, ids, null);
    if (at !== null) setTrashed(db, ids, at);
  }
}
