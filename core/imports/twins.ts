// Keeps near-duplicate films known by a common group number, the row number of the first of them.
import { fingerprints, setTwinGroup } from '#db/imports.ts';
import { nearDuplicates } from '#core/imaging/near-duplicates.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';

/** Finds the groups anew over the whole library and writes what changed. */
export function regroupTwins(library: OpenLibrary): void {
  const { db } = library;
  const films = fingerprints(db);
  const groups = nearDuplicates(films.map((film) => film.fingerprint));
  const groupOf = new Map<number, number>();
  for (const members of groups) {
    const first = films[members[0] ?? -1]?.id;
    if (first === undefined) continue;
    for (const index of members) groupOf.set(films[index]?.id ?? -1, first);
  }
  db.write(() => {
    for (const film of films) {
      const group = groupOf.get(film.id) ?? null;
      if (film.twin_group !== group) setTwinGroup(db, film.id, group);
    }
  });
}
