// The trash: films put away and brought back. Nothing is deleted, labels stay on record.
import { setTrashed } from '#db/xrays.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';

export function putAway({ db, now }: OpenLibrary, xrays: number[]): { films: number } {
  return { films: db.write(() => setTrashed(db, xrays, now().toISOString())) };
}

export function bringBack({ db }: OpenLibrary, xrays: number[]): { films: number } {
  return { films: db.write(() => setTrashed(db, xrays, null)) };
}
