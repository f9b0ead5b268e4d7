// The trash: films put away and brought back. Nothing is deleted, labels stay on record.
import { setTrashed } from '#db/xrays.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { journalTrash } from '#core/libraries/record.ts';

export function putAway(library: OpenLibrary, xrays: number[]): { films: number } {
  return move(library, xrays, library.now().toISOString());
}

export function bringBack(library: OpenLibrary, xrays: number[]): { films: number } {
  return move(library, xrays, null);
}

function move(library: OpenLibrary, xrays: number[], at: string | null): { films: number } {
  const films = library.db.write(() => setTrashed(library.db, xrays, at));
  journalTrash(library, xrays);
  return { films };
}
