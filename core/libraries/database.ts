// Opens the database of a library; one that is lost or found damaged is replaced, anything else is said.
// Must not put a database aside because the disk or another program is in the way.
import { existsSync, statSync } from 'node:fs';
import { openDb } from '#db/open.ts';
import type { Db } from '#db/open.ts';
import { DatabaseRefused } from '#db/refused.ts';
import { Problem, toProblem } from '#core/problem.ts';
import { backupFolders } from './backups.ts';
import type { LibraryPaths } from './folder.ts';
import { anyonePresent } from './presence.ts';
import { backUpBeforeMigration, rebuild } from './rebuild.ts';
import { checkDatabase } from './verify.ts';

/** Throws LIBRARY_NEWER, LIBRARY_LOCKED, FOLDER_UNREADABLE, DISK_FAILED, DISK_FULL. */
export function openDatabase(
  paths: LibraryPaths,
  { isNew, now, notices }: { isNew: boolean; now: () => Date; notices: string[] },
): { db: Db; replaced: boolean } {
  const replace = (reason: string) => {
    // Whoever has the library open would go on writing to the file in quarantine.
    if (anyonePresent(paths)) throw new Problem('LIBRARY_LOCKED');
    return { db: rebuild(paths, now(), reason, notices), replaced: true };
  };
  const lost = isNew ? null : lostDatabase(paths);
  if (lost !== null) return replace(lost);
  let db: Db;
  try {
    db = openDb(paths.database, {
      mustHold: !isNew && hasRecord(paths),
      backupBeforeMigration: () => backUpBeforeMigration(paths, now()),
    });
  } catch (error) {
    if (error instanceof DatabaseRefused && error.reason === 'damaged') return replace('osteon.db could not be read');
    throw inWords(paths, error);
  }
  try {
    const finding = isNew ? null : checkDatabase(db);
    if (finding === null) return { db, replaced: false };
    db.close();
    return replace(finding);
  } catch (error) {
    db.close();
    throw inWords(paths, error);
  }
}

/** Why there is no database to open, in words. */
function lostDatabase(paths: LibraryPaths): string | null {
  const found = statSync(paths.database, { throwIfNoEntry: false });
  if (!found) return 'osteon.db was missing';
  if (found.isDirectory()) return 'osteon.db was a folder';
  return found.size === 0 && hasRecord(paths) ? 'osteon.db was empty' : null;
}

/** Whether there is anything a database must know of; a library whose first opening was cut short has nothing. */
function hasRecord({ labelJournal, filmJournal, backups }: LibraryPaths): boolean {
  return [labelJournal, filmJournal].some(holdsSomething) || backupFolders(backups).length > 0;
}

function holdsSomething(file: string): boolean {
  return existsSync(file) && statSync(file).size > 0;
}

function inWords({ folder }: LibraryPaths, error: unknown): unknown {
  if (error instanceof DatabaseRefused && error.reason === 'newer') return new Problem('LIBRARY_NEWER');
  const code = (error as { code?: string } | null)?.code ?? '';
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH') {
    return new Problem('FOLDER_UNREADABLE', { folder, reason: 'osteon.db may not be opened' }, { cause: error });
  }
  return toProblem(error) ?? error;
}
