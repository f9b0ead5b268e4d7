// Keeps near-duplicate films known by a common group number, the row number of the first of them.
import { filmsState, fingerprints, setTwinGroup } from '#db/imports.ts';
import { getMeta, setMeta } from '#db/meta.ts';
import { nearDuplicates } from '#core/imaging/near-duplicates.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';

/** Name of the fact that says over which films the groups were found. */
const FOUND_OVER = 'twins found over';

/** Groups as they must stand before films are split: found anew where films came, went or came back since. */
export function freshTwins(library: OpenLibrary): void {
  if (getMeta(library.db, FOUND_OVER) !== filmsState(library.db)) regroupTwins(library);
}

/** Finds the groups anew over the whole library and writes what changed. */
export function regroupTwins(library: OpenLibrary): void {
  const { db } = library;
  const state = filmsState(db);
  const films = fingerprints(db);
  const groups = nearDuplicates(films.map((film) => film.fingerprint));
  const groupOf = new Map<number, number>();
  for (const members of groups) {
    const first = films[members[0] ?? -1]?.id;
    if (first === undefined) continue;
    for (const index of members) groupOf.set(films[index]?.id ?? -1, first);
  }
  db.write(() => {
    setMeta(db, FOUND_OVER, state);
    for (const film of films) {
      const group = groupOf.get(film.id) ?? null;
      if (film.twin_group !== group) setTwinGroup(db, film.id, group);
    }
  });
}
