// Learning and choosing films in turn: each of a few folds is chosen by once, while the others are learned from.
// Pure and seeded. Films to judge with stay what they are: a figure over folds never opens them.
import type { Part } from '#api/xrays.ts';
import { random } from '#core/random.ts';
import { groupFilms } from './groups.ts';
import type { SplitFilm } from './groups.ts';

export interface Fold {
  /** From 1. */
  number: number;
  of: number;
}

const labels = ['fracture', 'whole'] as const;

/**
 * Parts with this fold to choose by. Films that belong together (patients, near-duplicates, copies) stand in one fold; each
 * fold has about as many of each class, the largest groups placed first and equals in seeded order.
 */
export function foldParts(
  films: readonly SplitFilm[],
  parts: ReadonlyMap<number, Part>,
  { number, of }: Fold,
  seed: number,
): Map<number, Part> {
  const learnable = (film: SplitFilm) => parts.has(film.id) && parts.get(film.id) !== 'judge';
  const groups = groupFilms(films)
    .map((group) => group.filter(learnable))
    .filter((group) => group.length > 0);
  const ordered = random(seed)
    .shuffle(groups)
    .sort((a, b) => b.length - a.length);
  const folds = Array.from({ length: of }, () => ({ fracture: 0, whole: 0 }));
  const made = new Map(parts);
  for (const group of ordered) {
    const counts = { fracture: 0, whole: 0 };
    for (const { label } of group) counts[label]++;
    // Where this class is scarcest: the sum of squares grows least.
    const growth = (fold: number) =>
      labels.reduce((sum, label) => sum + (2 * (folds[fold]?.[label] ?? 0) + counts[label]) * counts[label], 0);
    const best = folds.reduce((least, _, fold) => (growth(fold) < growth(least) ? fold : least), 0);
    const fold = folds[best];
    if (fold) for (const label of labels) fold[label] += counts[label];
    for (const film of group) made.set(film.id, best === number - 1 ? 'choose' : 'learn');
  }
  return made;
}
