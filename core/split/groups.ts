// Films that must stand on one side of a split: one patient, one study, frames of one file, near-duplicates, identical copies.
// Pure; must not assign parts.
import type { Part } from '#api/xrays.ts';

export interface SplitFilm {
  id: number;
  label: 'fracture' | 'whole';
  /** null: unknown; the film counts on its own, or with its twins. */
  patient: string | null;
  /** One examination; known where the patient may not be. */
  study: string | null;
  /** Of the kept file: its frames show one moment. */
  fileSha256: string;
  /** Films that are near-duplicates of each other share one. */
  twinGroup: string | number | null;
  pixelSha256: string;
  /** Part of an earlier split with the same seed. */
  part: Part | null;
}

/** What ties films together: keys of one film, each also carried by the films it must stay with. */
export function tiesOf({ patient, study, fileSha256, twinGroup, pixelSha256 }: SplitFilm): string[] {
  const ties = [`pixels ${pixelSha256}`, `file ${fileSha256}`];
  if (patient !== null) ties.push(`patient ${patient}`);
  // Some tables number studies anew for each patient, so a study ties only films of whom nothing else is known.
  else if (study !== null) ties.push(`study ${study}`);
  if (twinGroup !== null) ties.push(`twins ${twinGroup}`);
  return ties;
}

/** Connected components over the ties (union-find), each in the films' order; groups in order of their first film. */
export function groupFilms(films: readonly SplitFilm[]): SplitFilm[][] {
  const parent = films.map((_, place) => place);
  const rootOf = (place: number): number => {
    let root = place;
    while (parent[root] !== root) root = parent[root] ?? root;
    for (let at = place; at !== root;) {
      const next = parent[at] ?? root;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  const firstWith = new Map<string, number>();
  films.forEach((film, place) => {
    for (const tie of tiesOf(film)) {
      const other = firstWith.get(tie);
      if (other === undefined) firstWith.set(tie, place);
      else parent[rootOf(place)] = rootOf(other);
    }
  });
  return [...Map.groupBy(films, (_, place) => rootOf(place)).values()];
}

/** Ids of films whose pixel-identical copies carry both labels: one of the labels is wrong, and no one knows which. */
export function contradictoryFilms(films: readonly SplitFilm[]): Set<number> {
  const bad = new Set<number>();
  for (const copies of Map.groupBy(films, (film) => film.pixelSha256).values()) {
    if (new Set(copies.map((film) => film.label)).size > 1) for (const film of copies) bad.add(film.id);
  }
  return bad;
}
