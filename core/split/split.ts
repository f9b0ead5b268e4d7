// Films into parts: to learn from, to choose by, to judge with. Whole patients and duplicates stay together.
// Pure and seeded: the same films and seed give the same parts. Must not read or write the library.
import type { Part } from '#api/xrays.ts';
import { Problem } from '#core/problem.ts';
import { random } from '#core/random.ts';
import { contradictoryFilms, groupFilms } from './groups.ts';
import type { SplitFilm } from './groups.ts';

export type { SplitFilm } from './groups.ts';

export interface Split {
  /** Part of each film by id; films left out are not in it. */
  parts: Map<number, Part>;
  /** Left out: films only to learn from that are tied to one to choose or judge by. */
  tied: number[];
  /** Left out: pixel-identical films with both labels. */
  contradictory: number[];
  /** Films that stood in another part before and had to follow a film that is tied to them. */
  moved: { id: number; from: Part; to: Part }[];
  /** Groups of films that stay together: patients where they are known. */
  groups: number;
}

const shares: Record<Part, number> = { learn: 0.7, choose: 0.15, judge: 0.15 };
/** From the most to the least seen: a film that was learned from must never judge. */
const parts = ['learn', 'choose', 'judge'] as const satisfies Part[];
const partWords: Record<Part, string> = { learn: 'learning', choose: 'choosing', judge: 'judging' };
const labels = ['fracture', 'whole'] as const;

/** Ten of a class give 7, 1.5 and 1.5: the fewest that put at least one into each part. Figures from so few say little. */
const fewestOfClass = 10;
/** One group of each class for each part. */
const fewestGroups = 3;

type Counts = Record<SplitFilm['label'], number>;
/** `more`: films only to learn from. Counts are of the others. */
type Group = { films: SplitFilm[]; more: SplitFilm[]; counts: Counts };

/**
 * 70 / 15 / 15 by group, each class on its own. Films that have a part keep it, unless a film tied to them stands in a more
 * seen one. New groups go, the largest first and equals in seeded order, where they are missed most.
 * @param learnOnly films that are learned from and nothing else; those tied to a film to choose or judge by are left out
 * @throws Problem TOO_FEW_FILMS, ONE_CLASS_ONLY, TOO_FEW_GROUPS, PART_WITHOUT_BOTH
 */
export function splitFilms(
  films: readonly SplitFilm[],
  seed: number,
  learnOnly: ReadonlySet<number> = new Set(),
): Split {
  const contradictory = contradictoryFilms(films);
  // Films left out still tie others together: a picture under two patients' names is most likely one patient.
  const kept = groupFilms(films)
    .map((group) => group.filter((film) => !contradictory.has(film.id)))
    .filter((group) => group.length > 0)
    .map((group): Group => {
      const some = group.filter((film) => !learnOnly.has(film.id));
      return { films: some, more: group.filter((film) => learnOnly.has(film.id)), counts: countLabels(some) };
    });
  const groups = kept.filter((group) => group.films.length > 0);
  checkEnough(groups);
  const split: Split = {
    parts: new Map(),
    tied: [],
    contradictory: [...contradictory].sort((a, b) => a - b),
    moved: [],
    groups: kept.length,
  };
  const place = (group: Group, part: Part) => {
    if (part !== 'learn') split.tied.push(...group.more.map(({ id }) => id));
    for (const film of part === 'learn' ? [...group.films, ...group.more] : group.films) {
      split.parts.set(film.id, part);
      if (film.part !== null && film.part !== part) split.moved.push({ id: film.id, from: film.part, to: part });
    }
    for (const label of labels) filled[part][label] += group.counts[label];
  };
  const filled: Record<Part, Counts> = { learn: none(), choose: none(), judge: none() };
  const wanted = wantedCounts(groups);
  for (const group of groups) {
    const seen = mostSeen(group);
    if (seen) place(group, seen);
  }
  for (const group of inOrder(groups, seed)) place(group, mostMissed(group, filled, wanted));
  for (const part of parts) {
    for (const label of labels) {
      if (filled[part][label] === 0) throw new Problem('PART_WITHOUT_BOTH', { part: partWords[part], label });
    }
  }
  for (const group of kept) if (group.films.length === 0) place(group, 'learn');
  split.moved.sort((a, b) => a.id - b.id);
  return split;
}

function checkEnough(groups: Group[]): void {
  const { fracture, whole } = sum(groups.map((group) => group.counts));
  if (fracture + whole >= fewestOfClass && (fracture === 0 || whole === 0)) {
    throw new Problem('ONE_CLASS_ONLY', { label: fracture === 0 ? 'whole' : 'fracture' });
  }
  if (fracture < fewestOfClass || whole < fewestOfClass) {
    throw new Problem('TOO_FEW_FILMS', { needed: fewestOfClass, fracture, whole });
  }
  for (const label of labels) {
    if (groups.filter((group) => group.counts[label] > 0).length < fewestGroups) {
      throw new Problem('TOO_FEW_GROUPS', { groups: groups.length });
    }
  }
}

/** The most seen part any film of the group stands in. */
function mostSeen(group: Group): Part | undefined {
  return parts.find((part) => [...group.films, ...group.more].some((film) => film.part === part));
}

/** New groups in a seeded order that does not depend on the order they came in, the largest first. */
function inOrder(groups: Group[], seed: number): Group[] {
  const fresh = groups.filter((group) => mostSeen(group) === undefined);
  const firstId = (group: Group) => Math.min(...group.films.map((film) => film.id));
  fresh.sort((a, b) => firstId(a) - firstId(b));
  return random(seed)
    .shuffle(fresh)
    .sort((a, b) => b.films.length - a.films.length);
}

/** The part whose counts come nearest to what they should be, as chi-square counts distance; the first of equals. */
function mostMissed(group: Group, filled: Record<Part, Counts>, wanted: Record<Part, Counts>): Part {
  const change = (part: Part) =>
    labels.reduce((total, label) => {
      const [has, should, more] = [filled[part][label], wanted[part][label], group.counts[label]];
      return total + ((has + more - should) ** 2 - (has - should) ** 2) / should;
    }, 0);
  return parts.reduce<Part>((best, part) => (change(part) < change(best) - 1e-9 ? part : best), 'learn');
}

function wantedCounts(groups: Group[]): Record<Part, Counts> {
  const all = sum(groups.map((group) => group.counts));
  const of = (part: Part) => ({ fracture: shares[part] * all.fracture, whole: shares[part] * all.whole });
  return { learn: of('learn'), choose: of('choose'), judge: of('judge') };
}

const none = (): Counts => ({ fracture: 0, whole: 0 });

function sum(counts: Counts[]): Counts {
  return counts.reduce((a, b) => ({ fracture: a.fracture + b.fracture, whole: a.whole + b.whole }), none());
}

function countLabels(films: SplitFilm[]): Counts {
  const fracture = films.filter((film) => film.label === 'fracture').length;
  return { fracture, whole: films.length - fracture };
}
