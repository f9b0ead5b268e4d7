// The secret of a library from which pseudonyms are made: with another one the same patient would get another name and
// could both learn and judge. Kept in the database and in a file of its own, so that losing one does not lose it.
import { existsSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { getMeta, setMeta } from '#db/meta.ts';
import type { Db } from '#db/open.ts';
import { backupFolders } from './backups.ts';
import { writeDurably } from './durable.ts';
import { pathsOf } from './folder.ts';
import type { LibraryPaths } from './folder.ts';

/** `lost`: there was none to be found, so this is a new one. */
export function saltOf(db: Db, paths: LibraryPaths): { salt: string; lost: boolean } {
  const stored = getMeta(db, 'salt');
  const file = readSalt(paths.salt);
  const known = stored ?? file ?? inBackups(paths);
  const salt = known ?? randomBytes(32).toString('hex');
  if (file !== salt) writeDurably(paths.salt, `${salt}\n`);
  if (stored !== salt) setMeta(db, 'salt', salt);
  return { salt, lost: known === null };
}

function inBackups({ backups }: LibraryPaths): string | null {
  for (const { folder } of backupFolders(backups)) {
    const salt = readSalt(pathsOf(folder).salt);
    if (salt !== null) return salt;
  }
  return null;
}

function readSalt(path: string): string | null {
  if (!existsSync(path)) return null;
  const salt = readFileSync(path, 'utf8').trim();
  return /^[0-9a-f]{64}$/.test(salt) ? salt : null;
}
