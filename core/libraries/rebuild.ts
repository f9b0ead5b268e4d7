// When a database cannot be trusted: put it aside, start from the newest good backup, let the journals add the rest.
// Must not delete anything.
import { copyFileSync, existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { openDb } from '#db/open.ts';
import type { Db } from '#db/open.ts';
import { listRuns } from '#db/runs.ts';
import { backupFolders } from './backups.ts';
import { makeFolder, syncFile, syncFolder } from './durable.ts';
import type { LibraryPaths } from './folder.ts';
import { checkDatabase } from './verify.ts';

const PARTS = ['osteon.db', 'osteon.db-wal', 'osteon.db-shm'];

/** Moves the database and its companions to quarantine together and returns a database that can be trusted. */
export function rebuild(paths: LibraryPaths, now: Date, reason: string, notices: string[]): Db {
  const aside = join(paths.quarantine, fileTime(now));
  makeFolder(aside);
  for (const name of PARTS) {
    const from = join(paths.folder, name);
    if (existsSync(from)) renameSync(from, join(aside, name));
  }
  const source = newestGoodBackup(paths);
  if (source) {
    copyFileSync(source.file, paths.database);
    syncFile(paths.database);
  }
  syncFolder(paths.folder);
  const db = openDb(paths.database);
  const models = putModelsAside(paths, db, join(aside, 'models'));
  const since = source ? ` since the backup of ${source.at}` : '';
  notices.push(
    source
      ? `The database was replaced from a backup and the journals because ${reason}. The old files are in quarantine.`
      : `The database was rebuilt from the journals because ${reason}. The old files are in quarantine.`,
    `Not restored: runs, splits, openings of judging films, the list of imports and changed names of readers${since}.` +
      (models > 0 ? ` Models without their run are in quarantine: ${models}.` : ''),
  );
  return db;
}

/** A run that went on after a stop, or came from elsewhere, has its model under another name than its number. */
function folderIn(record: string): string {
  return (JSON.parse(record) as { folder?: string }).folder ?? '';
}

/** A run that comes later would get the number of a model whose run is lost, and write over it. */
function putModelsAside({ models }: LibraryPaths, db: Db, aside: string): number {
  const known = new Set(listRuns(db).flatMap(({ id, record }) => [String(id), folderIn(record)]));
  const unknown = existsSync(models) ? readdirSync(models).filter((name) => !known.has(name)) : [];
  for (const name of unknown) {
    makeFolder(aside);
    renameSync(join(models, name), join(aside, name));
  }
  return unknown.length;
}

/** Copies the database as it is, before its shape changes. */
export function backUpBeforeMigration(paths: LibraryPaths, now: Date): void {
  const folder = join(paths.backups, `${fileTime(now)}-before-migration`);
  makeFolder(folder);
  for (const name of PARTS) {
    const from = join(paths.folder, name);
    if (!existsSync(from)) continue;
    copyFileSync(from, join(folder, name));
    syncFile(join(folder, name));
  }
  syncFolder(folder);
}

/** A time that can stand in a file name, in UTC, sorted as text. */
export function fileTime(now: Date): string {
  return now.toISOString().replace(/[:.]/g, '-');
}

function newestGoodBackup({ backups }: LibraryPaths): { file: string; at: string } | null {
  for (const { folder, at } of backupFolders(backups)) {
    const file = join(folder, 'osteon.db');
    if (existsSync(file) && isGood(file)) return { file, at };
  }
  return null;
}

function isGood(file: string): boolean {
  try {
    const db = openDb(file, { readonly: true });
    try {
      return checkDatabase(db) === null;
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
}
