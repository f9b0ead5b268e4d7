// Who works in a library: every opening has a number, a folder for files on their way in, and a lock in that folder that
// the system drops when its process ends. Must not remove the folder of anyone who is still there.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { takeLock } from '#db/lock.ts';
import { Problem } from '#core/problem.ts';
import { makeFolder } from './durable.ts';
import type { LibraryPaths } from './folder.ts';

/** Opening reads the whole database: a large library on a slow disk takes its time. */
const OPENING_MS = 60_000;
const LOCK = 'in-use';

export interface Presence {
  /** Stands in rows as their owner; a process id would be given to another process after a while. */
  owner: number;
  /** Files on their way in, of this opening alone. */
  incoming: string;
  leave(): void;
}

/** Does the work while nobody else opens the library. Throws LIBRARY_LOCKED. */
export function openingAlone<T>(paths: LibraryPaths, work: () => T): T {
  makeFolder(paths.cache);
  const release = takeLock(join(paths.cache, 'opening'), OPENING_MS);
  if (!release) throw new Problem('LIBRARY_LOCKED');
  try {
    return work();
  } finally {
    release();
  }
}

/** Takes a place of one's own and clears away what the dead left. Only while opening alone. */
export function arrive(paths: LibraryPaths): Presence {
  for (const name of namesIn(paths.incoming))
    if (!isHeld(join(paths.incoming, name))) remove(join(paths.incoming, name));
  const owner = randomInt(1, 2 ** 47);
  const incoming = join(paths.incoming, String(owner));
  makeFolder(incoming);
  const release = takeLock(join(incoming, LOCK));
  if (!release) throw new Problem('LIBRARY_LOCKED');
  return {
    owner,
    incoming,
    leave() {
      release();
      remove(incoming);
    },
  };
}

/** Whether anyone has the library open. */
export function anyonePresent(paths: LibraryPaths): boolean {
  return namesIn(paths.incoming).some((name) => isHeld(join(paths.incoming, name)));
}

export function isPresent(paths: LibraryPaths, owner: number | null): boolean {
  return owner !== null && isHeld(join(paths.incoming, String(owner)));
}

function isHeld(folder: string): boolean {
  const file = join(folder, LOCK);
  if (!existsSync(file)) return false;
  const release = takeLock(file);
  release?.();
  return release === null;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** What another program still reads stays; the next opening tries again. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    return;
  }
}
