// The last look before training: does anyone stand on two sides?
// Must not use what made the split: it looks at the films alone.
import type { Part } from '#api/xrays.ts';
import { Problem } from '#core/problem.ts';
import { tiesOf } from './groups.ts';
import type { SplitFilm } from './groups.ts';

/**
 * Refuses a split in which a patient, near-duplicates or pixel-identical films stand in two parts.
 * @param parts part of each film by id; films not in it are left out
 * @throws Problem SPLIT_LEAKS
 */
export function leakCheck(films: readonly SplitFilm[], parts: ReadonlyMap<number, Part>): void {
  const partWith = new Map<string, { part: Part; id: number }>();
  for (const film of films) {
    const part = parts.get(film.id);
    if (part === undefined) continue;
    for (const tie of tiesOf(film)) {
      const other = partWith.get(tie);
      if (other && other.part !== part) throw new Problem('SPLIT_LEAKS', { one: other.id, other: film.id });
      if (!other) partWith.set(tie, { part, id: film.id });
    }
  }
}
