// Which library a step is meant for: of two windows one may open another library while the other still shows the first.
// Must not open anything.
import { createHash } from 'node:crypto';
import { getMeta } from '#db/meta.ts';
import { Problem } from '#core/problem.ts';
import type { OpenLibrary } from './open.ts';

/** The same after a restart, and another one for a copy in another folder. */
export function libraryId({ salt, paths }: Pick<OpenLibrary, 'salt' | 'paths'>): string {
  return createHash('sha256').update(`${salt} ${paths.folder}`).digest('hex').slice(0, 24);
}

/** The open library where it is the one that is meant, or none is named. Throws ANOTHER_LIBRARY. */
export function asMeant(open: OpenLibrary, meant: string | undefined): OpenLibrary {
  if (meant === undefined || meant === libraryId(open)) return open;
  throw new Problem('ANOTHER_LIBRARY', { name: getMeta(open.db, 'name') ?? 'Library' });
}
