// One backup a day without asking, while the library is open anyway; the newest fortnight is kept.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countEvents } from '#db/labels.ts';
import { backUp, listBackups } from './backup.ts';
import type { OpenLibrary } from './open.ts';

const DAY_MS = 24 * 3600 * 1000;
const KEPT = 14;

/** Starts a backup where the newest is older than a day and decisions have been added since. Never throws. */
export function backUpDaily(library: OpenLibrary): void {
  const folder = join(library.paths.backups, 'daily');
  const newest = listBackups(folder)[0];
  const age = newest ? library.now().getTime() - Date.parse(newest.at) : Infinity;
  if (age < DAY_MS || countEvents(library.db) === (newest?.events ?? 0)) return;
  void backUp(library, folder).then(
    () => thinOut(folder),
    (error: unknown) => library.log.warn({ err: error }, 'daily backup failed'),
  );
}

function thinOut(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).sort().reverse().slice(KEPT))
    rmSync(join(folder, name), { recursive: true, force: true });
}
