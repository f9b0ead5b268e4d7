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
 * @param learnOnly films that are learned from in every fold, but for those tied to a film to choose by
 */
export function foldParts(
  films: readonly SplitFilm[],
  parts: ReadonlyMap<number, Part>,
  { number, of }: Fold,
  seed: number,
  learnOnly: ReadonlySet<number> = new Set(),
): Map<number, Part> {
  const learnable = (film: SplitFilm) => parts.has(film.id) && parts.get(film.id) !== 'judge';
  const groups = groupFilms(films)
    .map((group) => group.filter(learnable))
    .map((group) => ({ all: group, own: group.filter(({ id }) => !learnOnly.has(id)) }))
    .filter(({ own }) => own.length > 0)
    .sort((a, b) => (a.own[0]?.id ?? 0) - (b.own[0]?.id ?? 0));
  const ordered = random(seed)
    .shuffle(groups)
    .sort((a, b) => b.own.length - a.own.length);
  const folds = Array.from({ length: of }, () => ({ fracture: 0, whole: 0 }));
  const made = new Map(parts);
  for (const { all, own } of ordered) {
    const counts = { fracture: 0, whole: 0 };
    for (const { label } of own) counts[label]++;
    // Where this class is scarcest: the sum of squares grows least.
    const growth = (fold: number) =>
      labels.reduce((sum, label) => sum + (2 * (folds[fold]?.[label] ?? 0) + counts[label]) * counts[label], 0);
    const best = folds.reduce((least, _, fold) => (growth(fold) < growth(least) ? fold : least), 0);
    const fold = folds[best];
    if (fold) for (const label of labels) fold[label] += counts[label];
    for (const { id } of all) {
      if (best !== number - 1) made.set(id, 'learn');
      else if (learnOnly.has(id)) made.delete(id);
      else made.set(id, 'choose');
    }
  }
  return made;
}
