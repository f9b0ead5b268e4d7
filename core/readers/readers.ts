// Readers: who gives labels. A reader's key never changes, the name shown may.
import type { Reader } from '#api/settings.ts';
import { getMeta, setMeta } from '#db/meta.ts';
import { findReader, getReader, insertReader, listReaders, renameReader } from '#db/readers.ts';
import type { Reader as ReaderRow } from '#db/readers.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';

export function readersOf(library: OpenLibrary): Reader[] {
  const current = Number(getMeta(library.db, 'reader'));
  return listReaders(library.db).map((row) => ({
    id: row.id,
    name: row.name,
    labels: row.labels,
    lastAt: row.last_at,
    current: row.id === current,
    person: row.person === 1,
  }));
}

/** The reader in the top bar. */
export function currentReader(library: OpenLibrary): ReaderRow {
  const reader = getReader(library.db, Number(getMeta(library.db, 'reader')));
  if (!reader) throw new Problem('READER_NOT_FOUND', { reader: '?' });
  return reader;
}

/** The reader of this name; made where there is none. `person` is false for tables and folders that give labels. */
export function readerNamed(library: OpenLibrary, name: string, person = true): ReaderRow {
  const { db } = library;
  return db.write(() => findReader(db, name) ?? insertReader(db, name, person, library.now().toISOString()));
}

/** Throws READER_EXISTS. */
export function addReader(library: OpenLibrary, name: string): Reader[] {
  const { db } = library;
  if (findReader(db, name)) throw new Problem('READER_EXISTS', { reader: name });
  setMeta(db, 'reader', String(readerNamed(library, name).id));
  return readersOf(library);
}

/** Throws READER_NOT_FOUND, READER_EXISTS. */
export function changeName(library: OpenLibrary, id: number, name: string): Reader[] {
  if (!getReader(library.db, id)) throw new Problem('READER_NOT_FOUND', { reader: id });
  const other = findReader(library.db, name);
  if (other && other.id !== id) throw new Problem('READER_EXISTS', { reader: name });
  renameReader(library.db, id, name);
  return readersOf(library);
}

/** Throws READER_NOT_FOUND. */
export function chooseReader(library: OpenLibrary, id: number): Reader[] {
  if (!getReader(library.db, id)) throw new Problem('READER_NOT_FOUND', { reader: id });
  setMeta(library.db, 'reader', String(id));
  return readersOf(library);
}
