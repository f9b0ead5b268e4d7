// Backups: a whole library in another folder, checked when made. Restoring goes into an empty folder only.
// Must never change the library it copies or the backup it restores.
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Backup } from '#api/libraries.ts';
import { countEvents, lastEvent } from '#db/labels.ts';
import { keptFiles } from '#db/imports.ts';
import { openDb } from '#db/open.ts';
import { Problem, toProblem } from '#core/problem.ts';
import { readManifest, toBackup } from './backups.ts';
import type { Manifest } from './backups.ts';
import { linkOrCopy, makeFolder, syncFile, syncFolder, writeDurably } from './durable.ts';
import { originalPath, pathsOf } from './folder.ts';
import type { LibraryPaths } from './folder.ts';
import type { OpenLibrary } from './open.ts';
import { fileTime } from './rebuild.ts';
import { checkDatabase, hashFile } from './verify.ts';

/**
 * Copies database, journals, films, models and bodies while the library is in use, then opens the copy and checks it.
 * `into` defaults to the library's own `backups`. Throws BACKUP_FAILED, PATH_UNUSABLE,
 * DISK_FULL; a backup that fails its check is not kept.
 */
export async function backUp(library: OpenLibrary, into?: string): Promise<Backup> {
  const at = library.now();
  const parent = resolve(into ?? library.paths.backups);
  const folder = join(parent, fileTime(at));
  const unfinished = `${folder}.part`;
  try {
    makeFolder(unfinished);
    const manifest = await copyLibrary(library, pathsOf(unfinished), at);
    writeDurably(join(unfinished, 'backup.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    syncFolder(unfinished);
    renameSync(unfinished, folder);
    syncFolder(parent);
    return toBackup(folder, manifest);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw toProblem(error) ?? new Problem('BACKUP_FAILED', { reason: reasonOf(error) }, { cause: error });
  }
}

async function copyLibrary(library: OpenLibrary, to: LibraryPaths, at: Date): Promise<Manifest> {
  // Journals first: a decision made meanwhile is then in the database copy and reconciled, never the other way round.
  for (const name of ['labelJournal', 'filmJournal', 'salt'] as const) {
    if (!existsSync(library.paths[name])) continue;
    copyFileSync(library.paths[name], to[name]);
    syncFile(to[name]);
  }
  library.db.raw.prepare('VACUUM INTO ?').run(to.database);
  syncFile(to.database);
  const copy = openDb(to.database, { readonly: true });
  try {
    const broken = checkDatabase(copy);
    if (broken) throw new Problem('BACKUP_FAILED', { reason: broken });
    const films = keptFiles(copy);
    for (const { sha256, file } of films) {
      const from = originalPath(library.paths, sha256);
      if (!existsSync(from)) throw new Problem('BACKUP_FAILED', { reason: `the kept file of ${file} is missing` });
      linkOrCopy(from, originalPath(to, sha256));
    }
    copyModels(library.paths.models, to.models);
    copyModels(library.paths.bodies, to.bodies);
    return {
      at: at.toISOString(),
      films: films.length,
      events: countEvents(copy),
      head: lastEvent(copy)?.hash ?? '',
      database: await hashFile(to.database),
    };
  } finally {
    copy.close();
  }
}

function copyModels(from: string, to: string): void {
  makeFolder(to);
  for (const run of existsSync(from) ? readdirSync(from) : []) {
    for (const name of readdirSync(join(from, run))) linkOrCopy(join(from, run, name), join(to, run, name));
  }
}

/**
 * Checks a backup whole, then copies it into an empty folder.
 * Throws BACKUP_DAMAGED (nothing is written), RESTORE_TARGET_USED, DISK_FULL.
 */
export async function restore(backup: string, into: string): Promise<Backup> {
  const from = pathsOf(resolve(backup));
  const to = pathsOf(resolve(into));
  const manifest = await checkBackup(from);
  if (existsSync(to.folder) && readdirSync(to.folder).length > 0) {
    throw new Problem('RESTORE_TARGET_USED', { folder: to.folder });
  }
  const unfinished = pathsOf(`${to.folder}.part`);
  rmSync(unfinished.folder, { recursive: true, force: true });
  try {
    copyTree(from.folder, unfinished.folder);
    if (existsSync(to.folder)) rmSync(to.folder, { recursive: true });
    renameSync(unfinished.folder, to.folder);
    return toBackup(to.folder, manifest);
  } catch (error) {
    rmSync(unfinished.folder, { recursive: true, force: true });
    throw error;
  }
}

async function checkBackup(paths: LibraryPaths): Promise<Manifest> {
  const damaged = (reason: string) => new Problem('BACKUP_DAMAGED', { folder: paths.folder, reason });
  if (!existsSync(join(paths.folder, 'backup.json'))) throw damaged('backup.json is missing');
  const manifest = readManifest(paths.folder);
  if (!manifest) throw damaged('backup.json cannot be read');
  if (!existsSync(paths.database)) throw damaged('osteon.db is missing');
  if ((await hashFile(paths.database)) !== manifest.database) throw damaged('osteon.db is not what was backed up');
  const db = openDb(paths.database, { readonly: true });
  try {
    const broken = checkDatabase(db);
    if (broken) throw damaged(broken);
    if (countEvents(db) !== manifest.events || (lastEvent(db)?.hash ?? '') !== manifest.head) {
      throw damaged('decisions are missing from it');
    }
    for (const { sha256, file } of keptFiles(db)) {
      const path = originalPath(paths, sha256);
      if (!existsSync(path)) throw damaged(`the film ${file} is missing`);
      if ((await hashFile(path)) !== sha256) throw damaged(`the film ${file} is damaged`);
    }
  } finally {
    db.close();
  }
  return manifest;
}

/** Copies, never links: the restored library must not share files with its backup. */
function copyTree(from: string, to: string): void {
  makeFolder(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === 'backup.json' || entry.name.startsWith('osteon.db-')) continue;
    if (entry.isDirectory()) copyTree(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile()) {
      copyFileSync(join(from, entry.name), join(to, entry.name));
      syncFile(join(to, entry.name));
    }
  }
  syncFolder(to);
}

/** What `toProblem` has no words for. */
function reasonOf(error: unknown): string {
  return (error as { code?: string } | null)?.code ?? 'it could not be written';
}
