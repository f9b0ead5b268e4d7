// Brings database and journals to the same state after a crash: what one has and the other lacks is copied over.
// Must not change or drop anything that is in either.
import { countEvents, eventsAfter, insertEvents, lastEvent } from '#db/labels.ts';
import { findFilm, insertMarks, insertXray } from '#db/imports.ts';
import type { MarkRow } from '#db/imports.ts';
import type { EventRow, XrayRow } from '#db/tables.ts';
import { eventHash } from '#core/labels/chain.ts';
import { readJournal } from './journal.ts';
import type { OpenLibrary } from './open.ts';

/** A film as its journal keeps it. The fingerprint is base64. */
export interface FilmLine {
  film: Omit<XrayRow, 'fingerprint' | 'twin_group' | 'two_labels' | 'trashed_at' | 'import_id'> & {
    fingerprint: string;
  };
  marks: MarkRow[];
}

/** Returns what was mended, in sentences; nothing when both agree. */
export function reconcile(library: OpenLibrary): string[] {
  const { db, labelJournal, paths } = library;
  const head = lastEvent(db);
  const last = labelJournal.last() as Partial<EventRow> | undefined;
  if ((head?.seq ?? 0) === (last?.seq ?? 0) && (head?.hash ?? null) === (last?.hash ?? null)) return [];
  const notices = [...bringBackFilms(library)];
  const { rows } = readJournal(paths.labelJournal);
  const journal = new Map((rows as EventRow[]).map((row) => [row.seq, row]));
  notices.push(...bringBackEvents(library, journal));
  const lacking = eventsAfter(db, 0, Number.MAX_SAFE_INTEGER).filter((event) => !journal.has(event.seq));
  labelJournal.append(lacking);
  return notices;
}

function bringBackFilms(library: OpenLibrary): string[] {
  const { db, paths } = library;
  let films = 0;
  db.write(() => {
    for (const line of readJournal(paths.filmJournal).rows as FilmLine[]) {
      if (!line.film || findFilm(db, line.film.sha256, line.film.frame)) continue;
      const fingerprint = Buffer.from(line.film.fingerprint, 'base64');
      const derived = { twin_group: null, two_labels: 0, trashed_at: null, import_id: null };
      insertMarks(db, insertXray(db, { ...line.film, ...derived, fingerprint }), line.marks);
      films++;
    }
  });
  return films > 0 ? [`${films} films were brought back from the film journal.`] : [];
}

/** Appends to the database what the journal has beyond its end, as far as the chain holds. */
function bringBackEvents(library: OpenLibrary, journal: Map<number, EventRow>): string[] {
  const { db } = library;
  const head = lastEvent(db);
  let previous = head?.hash ?? '0'.repeat(64);
  const missing: EventRow[] = [];
  for (let seq = (head?.seq ?? 0) + 1; ; seq++) {
    const event = journal.get(seq);
    if (!event || event.previous_hash !== previous || eventHash(event) !== event.hash) break;
    const xray = findFilm(db, event.film.split('#')[0] ?? '', Number(event.film.split('#')[1] ?? 0));
    if (!xray) break;
    missing.push({ ...event, xray_id: xray.id });
    previous = event.hash;
  }
  if (missing.length > 0) db.write(() => insertEvents(db, missing));
  const notices: string[] = [];
  if (missing.length > 0) notices.push(`${missing.length} decisions were brought back from the journal.`);
  const beyond = [...journal.keys()].filter((seq) => seq > countEvents(db)).length;
  if (beyond > 0) {
    notices.push(`${beyond} lines of labels.ndjson do not join the record; they were left where they are.`);
  }
  return notices;
}
