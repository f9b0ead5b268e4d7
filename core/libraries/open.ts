// Opens a library folder: makes it if asked, checks it, mends what it can, and says what was mended.
// Must not delete anything: what is damaged goes to quarantine.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { getMeta, setMeta } from '#db/meta.ts';
import type { Db } from '#db/open.ts';
import { findReader, insertReader } from '#db/readers.ts';
import type { Log } from '#core/log.ts';
import { Problem } from '#core/problem.ts';
import { openDatabase } from './database.ts';
import { makeFolder } from './durable.ts';
import { pathsOf } from './folder.ts';
import type { LibraryPaths } from './folder.ts';
import { Journal } from './journal.ts';
import { arrive, openingAlone } from './presence.ts';
import { noteJournalled, reconcile } from './reconcile.ts';
import { saltOf } from './salt.ts';
import { settleUnfinished } from './settle.ts';

export interface OpenLibrary {
  /** `incoming` is the folder of this opening alone. */
  paths: LibraryPaths;
  /** Number of this opening, by which rows say who is at work on them. */
  owner: number;
  db: Db;
  labelJournal: Journal;
  filmJournal: Journal;
  /** What was found and mended while opening, in sentences. */
  notices: string[];
  /** Secret of this library from which pseudonyms are made. */
  salt: string;
  openedAt: string;
  log: Log;
  /** The clock; only ever shown, never used for order. */
  now(): Date;
  close(): void;
}

export interface OpenOptions {
  create?: boolean;
  name?: string;
  log: Log;
  now?: () => Date;
}

const LOST_SALT =
  'The secret from which pseudonyms are made was lost too: films imported from now on do not join patients from before.';

/** Throws NOT_A_LIBRARY, LIBRARY_NEWER, LIBRARY_LOCKED, DISK_FULL, FOLDER_UNREADABLE. */
export function openLibrary(folder: string, options: OpenOptions): OpenLibrary {
  const paths = pathsOf(resolve(folder));
  const isNew = !existsSync(paths.database) && !existsSync(paths.labelJournal);
  if (isNew) checkNewFolder(paths, options.create ?? false);
  for (const path of [paths.folder, paths.originals, paths.models, paths.thumbnails]) makeFolder(path);
  return openingAlone(paths, () => openAlone(paths, isNew, options));
}

function openAlone(paths: LibraryPaths, isNew: boolean, options: OpenOptions): OpenLibrary {
  const now = options.now ?? (() => new Date());
  const notices: string[] = [];
  const { db, replaced } = openDatabase(paths, { isNew, now, notices });
  const presence = arrive(paths);
  const library: OpenLibrary = {
    paths: { ...paths, incoming: presence.incoming },
    owner: presence.owner,
    db,
    labelJournal: new Journal(paths.labelJournal),
    filmJournal: new Journal(paths.filmJournal),
    notices,
    salt: '',
    openedAt: now().toISOString(),
    log: options.log,
    now,
    close() {
      noteQuietly(library);
      library.labelJournal.close();
      library.filmJournal.close();
      db.close();
      presence.leave();
    },
  };
  try {
    const { salt, lost } = saltOf(db, paths);
    library.salt = salt;
    if (lost && replaced) notices.push(LOST_SALT);
    fillMeta(library, options.name);
    notices.push(...reconcile(library, replaced));
    settleUnfinished({ db, paths });
  } catch (error) {
    library.close();
    throw error;
  }
  for (const notice of notices) options.log.warn({ notice }, 'library opened');
  return library;
}

/** A disk that fails now must not keep a library from closing; the note comes with the next decision. */
function noteQuietly(library: OpenLibrary): void {
  try {
    noteJournalled(library);
  } catch (error) {
    library.log.warn({ err: error }, 'the state of the journal was not noted');
  }
}

function checkNewFolder(paths: LibraryPaths, create: boolean): void {
  const { folder } = paths;
  if (!existsSync(folder)) {
    if (!create) throw new Problem('NOT_A_LIBRARY', { folder, reason: 'there is no such folder' });
    return;
  }
  if (!statSync(folder).isDirectory()) throw new Problem('NOT_A_LIBRARY', { folder, reason: 'it is a file' });
  if (!create) throw new Problem('NOT_A_LIBRARY', { folder, reason: 'there is no osteon.db in it' });
  const others = readdirSync(folder).filter((name) => !name.startsWith('.'));
  if (others.length > 0) {
    throw new Problem('NOT_A_LIBRARY', { folder, reason: 'it holds other files, so no new library was made in it' });
  }
}

function fillMeta(library: OpenLibrary, name?: string): void {
  const { db, paths } = library;
  db.write(() => {
    if (!getMeta(db, 'name')) setMeta(db, 'name', name ?? basename(paths.folder));
    if (!getMeta(db, 'reader')) {
      const first = findReader(db, 'Reader 1') ?? insertReader(db, 'Reader 1', true, library.now().toISOString());
      setMeta(db, 'reader', String(first.id));
    }
  });
}
