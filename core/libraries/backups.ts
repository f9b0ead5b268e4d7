// The backups of a library, wherever they lie below one folder: made by hand, made daily, made before a migration.
// Must only read.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Backup } from '#api/libraries.ts';

export type Manifest = Omit<Backup, 'folder'> & { database: string };

export interface BackupFolder {
  folder: string;
  at: string;
  /** Null for a database that was put aside before a migration: no films are with it. */
  manifest: Manifest | null;
}

/** Where the daily ones lie. */
export function dailyFolder(backups: string): string {
  return join(backups, 'daily');
}

/** The newest first, by what they say of themselves; unfinished ones are not backups. */
export function backupFolders(backups: string): BackupFolder[] {
  return [backups, dailyFolder(backups)]
    .flatMap((parent) => namesIn(parent).map((name) => join(parent, name)))
    .flatMap((folder) => backupIn(folder) ?? [])
    .toSorted((a, b) => b.at.localeCompare(a.at));
}

/** Backups that can be restored, the newest first. */
export function listBackups(backups: string): Backup[] {
  return backupFolders(backups).flatMap(({ folder, manifest }) => (manifest ? [toBackup(folder, manifest)] : []));
}

export function toBackup(folder: string, { at, films, events, head }: Manifest): Backup {
  return { folder, at, films, events, head };
}

/** What a backup says of itself; null where that is missing or cannot be read. */
export function readManifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'backup.json'), 'utf8')) as Manifest;
  } catch {
    return null;
  }
}

function backupIn(folder: string): BackupFolder | null {
  const manifest = readManifest(folder);
  if (manifest) return { folder, at: manifest.at, manifest };
  const time = /(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3}Z)-before-migration$/.exec(folder);
  return time ? { folder, at: `${time[1]}:${time[2]}:${time[3]}.${time[4]}`, manifest: null } : null;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
