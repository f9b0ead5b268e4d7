// Opens a library folder: makes it if asked, checks it, mends what it can, and says what was mended.
// Must not delete anything: what is damaged goes to quarantine.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { getMeta, setMeta } from '#db/meta.ts';
import { openDb } from '#db/open.ts';
import type { Db } from '#db/open.ts';
import { DatabaseRefused } from '#db/refused.ts';
import { findReader, insertReader } from '#db/readers.ts';
import type { Log } from '#core/log.ts';
import { Problem } from '#core/problem.ts';
import { makeFolder } from './durable.ts';
import { pathsOf } from './folder.ts';
import type { LibraryPaths } from './folder.ts';
import { Journal } from './journal.ts';
import { arrive, openingAlone } from './presence.ts';
import { backUpBeforeMigration, rebuild } from './rebuild.ts';
import { reconcile } from './reconcile.ts';
import { settleUnfinished } from './settle.ts';
import { checkDatabase } from './verify.ts';

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
  const { db, replaced } = openOrRebuild(paths, isNew, now, notices);
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
      library.labelJournal.close();
      library.filmJournal.close();
      db.close();
      presence.leave();
    },
  };
  try {
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

function openOrRebuild(
  paths: LibraryPaths,
  isNew: boolean,
  now: () => Date,
  notices: string[],
): { db: Db; replaced: boolean } {
  const replace = (reason: string) => ({ db: rebuild(paths, now(), reason, notices), replaced: true });
  if (!isNew && !existsSync(paths.database)) return replace('osteon.db was missing');
  let db: Db;
  try {
    db = openDb(paths.database, { backupBeforeMigration: () => backUpBeforeMigration(paths, now()) });
  } catch (error) {
    if (error instanceof DatabaseRefused && error.reason === 'newer') throw new Problem('LIBRARY_NEWER');
    if (!isBroken(error)) throw error;
    return replace('osteon.db could not be read');
  }
  const finding = isNew ? null : checkDatabase(db);
  if (finding === null) return { db, replaced: false };
  db.close();
  return replace(finding);
}

function isBroken(error: unknown): boolean {
  if (error instanceof DatabaseRefused) return error.reason === 'damaged';
  const code = (error as { code?: unknown } | null)?.code;
  return (
    typeof code === 'string' && ['SQLITE_CANTOPEN', 'SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR'].includes(code)
  );
}

function fillMeta(library: OpenLibrary, name?: string): void {
  const { db, paths } = library;
  db.write(() => {
    if (!getMeta(db, 'salt')) setMeta(db, 'salt', randomBytes(32).toString('hex'));
    if (!getMeta(db, 'name')) setMeta(db, 'name', name ?? basename(paths.folder));
    if (!getMeta(db, 'reader')) {
      const first = findReader(db, 'Reader 1') ?? insertReader(db, 'Reader 1', true, library.now().toISOString());
      setMeta(db, 'reader', String(first.id));
    }
  });
  library.salt = getMeta(db, 'salt') ?? '';
}
