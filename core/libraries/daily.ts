// One backup a day without asking, while the library is open anyway; the newest fortnight is kept.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countEvents } from '#db/labels.ts';
import { backUp } from './backup.ts';
import { dailyFolder, listBackups } from './backups.ts';
import type { OpenLibrary } from './open.ts';

const DAY_MS = 24 * 3600 * 1000;
const LOOK_EVERY_MS = 3600 * 1000;
const KEPT = 14;

/** Looks now and every hour; returns what ends that. */
export function backUpDaily(library: OpenLibrary): () => void {
  let running = false;
  const look = () => {
    if (running || !isDue(library)) return;
    running = true;
    const folder = dailyFolder(library.paths.backups);
    void backUp(library, folder)
      .then(
        () => thinOut(folder),
        (error: unknown) => library.log.warn({ err: error }, 'daily backup failed'),
      )
      .finally(() => (running = false));
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Where the newest backup is older than a day and decisions have been added since. */
function isDue({ paths, db, now }: OpenLibrary): boolean {
  const newest = listBackups(paths.backups)[0];
  const ageMs = newest ? now().getTime() - Date.parse(newest.at) : Infinity;
  return ageMs >= DAY_MS && countEvents(db) !== (newest?.events ?? 0);
}

function thinOut(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).sort().reverse().slice(KEPT))
    rmSync(join(folder, name), { recursive: true, force: true });
}
